"""Every SELECT of the roster. Whoever helps no more is in none of them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from contacts.models import Responder
from contacts.queries.numbers import helping
from core.storage.read_once import read_once
from escalation.shifts import ResponderAbsence, RosterFeed, Shift, ShiftSwap


class ShiftRow(NamedTuple):
    """A shift without its responder, as few columns as a look at a ladder needs."""

    id: UUID
    responder_id: UUID
    weekday: int | None
    day: date | None
    begins: time
    ends: time
    holidays: str


@read_once("shifts", "responders")
def shift_rows(session: Session, community_id: UUID) -> tuple[ShiftRow, ...]:
    """Every shift of whoever helps."""
    found = select(
        Shift.id, Shift.responder_id, Shift.weekday, Shift.day, Shift.begins, Shift.ends, Shift.holidays
    ).join(Responder, Responder.id == Shift.responder_id)
    return tuple(ShiftRow(*row) for row in session.execute(found.where(Shift.community_id == community_id, helping())))


@read_once("shift_swaps")
def stand_ins(session: Session, community_id: UUID, since: date) -> tuple[tuple[UUID, date, UUID], ...]:
    """Which shifts of that day or later somebody else has: the shift, the day on which it begins, and who."""
    found: list[tuple[UUID, date, UUID]] = []
    for each in swaps_since(session, community_id, since):
        found.append((each.first_shift_id, each.first_day, each.second_responder_id))
        if each.second_shift_id and each.second_day:
            found.append((each.second_shift_id, each.second_day, each.first_responder_id))
    return tuple(found)


@read_once("responder_absences")
def absence_rows(
    session: Session, community_id: UUID, since: datetime
) -> tuple[tuple[UUID, datetime, datetime | None], ...]:
    """Who is away from when until when, of all absences that are not over by then."""
    columns = (ResponderAbsence.responder_id, ResponderAbsence.begins_at, ResponderAbsence.ends_at)
    found = select(*columns).where(ResponderAbsence.community_id == community_id, _lasting(since))
    return tuple((who, begins, ends) for who, begins, ends in session.execute(found))


def all_shifts(community_id: UUID, responder_id: UUID | None = None) -> Select[Shift]:
    """Every shift of whoever helps, or of one of them, with its responder."""
    found = select(Shift).join(Shift.responder).options(contains_eager(Shift.responder))
    found = found.where(Shift.community_id == community_id, helping())
    return found if responder_id is None else found.where(Shift.responder_id == responder_id)


def all_absences(community_id: UUID, since: datetime, responder_id: UUID | None = None) -> Select[ResponderAbsence]:
    """Absences that are not over by then, of everybody who helps or of one of them, with their responders."""
    found = select(ResponderAbsence).join(ResponderAbsence.responder)
    found = found.options(contains_eager(ResponderAbsence.responder))
    found = found.where(ResponderAbsence.community_id == community_id, _lasting(since), helping())
    return found if responder_id is None else found.where(ResponderAbsence.responder_id == responder_id)


def shifts(session: Session, community_id: UUID, responder_id: UUID | None = None) -> Sequence[Shift]:
    """As ``all_shifts``, those of each week first, by day and hour."""
    found = session.scalars(all_shifts(community_id, responder_id)).all()
    return sorted(found, key=lambda each: (each.day or date.min, each.weekday or 0, each.begins, each.id))


def absences(
    session: Session, community_id: UUID, since: datetime, responder_id: UUID | None = None
) -> Sequence[ResponderAbsence]:
    """As ``all_absences``, the earliest first."""
    found = all_absences(community_id, since, responder_id)
    return session.scalars(found.order_by(ResponderAbsence.begins_at, ResponderAbsence.id)).all()


def swaps_since(session: Session, community_id: UUID, since: date) -> Sequence[ShiftSwap]:
    """Swaps of which one shift begins on that day or later."""
    later = or_(ShiftSwap.first_day >= since, ShiftSwap.second_day >= since)
    found = select(ShiftSwap).where(ShiftSwap.community_id == community_id, later)
    return session.scalars(found.order_by(ShiftSwap.first_day, ShiftSwap.id)).all()


def swaps_of(session: Session, shift_id: UUID) -> Sequence[ShiftSwap]:
    """Every swap of a shift."""
    either = or_(ShiftSwap.first_shift_id == shift_id, ShiftSwap.second_shift_id == shift_id)
    return session.scalars(select(ShiftSwap).where(either).order_by(ShiftSwap.id)).all()


def swap_on(session: Session, shift_id: UUID, day: date) -> ShiftSwap | None:
    """The swap of a shift as it begins on that day."""
    either = or_(
        and_(ShiftSwap.first_shift_id == shift_id, ShiftSwap.first_day == day),
        and_(ShiftSwap.second_shift_id == shift_id, ShiftSwap.second_day == day),
    )
    return session.scalars(select(ShiftSwap).where(either)).first()


def same_shift(session: Session, meant: Shift) -> Shift | None:
    """Another shift of the same responder at the same time."""
    found = select(Shift).where(Shift.responder_id == meant.responder_id, Shift.id != meant.id)
    at_the_time = (Shift.weekday.is_not_distinct_from(meant.weekday), Shift.day.is_not_distinct_from(meant.day),
                   Shift.begins == meant.begins, Shift.ends == meant.ends)  # fmt: skip
    return session.scalars(found.where(*at_the_time)).first()


def has_roster(session: Session, community_id: UUID) -> bool:
    """Whether there is any shift, or any absence, over or not."""
    kept = (exists().where(table.community_id == community_id) for table in (Shift, ResponderAbsence))
    return bool(session.scalar(select(or_(*kept))))


def feed_with(session: Session, digest: str) -> RosterFeed | None:
    """The feed of whose secret this is the digest, if its responder helps still."""
    found = select(RosterFeed).join(Responder, Responder.id == RosterFeed.responder_id)
    return session.scalars(found.where(RosterFeed.secret == digest, helping())).one_or_none()


def _lasting(since: datetime) -> ColumnElement[bool]:
    return or_(ResponderAbsence.ends_at.is_(None), ResponderAbsence.ends_at > since)
