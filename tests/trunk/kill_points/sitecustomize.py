"""A trunk that dies at a certain point of its first call; or stops there, for the test to kill it.

Python loads this by itself where this folder is on its path. ``KILL_POINT`` names one of the points below, and
``KILL_ONCE`` a file that is there until it has happened.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

TRUNK = ["-m", "trunk"]
FOR_EVER = 3600


def is_first():
    order = Path(os.environ["KILL_ONCE"])
    is_there = order.exists()
    order.unlink(missing_ok=True)
    return is_there


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def call_kept():
    """The call is in the journal, and nothing has been asked of the engine."""
    from trunk.sip.embedded.baresip_engine import BaresipEngine

    dial = BaresipEngine.dial

    async def dies(self, *call):
        if is_first():
            killed()
        return await dial(self, *call)

    BaresipEngine.dial = dies


def invite_kept():
    """The INVITE is in the journal, too, and is about to leave."""
    from trunk.calls.registry import Registry

    has_dialog = Registry.has_dialog

    def dies(self, *dialog):
        has_dialog(self, *dialog)
        if is_first():
            killed()

    Registry.has_dialog = dies


def invite_left():
    """The engine sends its INVITE by itself, while this process does nothing any more."""
    from trunk.sip.embedded.baresip_engine import BaresipEngine

    dial = BaresipEngine.dial

    async def stops(self, *call):
        if not is_first():
            return await dial(self, *call)
        asked = asyncio.get_running_loop().create_task(dial(self, *call))
        await asyncio.sleep(0)  # the engine has its order when the task waits for the engine
        time.sleep(FOR_EVER)
        return await asked

    BaresipEngine.dial = stops


if "KILL_POINT" in os.environ and sys.orig_argv[1:3] == TRUNK:
    {point.__name__: point for point in (call_kept, invite_kept, invite_left)}[os.environ["KILL_POINT"]]()
