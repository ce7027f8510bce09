"""How long calls, their turns and what was noted about them are kept: ``ZAOAN_KEEP_CALLS_DAYS``.

What reports count stays: check-ins and cases with how they ended, and by day how many calls there were. Whatever
belongs to an open case or a round under way stays, and so do calls whose recording or loss is told of. Opt-outs and
consents, and the events that tell of them, are never touched.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaigns.models import CheckInCall, Trial
from campaigns.queries.keeping import retention as queries
from contacts.community.community import the_community
from core import actors, clock, settings
from core.running import events
from core.running.events import Event
from core.storage.database import reading, write, write_behind
from core.storage.upserts import insert_into
from escalation.models import Case, Page, TruthCall
from ivr.dispatch import call_dialogues
from ivr.models import Call, CallTotal, CallTurn, Direction

FORGETTING = "campaigns.forget"
FORGETTING_SECONDS = 3600.0
"""Oftener than once a day, because a service that is started anew begins to count anew."""
CALLS, EVENTS = 50, 500
"""So many are deleted in one bite of the writer's time: some milliseconds."""
_FIRST = UUID(int=0)
_OF, _COUNTED = ("day", "owner", "direction", "ending"), ("calls", "answered", "talked_seconds")


def forget() -> None:
    """Deletes every call and event whose time is over, and the dialogues that no call follows any more."""
    before = clock.now() - timedelta(days=settings.current().keep_calls_days)
    calls, told = _forget_calls(before), _forget_events(before)
    dialogues = call_dialogues.delete_unused()
    if calls or told or dialogues:
        write(partial(_say, calls=calls, events=told, dialogues=dialogues))


def _say(session: Session, **counts: int) -> None:
    events.append(session, actors.system(), "calls.forgotten", **counts)


def _forget_calls(before: datetime) -> int:
    after, deleted = _FIRST, 0
    while True:
        with reading() as session:
            window = queries.next_calls(session, after, before, CALLS)
        if window is None:
            return deleted
        if window.over:
            deleted += write_behind(partial(_delete_calls, window.over, before))
        after = window.last


def count_over(session: Session, before: datetime) -> int:
    """How many calls ``forget`` would delete now; deletes nothing."""
    after, found = _FIRST, 0
    while window := queries.next_calls(session, after, before, EVENTS):
        found, after = found + len(window.over), window.last
    return found


def _delete_calls(call_ids: Sequence[UUID], before: datetime, session: Session) -> int:
    """Those of them of which that still holds."""
    over = queries.over(session, call_ids, before)
    if not over:
        return 0
    _count(session, queries.counted(session, over))
    for case_id, pages in queries.pages_over(session, over).items():
        session.execute(update(Case).where(Case.id == case_id).values(past_pages=Case.past_pages + pages))
    for table in (Trial, TruthCall):
        session.execute(update(table).where(table.call_id.in_(over)).values(call_id=None))
    for told in (Page, CheckInCall, CallTurn):
        session.execute(delete(told).where(told.call_id.in_(over)))
    session.execute(delete(Call).where(Call.id.in_(over)))
    return len(over)


def _count(session: Session, over: Sequence[queries.CallOver]) -> None:
    zone = ZoneInfo(the_community(session).timezone)
    totals: defaultdict[tuple[date, str, Direction, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for call in over:
        total = totals[call.ended_at.astimezone(zone).date(), call.owner, call.direction, call.ending or ""]
        talked = call.ended_at - call.answered_at if call.answered_at else timedelta(0)
        for index, more in enumerate((1, call.answered_at is not None, max(0, round(talked.total_seconds())))):
            total[index] += more
    for of, counted in sorted(totals.items()):
        rows = insert_into(session, CallTotal).values(dict(zip((*_OF, *_COUNTED), (*of, *counted), strict=True)))
        added = {name: getattr(CallTotal, name) + getattr(rows.excluded, name) for name in _COUNTED}
        session.execute(rows.on_conflict_do_update(index_elements=_OF, set_=added))


def _forget_events(before: datetime) -> int:
    after, deleted = 0, 0
    while True:
        with reading() as session:
            over = queries.events_over(session, after, before, EVENTS)
        if not over:
            return deleted
        deleted += write_behind(partial(_delete_events, over))
        after = over[-1]


def _delete_events(ids: Sequence[int], session: Session) -> int:
    """What was over stays over."""
    session.execute(delete(Event).where(Event.id.in_(ids)))
    return len(ids)
