"""Rules of audiences as conditions on residents, to be used inside other SELECTs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from campaigns.audiences.reading import AT_LEAST
from campaigns.audiences.rules import (
    Aged,
    AllOf,
    AnyOf,
    Everyone,
    Flagged,
    InRound,
    LivesIn,
    Not,
    OnList,
    Rule,
    Speaks,
)
from campaigns.models import CheckIn, Outcome, Round
from contacts import queries as contacts
from contacts.models import Phone, PhoneState, Resident, ResidentListMember

ANSWERED = (Outcome.OK, Outcome.NEEDS_SUPPLIES, Outcome.UNWELL, Outcome.WANTS_PERSON)
NEITHER = (Outcome.EXCUSED, Outcome.WITHDRAWN)
"""Who was not to be asked has neither answered nor left an answer out."""


def condition(rule: Rule, at: datetime, year: int) -> ColumnElement[bool]:
    """Whether a rule means a resident at this instant, in this ``year`` of community time; never NULL."""
    match rule:
        case Everyone():
            return true()
        case Flagged(any_of=flags):
            return contacts.flagged(flags) if flags else false()
        case Aged():
            return _aged(rule, year)
        case LivesIn(any_of=areas):
            return Resident.household_id.in_(contacts.households_within(areas)) if areas else false()
        case Speaks(any_of=languages):
            return Resident.language.in_(languages) if languages else false()
        case OnList(list_id=list_id):
            return Resident.id.in_(select(ResidentListMember.resident_id).where(ResidentListMember.list_id == list_id))
        case InRound():
            return Resident.id.in_(select(CheckIn.resident_id).where(*_in_round(rule, at)))
        case AnyOf(of=inner):
            return or_(false(), *(condition(each, at, year) for each in inner))
        case AllOf(of=inner):
            return and_(true(), *(condition(each, at, year) for each in inner))
        case Not(of=one):
            return not_(condition(one, at, year))


def ids_of(session: Session, community_id: UUID, meant: ColumnElement[bool]) -> Sequence[UUID]:
    """The residents of a community who are looked after and meant, in the order of enrolment."""
    enrolled = (Resident.community_id == community_id, Resident.removed_at.is_(None))
    return session.scalars(select(Resident.id).where(*enrolled, meant).order_by(Resident.id)).all()


def count_telephones(session: Session, community_id: UUID, meant: ColumnElement[bool]) -> int:
    """How many different telephones those who are meant and have agreed are rung at first."""
    good = aliased(Phone)
    first = select(func.min(good.position)).where(good.resident_id == Resident.id, good.state == PhoneState.GOOD)
    rung_first = (
        select(func.count(Phone.number.distinct()))
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Resident.community_id == community_id, contacts.agreed(), meant)
        .where(Phone.position == first.correlate(Resident).scalar_subquery())
    )
    return session.scalar(rung_first) or 0


def is_meant(session: Session, resident_id: UUID, meant: ColumnElement[bool]) -> bool:
    """Whether this resident is."""
    return bool(session.scalar(select(exists().where(Resident.id == resident_id, meant))))


def _aged(rule: Aged, year: int) -> ColumnElement[bool]:
    known: list[ColumnElement[bool]] = [Resident.birth_year.is_not(None)]
    if rule.least is not None:
        known.append(Resident.birth_year <= year - rule.least)
    if rule.most is not None:
        known.append(Resident.birth_year >= year - rule.most)
    enough = [flag for flag, age in AT_LEAST.items() if rule.least is not None and age >= rule.least]
    if rule.most is not None or not enough:
        return and_(*known)
    return or_(and_(*known), and_(Resident.birth_year.is_(None), contacts.flagged(enough)))


def _in_round(rule: InRound, at: datetime) -> Sequence[ColumnElement[bool]]:
    said = CheckIn.outcome.in_(ANSWERED)
    silent = or_(CheckIn.outcome.is_(None), CheckIn.outcome.not_in((*ANSWERED, *NEITHER)))
    of_round = CheckIn.round_id == (rule.round_id or _latest(rule.campaign_id, at))
    return of_round, said if rule.answered else silent


def _latest(campaign_id: UUID | None, at: datetime) -> ScalarSelect[UUID]:
    """The latest round of a campaign that had begun before ``at``."""
    begun = select(Round.id).where(Round.campaign_id == campaign_id, Round.started_at < at)
    return begun.order_by(Round.started_at.desc(), Round.id.desc()).limit(1).scalar_subquery()
