"""Changes of shifts: responders are put on duty every week or for once, and taken off again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts.models import Community, Responder
from contacts.people.responder_changes import helping
from core import clock
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running import events
from core.short_ids import short
from escalation.queries import roster as queries
from escalation.roster.boundaries import span
from escalation.shifts import Holidays, Shift, ShiftSwap

AHEAD_AT_MOST = timedelta(days=2 * 366)
"""What lies further ahead is a slip of the pen."""


@dataclass(frozen=True)
class ShiftTimes:
    """When a shift is, in community time: every week on ``weekday`` (1 is Monday), or once on ``day``.

    One that ends no later than it begins ends on the next day; the same time twice is a whole day.
    """

    begins: time
    ends: time
    weekday: int | None = None
    day: date | None = None
    holidays: Holidays = Holidays.ALSO


@dataclass(frozen=True)
class RemovedShift:
    """A shift as it was, and the swaps of it that were still to come and are undone with it."""

    times: ShiftTimes
    responder: Responder
    undone: Sequence[ShiftSwap]


def add_shift(session: Session, actor: Actor, responder_id: UUID, times: ShiftTimes) -> Shift:
    """The responder is on duty then.

    Raises ``UserError`` for what cannot be a shift or is over, ``ConflictError`` for one that there is, and as
    ``responder_changes.helping`` does.
    """
    responder = helping(session, responder_id)
    community = session.get_one(Community, responder.community_id)
    _check(times, ZoneInfo(community.timezone))
    made = Shift(id=new_id(), community_id=community.id, responder=responder, responder_id=responder.id, **vars(times))
    _refuse_twice(session, made)
    session.add(made)
    note_roster(session, community)
    events.append(session, actor, "shift.added", made.id, responder=str(responder.id), **_facts(times))
    return made


def change_shift(
    session: Session, actor: Actor, shift_id: UUID, changes: Callable[[ShiftTimes], ShiftTimes]
) -> list[Changed]:
    """What ``changes`` makes of a shift's times holds from now on; raises as ``add_shift`` does.

    A swap of the shift stands for a day on which it begins: where there are such swaps, its days stay as they are.
    """
    shift = held(session, shift_id)
    community = session.get_one(Community, shift.community_id)
    before = times_of(shift)
    after = changes(before)
    _check(after, ZoneInfo(community.timezone))
    if (before.weekday, before.day) != (after.weekday, after.day):
        _refuse_swapped(session, shift, community)
    changed = [Changed(what, getattr(before, what), getattr(after, what)) for what in vars(before)
               if getattr(before, what) != getattr(after, what)]  # fmt: skip
    for each in changed:
        setattr(shift, each.what, each.after)
        events.append(session, actor, "shift.changed", shift.id, **each.facts)
    _refuse_twice(session, shift)
    session.flush()
    return changed


def remove_shift(session: Session, actor: Actor, shift_id: UUID) -> RemovedShift:
    """The responder is not on duty then any more; swaps of the shift go with it. Raises ``NotFoundError``."""
    shift = held(session, shift_id)
    community = session.get_one(Community, shift.community_id)
    times, responder = times_of(shift), shift.responder
    swaps = queries.swaps_of(session, shift.id)
    today = local_today(community)
    for each in swaps:
        session.delete(each)
    session.flush()
    events.append(session, actor, "shift.removed", shift.id, responder=str(shift.responder_id), **_facts(times))
    session.delete(shift)
    note_roster(session, community)
    return RemovedShift(times, responder, [each for each in swaps if _lies_ahead(each, today)])


def held(session: Session, shift_id: UUID) -> Shift:
    """A shift of somebody who helps, both held until the transaction ends; raises ``NotFoundError``."""
    shift = session.get(Shift, shift_id)
    if shift is not None:
        helping(session, shift.responder_id)
        session.refresh(shift, with_for_update=True)
        return shift
    raise NotFoundError("There is no shift {value}.", way_out="`zaoan roster show` names them.", field="shift",
                        value=short(shift_id))  # fmt: skip


def times_of(shift: Shift) -> ShiftTimes:
    """When a shift is."""
    return ShiftTimes(shift.begins, shift.ends, shift.weekday, shift.day, Holidays(shift.holidays))


def note_roster(session: Session, community: Community) -> None:
    """From now on every look at a ladder asks for the roster, or, once all of it was removed, none does."""
    session.flush()
    is_kept = queries.has_roster(session, community.id)
    if community.has_roster != is_kept:
        community.has_roster = is_kept
        session.flush()


def local_today(community: Community) -> date:
    """The day that it is now in the community."""
    return clock.now().astimezone(ZoneInfo(community.timezone)).date()


def _check(times: ShiftTimes, zone: ZoneInfo) -> None:
    if (times.weekday is None) == (times.day is None):
        raise UserError("A shift is on a day of the week, or on one day.", way_out="Give one of the two.", field="day",
                        value=times.day or times.weekday)  # fmt: skip
    if times.weekday is not None and not 1 <= times.weekday <= 7:
        raise UserError("{value} is no day of the week.", way_out="Give 1 for Monday to 7 for Sunday.",
                        field="weekday", value=times.weekday)  # fmt: skip
    if times.day is not None:
        _check_day(times, times.day, zone, clock.now())


def _check_day(times: ShiftTimes, day: date, zone: ZoneInfo, now: datetime) -> None:
    if times.holidays is not Holidays.ALSO:
        raise UserError("On one day a shift is whatever day it is.", way_out="Leave the holidays out.",
                        field="holidays", value=times.holidays)  # fmt: skip
    refuse_far_day(day, now, "day")
    if span(day, times.begins, times.ends, zone)[1] <= now:
        raise UserError("{value} is over.", way_out="Choose today or a later day.", field="day", value=day)


def refuse_far_day(day: date, now: datetime, field: str) -> None:
    """Raises ``UserError`` for a day that is not within two years of now."""
    if abs(day - now.date()) > AHEAD_AT_MOST:
        raise UserError("{value} is too far away.", way_out="Give a day within the next two years.", field=field,
                        value=day)  # fmt: skip


def _refuse_twice(session: Session, shift: Shift) -> None:
    with session.no_autoflush:
        known = queries.same_shift(session, shift)
    if known is not None:
        raise ConflictError("{name} has this shift already.", way_out="There is nothing to add.", field="shift",
                            value=short(known.id), name=shift.responder.name)  # fmt: skip


def _refuse_swapped(session: Session, shift: Shift, community: Community) -> None:
    today = local_today(community)
    if any(_lies_ahead(each, today) for each in queries.swaps_of(session, shift.id)):
        raise ConflictError("This shift has been swapped on a day that is still to come.",
                            way_out="Undo the swap first, or remove the shift and add another one.", field="shift",
                            value=short(shift.id))  # fmt: skip


def _lies_ahead(swap: ShiftSwap, today: date) -> bool:
    return max(swap.first_day, swap.second_day or swap.first_day) >= today


def _facts(times: ShiftTimes) -> dict[str, object]:
    return {
        "weekday": times.weekday,
        "day": times.day and times.day.isoformat(),
        "begins": f"{times.begins:%H:%M}",
        "ends": f"{times.ends:%H:%M}",
        "holidays": str(times.holidays),
    }
