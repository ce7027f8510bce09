"""The clock: every instant of the domain comes from ``now()``.

A rehearsal can start the clock somewhere else and run it faster. Its anchor is one database row, made once and read by
every process, so that a restart does not jump.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Anchor:
    """At the real instant ``real`` the clock showed ``clock``, and it runs ``speed`` times as fast as real time."""

    real: datetime
    clock: datetime
    speed: float = 1.0

    def at(self, real: datetime) -> datetime:
        """What the clock shows at the real instant ``real``."""
        return self.clock + (real - self.real) * self.speed

    def real_seconds(self, duration: timedelta) -> float:
        """How many real seconds a duration of the clock takes."""
        return duration.total_seconds() / self.speed


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_anchor = Anchor(_EPOCH, _EPOCH)


def set_anchor(anchor: Anchor) -> None:
    """From now on this process's clock follows ``anchor``."""
    global _anchor
    _anchor = anchor


def anchor() -> Anchor:
    """The anchor this process's clock follows."""
    return _anchor


def now() -> datetime:
    """The instant the clock shows: UTC, timezone-aware."""
    return _anchor.at(real_now())


def real_now() -> datetime:
    """Real time, for what never scales: leases, owner deadlines, HTTP timeouts, pace, provider look-ups, tokens."""
    return datetime.now(UTC)


def real_seconds_until(instant: datetime) -> float:
    """Real seconds until the clock shows ``instant``; 0 when it has passed."""
    return max(0.0, _anchor.real_seconds(instant - now()))
