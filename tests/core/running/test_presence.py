"""Whether somebody who dialled before us is dead is known at once, and never believed of anybody who lives."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from core.running import presence

LIVES = """
import sys, pathlib
from core.running import presence
presence.announce(pathlib.Path(sys.argv[1]), sys.argv[2])
print("here", flush=True)
sys.stdin.read()
"""


@contextmanager
def somebody_else(directory, name):
    command = [sys.executable, "-c", LIVES, str(directory), name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


@pytest.fixture(autouse=True)
def as_before():
    with presence.using(None):
        yield


def test_whoever_is_killed_is_known_to_be_gone_at_once(tmp_path):
    presence.announce(tmp_path, "us")
    with somebody_else(tmp_path, "them") as process:
        assert not presence.is_gone("them")
        process.kill()
        process.wait()
        assert presence.is_gone("them")


def test_nobody_takes_themselves_or_a_stranger_for_dead(tmp_path):
    assert not presence.is_gone("us")
    presence.announce(tmp_path, "us")
    assert not presence.is_gone("us")
    assert not presence.is_gone("somebody on another machine")


def test_a_new_name_gives_the_old_one_up(tmp_path):
    presence.announce(tmp_path, "first")
    presence.announce(tmp_path, "second")
    assert presence.is_gone("first")
    assert not presence.is_gone("second")


def test_who_is_long_gone_is_forgotten_and_who_has_lived_long_is_not(tmp_path):
    with somebody_else(tmp_path, "long at work"):
        presence.announce(tmp_path, "long dead")
        presence.announce(tmp_path, "just dead")
        for name in ("long at work", "long dead"):
            os.utime(tmp_path / "workers" / name, (1, 1))
        presence.announce(tmp_path, "us")
        assert {path.name for path in (tmp_path / "workers").iterdir()} == {"long at work", "just dead", "us"}


def test_whoever_is_another_one_for_a_time_lives_on_and_the_other_is_given_up(tmp_path):
    presence.announce(tmp_path, "always")
    with presence.using(None):
        presence.announce(tmp_path, "for a time")
        assert not presence.is_gone("always")
        assert not presence.is_gone("for a time")
    assert presence.is_gone("for a time")
    assert not presence.is_gone("always")
