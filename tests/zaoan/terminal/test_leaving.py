"""A command ends at once when all is closed, and nothing that has to happen before is left out."""

import subprocess
import sys

import pytest

ENDING = """
import atexit, sys, threading, time
from zaoan.terminal.leaving import leaving_at_once

class Large:
    def __del__(self):
        print("freed", flush=True)

large = Large()

def last_words():
    time.sleep(0.1)
    print("a thread has ended", flush=True)

with leaving_at_once():
    atexit.register(lambda: print("atexit"))
    threading.Thread(target=last_words).start()
    print("said")
    {ends}
"""


def ended(ends):
    done = subprocess.run([sys.executable, "-c", ENDING.format(ends=ends)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.split("\n")[:-1], done.stderr


@pytest.mark.parametrize(("ends", "code"), [("sys.exit()", 0), ("sys.exit(0)", 0), ("sys.exit(3)", 3)])
def test_what_was_said_is_told_threads_end_and_no_object_is_freed(ends, code):
    assert ended(ends) == (code, ["said", "a thread has ended", "atexit"], "")


@pytest.mark.parametrize("ends", ["raise RuntimeError('ours')", "sys.exit('why')"])
def test_whatever_ends_otherwise_ends_as_python_does_it(ends):
    code, said, complained = ended(ends)
    assert (code, said) == (1, ["said", "a thread has ended", "atexit", "freed"])
    assert "ours" in complained or "why" in complained
