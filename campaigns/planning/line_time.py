"""Line time: how long the telephone line needs for a round, beside how long there is until its deadline.

The shares are those of published services (73 to 86 of 100 calls are answered); the seconds are those of our own
dialogues. It is an estimate for whoever plans, and decides nothing while a round runs.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

ANSWERED = 0.8
PICKED_UP_SECONDS = 20
"""An old person walks to the telephone."""
SET_UP_SECONDS = 4
CHECK_IN_SECONDS = 50
CHARACTERS_A_SECOND = 3
"""Of a message that is told: 160 to 180 Chinese characters a minute."""


@dataclass(frozen=True)
class Lines:
    """What all lines in service can do together."""

    calls_at_once: int
    calls_per_second: float


@dataclass(frozen=True)
class Estimate:
    """``needs`` beside ``there_is``; ``calls_at_once`` and ``per_second`` are what would do."""

    needs: timedelta
    there_is: timedelta
    calls_at_once: int
    per_second: float

    @property
    def fits(self) -> bool:
        """Whether the line has time for everybody."""
        return self.needs <= self.there_is


def talk_seconds(message: str) -> int:
    """How long whoever answers is on the line: a notice is heard once, and confirmed."""
    return CHECK_IN_SECONDS + ceil(len(message) / CHARACTERS_A_SECOND)


def estimate(
    telephones: int, attempts: int, ring_seconds: int, talk: int, lines: Lines, there_is: timedelta
) -> Estimate:
    """For so many telephones, each rung ``attempts`` times at most; ``there_is`` so long until the deadline."""
    answered = telephones * ANSWERED * (SET_UP_SECONDS + PICKED_UP_SECONDS + talk)
    silent = telephones * (1 - ANSWERED) * attempts * (SET_UP_SECONDS + ring_seconds)
    placed = telephones * (ANSWERED + (1 - ANSWERED) * attempts)
    seconds = max(answered + silent, 0)
    needs = max(seconds / lines.calls_at_once, placed / lines.calls_per_second)
    room = max(there_is.total_seconds(), 1)
    return Estimate(timedelta(seconds=round(needs)), there_is, ceil(seconds / room), round(placed / room, 2))
