# Two commands do everything: `make demo` and `make test`. Both set up what they need; a second run starts in seconds.

PYTHON ?= $(firstword $(shell command -v python3.12 python3.11 python3))
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SEED ?= 7

.PHONY: demo test lint rehearse bench clean

demo: $(INSTALLED)
	@exec $(BIN)/zaoan demo $(if $(ONCE),--once)

test: lint
	$(BIN)/python -m pytest -n 2 $(PYTEST)

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

rehearse: $(INSTALLED)
	$(BIN)/zaoan rehearse --residents 200 --seed $(SEED) --speed 120

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' \
		|| { echo "Zao'an needs Python 3.11 or 3.12; name one with make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Zao'an needs the system package python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
