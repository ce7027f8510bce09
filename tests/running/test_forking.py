"""The process that all others of the tests are forked from."""

import atexit
import os
import pickle
import signal
import sys
from functools import partial
from multiprocessing import reduction
from pathlib import Path
from subprocess import DEVNULL, PIPE, TimeoutExpired, run
from threading import Thread
from time import monotonic, sleep

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.running import forking
from tests.running.open_files import a_thousand_files_open


@pytest.mark.parametrize("goes_after", ["nothing", "the order", "everything"])
def test_it_outlives_whoever_dies_before_its_answer(goes_after):
    client = forking._asked(("fork", pickle.dumps(partial(sleep, 0)), 0)) if goes_after != "nothing" else None
    if goes_after == "everything":
        for number in (0, 1, 2):
            reduction.send_handle(client, number, None)
    (client or forking.Client(os.environ.get(forking.ADDRESS) or forking._own())).close()
    assert forking.Process(partial(sleep, 0), 0, 1, 2).wait(PATIENCE_SECONDS) == 0


def test_it_tells_how_each_has_ended():
    failed = forking.Process(partial(int, "no number"), 0, 1, 2)
    assert (failed.wait(PATIENCE_SECONDS), failed.poll(), failed.wait()) == (1, 1, 1)
    killed = forking.Process(partial(sleep, 60), 0, 1, 2)
    assert killed.poll() is None
    with pytest.raises(TimeoutExpired):
        killed.wait(0.01)
    killed.kill()
    assert killed.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    killed.kill()


def _last_words(code):
    """Something is said by a thread that goes on, and at the very end; none of it is flushed by whoever says it."""
    sys.stdout.reconfigure(line_buffering=False)
    atexit.register(print, "over")
    Thread(target=_late).start()
    sys.exit(code)


def _late():
    sleep(0.2)
    print("late")


@pytest.mark.parametrize(("code", "exits"), [(None, 0), (7, 7), ("no", 1)])
def test_it_ends_as_python_does(tmp_path, code, exits):
    said, complained = tmp_path / "said", tmp_path / "complained"
    with said.open("w") as out, complained.open("w") as errors:
        ended = forking.Process(partial(_last_words, code), 0, out.fileno(), errors.fileno())
    assert ended.wait(PATIENCE_SECONDS) == exits
    assert said.read_text() == "late\nover\n"
    assert complained.read_text() == ("no\n" if code == "no" else "")


def test_it_stands_in_for_python():
    words = [sys.executable, "-m", "tests.running.forked_python", "-u", "-c"]
    code = (
        "import os, sys; print(sys.stdin.readline(), os.environ['SAID'], 'zaoan.cli.cli' in sys.modules); sys.exit(3)"
    )
    ended = run([*words, code], input="good morning", env={**os.environ, "SAID": "!"}, capture_output=True, text=True)
    assert (ended.stdout, ended.returncode) == ("good morning ! True\n", 3)


def test_it_can_be_waited_for_where_a_thousand_files_are_open():
    with a_thousand_files_open():
        waiting = forking.Process(partial(sleep, 60), 0, 1, 2)
        assert waiting.poll() is None
        waiting.kill()
        assert waiting.wait(PATIENCE_SECONDS) == -signal.SIGKILL


def test_what_it_has_forked_ends_with_it():
    code = (
        "import os, time; from functools import partial; from tests.running import forking;"
        " forked = forking.Process(partial(time.sleep, 600), 0, 1, 2); print(forked.pid, flush=True);"
        " os.kill(os.getpid(), 9)"
    )
    env = {name: value for name, value in os.environ.items() if name != forking.ADDRESS}
    ended = run([sys.executable, "-c", code], env=env, stdout=PIPE, stderr=DEVNULL, text=True, check=False)
    forked = Path("/proc", ended.stdout.strip())
    soon = monotonic() + PATIENCE_SECONDS
    while forked.exists() and monotonic() < soon:
        sleep(0.05)
    assert not forked.exists()
