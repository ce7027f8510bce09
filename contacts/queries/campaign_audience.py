"""Every SELECT that counts an audience: who is rung, who is left out and why, and which flags there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, not_, null, or_, select
from sqlalchemy.orm import Session, selectinload

from contacts.models import Consent, Household, LeftOut, OptOut, Phone, Resident, ResidentFlag
from contacts.queries import agreed, has_number, paused

_RUNG = ""


@dataclass(frozen=True)
class Counted:
    """How many of those who are meant are rung on a day, or left out and why; and of the rung, by flag."""

    rung: int
    left_out: Mapping[LeftOut, int]
    by_flag: Mapping[str, int]


def counted(session: Session, community_id: UUID, meant: ColumnElement[bool], on: date) -> Counted:
    """Everybody who is meant, counted in one statement: who that is, is found once for both counts."""
    found = select(Resident.id.label("id"), _why(on).label("why")).where(*_enrolled(community_id), meant)
    each = found.cte("meant").prefix_with("MATERIALIZED")
    all_of_them = select(each.c.why, null().label("flag"), func.count()).group_by(each.c.why)
    carried = select(each.c.why, ResidentFlag.flag, func.count()).join(each, each.c.id == ResidentFlag.resident_id)
    carried = carried.where(each.c.why == _RUNG).group_by(each.c.why, ResidentFlag.flag)
    rows = session.execute(all_of_them.union_all(carried)).all()
    reasons = {why: count for why, flag, count in rows if flag is None}
    return Counted(
        rung=reasons.pop(_RUNG, 0),
        left_out={LeftOut(why): count for why, count in reasons.items()},
        by_flag={flag: count for _, flag, count in rows if flag is not None},
    )


def residents_of(session: Session, resident_ids: Sequence[UUID]) -> dict[UUID, Resident]:
    """Those of them who exist, with their flags; two statements."""
    found = select(Resident).where(Resident.id.in_(resident_ids)).options(selectinload(Resident.flags))
    return {each.id: each for each in session.scalars(found)}


def left_out(session: Session, community_id: UUID, on: date) -> dict[UUID, LeftOut]:
    """Everybody who lives here and is rung by no campaign on that day, whatever their flags are, and why."""
    why = _why(on).label("why")
    found = session.execute(select(Resident.id, why).where(*_enrolled(community_id), why != _RUNG))
    return {resident_id: LeftOut(reason) for resident_id, reason in found}


def has_agreed(session: Session, community_id: UUID) -> bool:
    """Whether anybody who lives here has agreed to be called, and has a telephone at which they can be."""
    one = select(Resident.id).where(*_enrolled(community_id), agreed(), has_number())
    return bool(session.scalar(select(one.exists())))


def _why(on: date) -> ColumnElement[str]:
    """Each of these is looked up once at most: most people have agreed."""
    rung_or_not = case((not_(has_number()), LeftOut.NO_NUMBER.value), (paused(on), LeftOut.PAUSED.value), else_=_RUNG)
    return case((agreed(), rung_or_not), (_has_withdrawn(), LeftOut.WITHDRAWN.value), else_=LeftOut.NO_CONSENT.value)


def agreed_without(session: Session, community_id: UUID, meant: ColumnElement[bool]) -> Sequence[tuple[UUID, str]]:
    """The residents who have agreed and are not meant, with their names, in the order of enrolment."""
    found = select(Resident.id, Resident.name).where(*_enrolled(community_id), agreed(), not_(meant))
    return [(resident_id, name) for resident_id, name in session.execute(found.order_by(Resident.id))]


def named(session: Session, community_id: UUID, meant: ColumnElement[bool], on: date) -> Sequence[tuple[str, str]]:
    """Everybody who is meant, in the order of enrolment: their name, and why they are left out (empty: rung)."""
    found = select(Resident.name, _why(on)).where(*_enrolled(community_id), meant)
    return [(name, why) for name, why in session.execute(found.order_by(Resident.id))]


def some_named(
    session: Session, community_id: UUID, meant: ColumnElement[bool], on: date, limit: int, after: UUID | None = None
) -> Sequence[tuple[UUID, str, str]]:
    """The first of those who are meant, after one of them if one is named: as ``named``, each with their id."""
    found = select(Resident.id, Resident.name, _why(on)).where(*_enrolled(community_id), meant)
    found = found if after is None else found.where(Resident.id > after)
    return [(each, name, why) for each, name, why in session.execute(found.order_by(Resident.id).limit(limit))]


def some_rung(session: Session, community_id: UUID, meant: ColumnElement[bool], on: date, limit: int) -> Sequence[str]:
    """The names of the first who are meant and rung on that day, in the order of enrolment."""
    rung = (*_enrolled(community_id), agreed(), has_number(), not_(paused(on)), meant)
    return session.scalars(select(Resident.name).where(*rung).order_by(Resident.id).limit(limit)).all()


def carried_flags(session: Session, community_id: UUID) -> frozenset[str]:
    """Every flag that a resident carries, a community's own words among them."""
    carried = select(ResidentFlag.flag).join(Resident).where(*_enrolled(community_id)).distinct()
    return frozenset(session.scalars(carried))


def usual_flags(session: Session, community_id: UUID) -> frozenset[str]:
    """The flags that several residents carry: what only one carries may be a slip of the pen."""
    carried = select(ResidentFlag.flag).join(Resident).where(*_enrolled(community_id)).group_by(ResidentFlag.flag)
    return frozenset(session.scalars(carried.having(func.count() > 1)))


def by_area(session: Session, community_id: UUID, meant: ColumnElement[bool]) -> dict[UUID, int]:
    """How many residents who are meant and have agreed live in each area, each counted in the smallest one only."""
    lived_in = (
        select(Household.area_id, func.count())
        .join(Resident, Resident.household_id == Household.id)
        .where(*_enrolled(community_id), agreed(), meant)
        .group_by(Household.area_id)
    )
    return dict(session.execute(lived_in).all())


def numbers_at_homes(
    session: Session, community_id: UUID, meant: ColumnElement[bool], numbers: Sequence[str]
) -> Sequence[tuple[UUID, UUID, str]]:
    """(area, resident, number) where one of these numbers is that of a resident who is meant and has agreed.

    In two statements: joined in one, SQLite looks for every number at every resident.
    """
    of_somebody = session.execute(select(Phone.resident_id, Phone.number).where(Phone.number.in_(numbers))).all()
    theirs = (
        select(Resident.id, Household.area_id)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.id.in_([resident_id for resident_id, _ in of_somebody]))
        .where(*_enrolled(community_id), agreed(), meant)
    )
    areas = dict(session.execute(theirs).all()) if of_somebody else {}
    return [(areas[resident_id], resident_id, number) for resident_id, number in of_somebody if resident_id in areas]


def _enrolled(community_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Resident.community_id == community_id, Resident.removed_at.is_(None)


def _has_withdrawn() -> ColumnElement[bool]:
    return or_(
        exists().where(OptOut.resident_id == Resident.id, OptOut.lifted_at.is_(None)),
        exists().where(Consent.resident_id == Resident.id, Consent.withdrawn_at.is_not(None)),
    )
