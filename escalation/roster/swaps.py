"""Swaps: two responders exchange shifts, or one takes a shift of another, as one change that names both."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts.models import Community, Responder
from contacts.people.responder_changes import helping
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running import events
from core.short_ids import short
from escalation.queries import roster as queries
from escalation.roster.boundaries import span
from escalation.roster.duty import PlannedShift, occurs
from escalation.roster.holidays import holidays_of
from escalation.roster.shift_changes import held, refuse_far_day, times_of
from escalation.shifts import Shift, ShiftSwap


@dataclass(frozen=True)
class Turn:
    """A shift as it begins on one ``day`` of community time."""

    shift_id: UUID
    day: date


def swap(session: Session, actor: Actor, given: Turn, to: UUID, taken: Turn | None = None) -> ShiftSwap:
    """The responder ``to`` has the ``given`` shift on that day, and whose it is has the ``taken`` one, if any.

    Raises ``UserError`` for a day on which a shift does not begin, that is over, or for shifts of one responder;
    ``ConflictError`` for a shift that is swapped on that day already; and as ``held`` and ``helping`` do.
    """
    first, second = held(session, given.shift_id), held(session, taken.shift_id) if taken else None
    receiver = helping(session, to)
    _refuse_strangers(first, second, receiver)
    for shift, turn in ((first, given), (second, taken)):
        if shift and turn:
            _check(session, shift, turn.day)
    made = ShiftSwap(
        id=new_id(), community_id=first.community_id, first_shift_id=first.id, first_day=given.day,
        first_responder_id=first.responder_id, second_shift_id=taken and taken.shift_id,
        second_day=taken and taken.day, second_responder_id=receiver.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, actor, made, "shift.swapped")
    return made


def undo(session: Session, actor: Actor, turn: Turn) -> ShiftSwap:
    """Each has their own shifts again; ``turn`` is either of the two. Raises ``NotFoundError``."""
    held(session, turn.shift_id)
    known = queries.swap_on(session, turn.shift_id, turn.day)
    if known is None:
        raise NotFoundError("This shift is not swapped on {value}.", way_out="`zaoan roster show` names the swaps.",
                            field="day", value=turn.day)  # fmt: skip
    _note(session, actor, known, "shift.swap_undone")
    session.delete(known)
    session.flush()
    return known


def planned(shift: Shift) -> PlannedShift:
    """A shift as the rules see it."""
    return PlannedShift(shift.id, shift.responder_id, **vars(times_of(shift)))


def _refuse_strangers(first: Shift, second: Shift | None, receiver: Responder) -> None:
    if receiver.community_id != first.community_id:
        raise NotFoundError("There is no responder {value}.", field="responder", value=short(receiver.id))
    if receiver.id == first.responder_id:
        raise UserError("It is {value}'s own shift.", way_out="Give the name of whoever takes it.", field="responder",
                        value=receiver.name)  # fmt: skip
    if second is not None and second.responder_id != receiver.id:
        raise UserError("The shift that is taken for it is not {value}'s.", way_out="Give one of their own shifts.",
                        field="shift", value=receiver.name)  # fmt: skip


def _check(session: Session, shift: Shift, day: date) -> None:
    community = session.get_one(Community, shift.community_id)
    refuse_far_day(day, clock.now(), "day")
    if not occurs(planned(shift), day, holidays_of(community.region)):
        raise UserError("The shift does not begin on {value}.", way_out="Give a day on which it does.", field="day",
                        value=day)  # fmt: skip
    if span(day, shift.begins, shift.ends, ZoneInfo(community.timezone))[1] <= clock.now():
        raise UserError("{value} is over.", way_out="Choose today or a later day.", field="day", value=day)
    if queries.swap_on(session, shift.id, day) is not None:
        raise ConflictError("This shift is swapped on {value} already.", way_out="Undo that swap first.", field="day",
                            value=day)  # fmt: skip


def _note(session: Session, actor: Actor, swap: ShiftSwap, kind: str) -> None:
    events.append(
        session, actor, kind, swap.first_shift_id, day=swap.first_day.isoformat(),
        responder=str(swap.first_responder_id), other=str(swap.second_responder_id),
        other_shift=swap.second_shift_id and str(swap.second_shift_id),
        other_day=swap.second_day and swap.second_day.isoformat(),
    )  # fmt: skip
