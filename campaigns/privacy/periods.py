"""For how long each kind of thing is kept: the settings, and what of it would go next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from campaigns import call_retention
from campaigns.queries.keeping import periods as queries
from core import clock, settings


class Kind(StrEnum):
    """What is kept for a time of its own; ``zaoan retention`` and docs/privacy.md say what belongs to it."""

    CALLS = "calls"
    RECORDINGS = "recordings"
    TEXTS = "texts"
    HISTORY = "history"
    PEOPLE = "people"
    """Those who have left: then all that is known of them is erased."""
    SESSIONS = "sessions"
    DELIVERIES = "deliveries"
    AUDIT = "audit"


SETTINGS = {
    Kind.CALLS: "keep_calls_days",
    Kind.RECORDINGS: "keep_recordings_days",
    Kind.TEXTS: "keep_texts_days",
    Kind.HISTORY: "keep_history_days",
    Kind.PEOPLE: "keep_left_days",
    Kind.SESSIONS: "keep_sessions_days",
    Kind.DELIVERIES: "keep_deliveries_days",
    Kind.AUDIT: "keep_audit_days",
}
IN_REAL_TIME = frozenset({Kind.SESSIONS, Kind.DELIVERIES, Kind.AUDIT})
"""What a rehearsal's clock does not make older."""


@dataclass(frozen=True)
class Period:
    """How long one kind is kept, how many rows of it there are, how many would go now, and when the next is over."""

    kind: Kind
    days: int
    rows: int
    due: int
    next_at: datetime | None

    @property
    def setting(self) -> str:
        """The setting that says how long."""
        return f"ZAOAN_{SETTINGS[self.kind].upper()}"


def days(kind: Kind) -> int:
    """For how many days it is kept."""
    return int(getattr(settings.current(), SETTINGS[kind]))


def limit(kind: Kind) -> datetime:
    """What is older than this is over."""
    now = clock.real_now() if kind in IN_REAL_TIME else clock.now()
    return now - timedelta(days=days(kind))


def periods(session: Session) -> Sequence[Period]:
    """All of them, as they stand; nothing is changed."""
    return [_period(session, kind) for kind in Kind]


def _period(session: Session, kind: Kind) -> Period:
    known = queries.kept(session, kind, limit(kind))
    due = _due(session, kind, known.over)
    return Period(kind, days(kind), known.rows, due, known.oldest and known.oldest + timedelta(days=days(kind)))


def _due(session: Session, kind: Kind, over: int) -> int:
    """What is needed for a case or a round that is not over stays, however old it is."""
    if kind is Kind.CALLS:
        return call_retention.count_over(session, limit(kind))
    if kind is Kind.RECORDINGS:
        return queries.recordings_over(session, limit(kind))
    return over
