"""Every SELECT of residents who were chosen together, and of what is done with them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contacts.chosen import BulkChange, ResidentChoice
from contacts.models import Pause, Resident


class ChosenPerson(NamedTuple):
    """A resident of a choice, and whether they are looked after no more."""

    resident_id: UUID
    name: str
    is_gone: bool


def choice(session: Session, community_id: UUID, user_id: UUID | None, choice_id: UUID) -> ResidentChoice | None:
    """The choice of this user; None where there is none of theirs."""
    theirs = ResidentChoice.user_id.is_(None) if user_id is None else ResidentChoice.user_id == user_id
    ours = (ResidentChoice.id == choice_id, ResidentChoice.community_id == community_id)
    return session.scalar(select(ResidentChoice).where(*ours, theirs))


def change(session: Session, choice_id: UUID, change_id: UUID) -> BulkChange | None:
    """What was done with everybody of a choice; None where it was not of this one."""
    return session.scalar(select(BulkChange).where(BulkChange.id == change_id, BulkChange.choice_id == choice_id))


def made_before(session: Session, instant: datetime) -> Sequence[UUID]:
    """The choices that were made before."""
    return session.scalars(select(ResidentChoice.id).where(ResidentChoice.made_at < instant)).all()


def people(session: Session, community_id: UUID, ids: Collection[UUID]) -> list[ChosenPerson]:
    """Those of these who are of the community, in the order of ``ids``; nobody who was erased."""
    found = session.execute(
        select(Resident.id, Resident.name, Resident.removed_at.is_not(None)).where(
            Resident.community_id == community_id, Resident.id.in_(ids), Resident.erased_at.is_(None)
        )
    )
    known = {each.resident_id: each for each in map(ChosenPerson._make, found)}
    return [known[each] for each in dict.fromkeys(ids) if each in known]


def away_in(session: Session, ids: Collection[UUID], first: date, last: date | None) -> frozenset[UUID]:
    """Those of these who have a pause on one of these days; without a ``last`` on any from the first."""
    touching = [Pause.resident_id.in_(ids), or_(Pause.last_day.is_(None), Pause.last_day >= first)]
    if last is not None:
        touching.append(Pause.first_day <= last)
    return frozenset(session.scalars(select(Pause.resident_id).where(*touching)))
