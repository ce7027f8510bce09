# Two commands do everything: `make demo` and `make test`. Both set up what they need; a second run starts in seconds.

IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
PYTHON ?= $(shell for each in python3.12 python3.11 python3; do $$each -c '$(IN_RANGE)' 2>/dev/null && { echo $$each; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BROWSER := $(VENV)/.browser
SIPP := $(VENV)/.sipp
ASTERISK := $(VENV)/.asterisk
PRINTING := $(VENV)/.printing
NPM_PACKAGES := node_modules/.package-lock.json
VOICE := $(VENV)/.voice
LISTENER := build/voices-venv
RECOGNISER := $(LISTENER)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
SEED ?= 7
ROOMS := core contacts audio ivr exchange trunk phones campaigns escalation console api zaoan

# Thousands of small databases: in memory, where there is room for them, nothing waits for a disk.
SCRATCH := $(shell [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" -ge 2000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)

unexport PYTHONDONTWRITEBYTECODE # what was compiled once starts faster the next time

.PHONY: demo test loaded faults lint rehearse bench voices screenshots clean

demo: $(VOICE)
	@exec $(BIN)/zaoan demo $(if $(ONCE),--once)

test: $(BROWSER) $(SIPP) $(ASTERISK) $(PRINTING) $(VOICE)
	@$(MAKE) --no-print-directory --jobs 2 lint loaded
	$(SCRATCH) $(BIN)/python -m pytest -n 6 -m "not long"

loaded: $(INSTALLED) # once, beside the lint, so that not each process of the tests compiles all of them
	@$(BIN)/python -m pytest --collect-only -qq -m "not long" >/dev/null || true # what is wrong the tests will say

faults: $(VOICE) $(ASTERISK)
	$(BIN)/python -m pytest -n 2 -m "long or asterisk" $(PYTEST)

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

rehearse: $(VOICE)
	$(BIN)/zaoan rehearse --residents 200 --seed $(SEED) --speed 120

bench: $(VOICE) $(ASTERISK)
	$(BIN)/python -m benchmarks $(BENCH)

voices: $(VOICE) $(RECOGNISER)
	$(BIN)/python -m benchmarks.voices --recogniser $(LISTENER)/bin/python $(VOICES)

screenshots: $(BROWSER) $(VOICE)
	$(BIN)/python -m tests.browser.screenshots build/screenshots

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(IN_RANGE)' \
		|| { echo "Zao'an needs Python 3.11 or 3.12; name one with make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Zao'an needs the system package python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable . --config-settings editable_mode=compat # a path and no finder: every process starts sooner
	$(BIN)/python -m compileall -q $(ROOMS) # also where Python may not keep its bytecode, a command starts at once
	@touch $@

$(NPM_PACKAGES): package.json package-lock.json node.lock | $(INSTALLED)
	@$(NPM) --version 2>/dev/null | grep -qE '^([7-9]|[1-9][0-9]+)\.' \
		|| $(PIP) install --require-hashes --requirement node.lock
	$(NPM) ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(VOICE): $(INSTALLED) $(NPM_PACKAGES) audio/engines/neural/published.txt
	$(BIN)/python -m audio.engines.neural.setup
	@touch $@

$(RECOGNISER): voices.lock | $(INSTALLED)
	$(BIN)/python -m venv $(LISTENER)
	$(LISTENER)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement voices.lock
	@touch $@

$(BROWSER): $(INSTALLED)
	@$(BIN)/python -m tests.browser.chromium
	@touch $@

$(SIPP): $(INSTALLED)
	@$(BIN)/python -m tests.trunk.foreign.sipp
	@touch $@

$(ASTERISK): $(INSTALLED) # where its archive cannot be reached this says so, and is tried again the next time
	@if $(BIN)/python -m benchmarks.asterisk.archive; then touch $@; fi

$(PRINTING): $(INSTALLED)
	@$(BIN)/python -m tests.console.printing
	@touch $@

clean:
	rm -rf $(VENV) node_modules build *.egg-info
