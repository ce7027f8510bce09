"""The line: who may dial on it (a lease), how many calls at once, which numbers it prefers, and when it rests."""

import logging
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core import actors
from core.running import events, log_lines, presence, troubles
from core.running.troubles import Kind
from ivr import queries
from ivr.models import Line, Urgency

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
RESERVED_SHARE = 5
"""One place in five is kept for whoever is unwell and has nobody rung for them yet: neither a morning's backlog nor the
second telephone of another case delays the first one. All other alerts have the next place that becomes free."""
FAILURES_BEFORE_REST = 3
"""One failure may be the call's; so many in a row, with no success between them, are the line's."""
FIRST_REST = timedelta(seconds=2)
RESTS_BEFORE_TOLD = 5
"""A minute, in which every line was tried so often and took no call."""
TOLD_FOR = timedelta(minutes=2)
KEPT_FOR = timedelta(seconds=5)
"""Long enough to ask the provider about the calls of a service that died, and to queue one again that was lost."""
LONGEST_REST = timedelta(seconds=30)
"""Short enough that an alert is tried again soon: a rested line costs the provider one request in this time."""


def establish(session: Session, numbers: Sequence[str], calls_per_second: float, calls_at_once: int) -> None:
    """Makes sure that there is a line for each of our numbers (E.164), with the pace of the settings.

    A number that is no longer ours keeps its row, to which old calls belong, and no place for another call.
    """
    known = {line.number: line for line in queries.all_lines(session)}
    for number in numbers:
        line = known.pop(number, None)
        if line is None:
            session.add(Line(number=number, calls_per_second=calls_per_second, calls_at_once=calls_at_once))
        else:
            line.calls_per_second, line.calls_at_once = calls_per_second, calls_at_once
    for given_up in known.values():
        given_up.calls_at_once = 0


def lease(session: Session, line_id: UUID, worker: str, real_now: datetime, slack: timedelta) -> Line | None:
    """Takes or renews the line's lease for ``worker``; None while another worker holds it.

    ``slack`` is how much longer than ``LEASE`` it lasts: a window of the line's pace, so that a successor of somebody
    who fell silent finds that window over. The lease of somebody who is known to have died is taken over at once; what
    left in their last window is over when the next request leaves.
    """
    free = or_(Line.lease_owner == worker, Line.lease_until.is_(None), Line.lease_until < real_now)
    lasting = {"lease_owner": worker, "lease_until": real_now + LEASE + slack}
    if not _taken(session, line_id, free, lasting):
        owner = session.scalar(select(Line.lease_owner).where(Line.id == line_id))
        if owner is None or not presence.is_gone(owner):
            return None
        if not _taken(session, line_id, Line.lease_owner == owner, lasting | {"next_turn_at": real_now + slack}):
            return None
        log.warning("line %s is taken over from %s, who has died", line_id, owner)
    return session.get_one(Line, line_id, populate_existing=True)


def _taken(session: Session, line_id: UUID, condition: ColumnElement[bool], values: Mapping[str, object]) -> bool:
    taken = session.execute(
        update(Line).where(Line.id == line_id, condition).values(**values).execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def release(session: Session, line_id: UUID, worker: str, next_turn_at: datetime) -> None:
    """Gives the lease back: whoever takes it goes on with the line's pace at ``next_turn_at`` (real time)."""
    session.execute(
        update(Line)
        .where(Line.id == line_id, Line.lease_owner == worker)
        .values(lease_owner=None, lease_until=None, next_turn_at=next_turn_at)
    )


def places(calls_at_once: int, in_use: int, urgency: int) -> int:
    """How many calls of this urgency may be placed now."""
    reserved = 0 if urgency == Urgency.ALERT else max(1, calls_at_once // RESERVED_SHARE) if calls_at_once > 1 else 0
    return max(0, calls_at_once - reserved - in_use)


def preferred(lines: Sequence[Line], number: str) -> Line:
    """The line from which ``number`` (E.164) is rung where possible: always the same, whatever lines come or go.

    Raises ``ValueError`` where there is no line.
    """
    return max(lines, key=lambda line: (zlib.crc32(f"{line.number} {number}".encode()), line.number))


def is_resting(line: Line, real_now: datetime) -> bool:
    """Whether nothing is to be placed on the line now."""
    return line.resting_until is not None and line.resting_until > real_now


def is_kept(line: Line, real_now: datetime) -> bool:
    """Whether no routine call is to be placed on the line now: whoever was cut off goes first, and alerts."""
    return line.kept_until is not None and line.kept_until > real_now


def keep(session: Session, real_now: datetime, *which: ColumnElement[bool]) -> None:
    """No routine call takes, for ``KEPT_FOR``, the places of the lines of which all ``which`` holds.

    Somebody is to be rung again who may have pressed a key that nobody heard, and their call is not queued yet.
    """
    session.execute(
        update(Line).where(*which).values(kept_until=real_now + KEPT_FOR).execution_options(synchronize_session=False)
    )


def note_success(session: Session, line_id: UUID) -> bool:
    """The provider has placed a call on the line; whether that ends its troubles."""
    cleared = session.execute(
        update(Line)
        .where(Line.id == line_id, or_(Line.failures > 0, Line.rests > 0))
        .values(failures=0, rests=0, resting_until=None)
    )
    if cleared.rowcount:  # type: ignore[attr-defined]
        troubles.over(session, Kind.PROVIDER_REFUSES)
    return bool(cleared.rowcount)  # type: ignore[attr-defined]


def note_failure(session: Session, line_id: UUID, reason: str, real_now: datetime) -> None:
    """A request on the line came to nothing; the line rests when too many in a row did."""
    session.execute(update(Line).where(Line.id == line_id).values(failures=Line.failures + 1))
    line = session.get_one(Line, line_id, populate_existing=True)
    if line.failures >= FAILURES_BEFORE_REST:
        rest(session, line_id, reason, real_now)


def rest(session: Session, line_id: UUID, reason: str, real_now: datetime) -> None:
    """The line rests, each time twice as long as the last; requests that failed meanwhile do not prolong it."""
    line = session.get_one(Line, line_id, populate_existing=True)
    until = real_now + min(LONGEST_REST, FIRST_REST * 2 ** min(line.rests, 10))
    rested = session.execute(
        update(Line)
        .where(Line.id == line_id, or_(Line.resting_until.is_(None), Line.resting_until <= real_now))
        .values(resting_until=until, rests=Line.rests + 1)
    )
    if rested.rowcount:  # type: ignore[attr-defined]
        log.error("line %s rests until %s: %s", line.number, until.isoformat(timespec="seconds"), reason)
        why = log_lines.without_numbers(log_lines.on_one_line(reason))
        events.append(session, actors.system(), "line.rested", line_id, number=line.number, reason=why)
        _tell_if_none_is_left(session, why)


def _tell_if_none_is_left(session: Session, reason: str) -> None:
    """The office is told once when no line at all takes a call; of a provider that does not even answer it is told
    otherwise (see ``ivr.provider.line_standing``)."""
    tried = [each.rests for each in queries.lines(session)]
    if tried and min(tried) >= RESTS_BEFORE_TOLD and not troubles.is_there(session, Kind.PROVIDER_SILENT):
        troubles.note(session, Kind.PROVIDER_REFUSES, TOLD_FOR, reason=reason)
