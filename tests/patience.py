"""Waiting for what happens: no test waits for a number of seconds, and none fails because the machine is busy."""

from time import monotonic, sleep

PATIENCE_SECONDS = 300.0
"""The longest that anything is waited for: a net under what hangs, never a measure of what is tested."""
LOOK_SECONDS = 0.02


def wait_for(condition, what, every=LOOK_SECONDS):
    """Waits until ``condition`` holds, and returns what it then says."""
    until = monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert monotonic() < until, f"waited {PATIENCE_SECONDS:.0f} s for {what}"
        sleep(every)
    return found
