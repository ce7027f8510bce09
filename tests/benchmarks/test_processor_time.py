"""Processor time of children is told apart by their command lines, and that of theirs is told with it."""

import os
import subprocess
import sys

from benchmarks import processor_time

WORK = "import sys; sum(range(4 * 10 ** 6)); print('done', flush=True); sys.stdin.read()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WORK!r}, 'worker'])"


def started(*words):
    """A process that has said that its work is done, and now waits for its end."""
    process = subprocess.Popen([sys.executable, "-c", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"done\n"
    return process


def test_a_child_that_is_meant_is_told_apart_from_all_others():
    with started(WORK, "another"):
        meant, others = processor_time.of_children(lambda command: "another" in command)
        none, all_of_them = processor_time.of_children(lambda command: "nobody" in command)
    assert meant > 0
    assert none == 0
    assert all_of_them >= meant + others


def test_the_child_of_a_child_counts():
    with started(PARENT):
        meant, _ = processor_time.of_children(lambda command: "worker" in command)
    assert meant > 0


def test_this_process_does_not_count():
    before = sum(processor_time.of_children(lambda command: False))
    began = sum(os.times()[:2])
    while sum(os.times()[:2]) - began < 0.1:
        pass
    assert sum(processor_time.of_children(lambda command: False)) - before < 0.1
