"""Long lists: whoever waits at a terminal sees how far it is."""

import os
import pty
import subprocess
import sys

import pytest

from benchmarks.scale.lists import rows
from tests.offices import Office


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def residents(office, size):
    """A list of so many residents."""
    headers, *people = rows(size)
    return office.save("long.csv", people, headers)


def at_a_terminal(office, *words):
    """Everything that a command shows on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "zaoan", *map(str, words)], stdout=theirs, stderr=theirs,
                               stdin=theirs, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"})  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return shown.decode()


def test_a_bar_shows_how_far_it_is_at_a_terminal(office):
    shown = at_a_terminal(office, "import", residents(office, 300))
    assert "100%" in shown
    assert "新增 300 条" in shown


def test_nothing_of_it_is_shown_where_nobody_looks(office):
    said, complained = office.streams("import", residents(office, 30))
    assert "%" not in said + complained
    assert "\x1b" not in said + complained
