"""Kills: the service or its trunk dies at instants drawn from a seed, as by a power failure, and comes back."""

import os
import random
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

from core import clock
from zaoan.rehearsal.faults import SIP_FAULTS
from zaoan.rehearsal.sip.running import SipService
from zaoan.rehearsal.sip.wire import read_line

KILL_SERVICE, KILL_TRUNK, *_ = SIP_FAULTS
KILLS = (KILL_SERVICE, KILL_TRUNK)
APART_SECONDS = (25.0, 60.0)
MOST_KILLS = 10
"""A morning whose every call is cut off never ends."""


@dataclass(frozen=True)
class Kill:
    """What was killed, when, and when it was back (real time)."""

    what: str
    at: datetime
    back_at: datetime


@dataclass
class Killer:
    """Kills one of ``chosen`` from time to time, in turn; ``struck`` is what it has done."""

    service: SipService
    chosen: Sequence[str]
    seed: int
    struck: list[Kill] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._next_at = monotonic() + self._chance.uniform(*APART_SECONDS)

    def strike(self) -> None:
        """Kills, if it is time and somebody is on the telephone; returns when whatever was killed is back."""
        if len(self.struck) >= MOST_KILLS or not self.chosen or monotonic() < self._next_at:
            return
        if not self._are_calls_under_way():
            return
        what, at = self.chosen[len(self.struck) % len(self.chosen)], clock.real_now()
        if what == KILL_SERVICE:
            self.service.kill()
            self.service.start_again()
        else:
            kill_trunk(self.service)
        self.struck.append(Kill(what, at, clock.real_now()))
        self._next_at = monotonic() + self._chance.uniform(*APART_SECONDS)

    def _are_calls_under_way(self) -> bool:
        return bool(read_line(self.service.phones_log, self.service.journal).off_the_hook)


def kill_trunk(service: SipService) -> None:
    """Returns when another one is there. Finds the process by its command line, as Linux tells it."""
    for process in trunks(service.journal.parent):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    service.wait_for_trunk()


def trunks(folder: Path) -> list[int]:
    """The ids of trunks that keep their journal in ``folder``."""
    found = []
    for described in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = described.read_bytes().split(b"\0")
            if b"trunk" in words and str(folder).encode() in words:
                found.append(int(described.parent.name))
    return found
