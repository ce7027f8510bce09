"""The process that all others of the tests are forked from."""

import os
import pickle
import signal
from functools import partial
from multiprocessing import reduction
from time import monotonic, sleep

import pytest

from tests import forking


def ended(pid):
    until = monotonic() + 30
    while (code := forking.exit_code(pid)) is None:
        assert monotonic() < until
        sleep(0.01)
    return code


@pytest.mark.parametrize("goes_after", ["nothing", "the order", "everything"])
def test_it_outlives_whoever_dies_before_its_answer(goes_after):
    client = forking._asked(("fork", pickle.dumps(partial(sleep, 0)), 0)) if goes_after != "nothing" else None
    if goes_after == "everything":
        for number in (0, 1, 2):
            reduction.send_handle(client, number, None)
    (client or forking.Client(os.environ.get(forking.ADDRESS) or forking._own())).close()
    assert ended(forking.fork(partial(sleep, 0), 0, 1, 2)) == 0


def test_it_tells_how_each_has_ended():
    assert ended(forking.fork(partial(int, "no number"), 0, 1, 2)) == 1
    killed = forking.fork(partial(sleep, 60), 0, 1, 2)
    assert forking.exit_code(killed) is None
    os.kill(killed, signal.SIGKILL)
    assert ended(killed) == -signal.SIGKILL
