"""Every SELECT of people and places."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from contacts.abilities import Spoken, speaks
from contacts.models import (
    NOWHERE,
    Area,
    Community,
    Consent,
    Household,
    Pause,
    Phone,
    PhoneState,
    RefusedNumber,
    Relative,
    Resident,
    ResidentFlag,
    Responder,
    ResponderArea,
    Role,
    Wants,
)
from contacts.profiles import ResidentProfile as ResidentProfile  # one of the values that queries hand out
from contacts.profiles import profile_of
from contacts.queries.numbers import helping, responders_own
from core.errors import NotFoundError
from core.short_ids import short
from core.storage.read_once import read_once

_BATCH = 1000
_RELATIVES_OF = (
    select(Relative)
    .join(Resident, Resident.id == Relative.resident_id)
    .where(Relative.resident_id == bindparam("resident_id"), Resident.removed_at.is_(None))
    .order_by(Relative.id)
)
AT_HOME = (joinedload(Resident.household), selectinload(Resident.phones), selectinload(Resident.flags))
IN_FULL = tuple(map(selectinload, (Resident.consents, Resident.opt_outs, Resident.relatives)))
"""What a spreadsheet tells of residents, loaded with them in a few statements."""
_COMMUNITY_OF = (
    select(Community)
    .join(Resident, Resident.community_id == Community.id)
    .where(Resident.id == bindparam("resident_id"))
)
_FIRST, _SECOND = aliased(RefusedNumber), aliased(RefusedNumber)
_IN_REACH = or_(
    ResponderArea.area_id.in_(bindparam("area_ids", expanding=True)),
    ResponderArea.area_id.is_(None),
)
_RESPONDERS_NEAR = (
    select(Responder.id, Responder.name, Responder.role, Responder.number, Responder.second_number,
           Responder.language, _FIRST.refused_at, _SECOND.refused_at, ResponderArea.area_id,
           Responder.languages, Responder.skills)
    .join(ResponderArea, ResponderArea.responder_id == Responder.id, isouter=True)
    .join(_FIRST, _FIRST.number == Responder.number, isouter=True)
    .join(_SECOND, _SECOND.number == Responder.second_number, isouter=True)
    .where(Responder.community_id == bindparam("community_id"), helping(), _IN_REACH)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A resident of an audience; ``numbers`` in E.164, the first to be tried first; ``call_time`` community time."""

    resident_id: UUID
    called: str
    language: str
    pace: int | None
    numbers: tuple[str, ...]
    paused: bool
    call_time: time | None


@dataclass(frozen=True)
class ResponderNear:
    """A responder as seen from a home; ``distance`` counts the areas between (0: the home's own).

    ``numbers`` are their telephones, the one that is rung first in front; ``refusals`` those of them that the provider
    has ever refused to ring, each with when it last did. ``speaks`` and ``skills`` are words of ``contacts.abilities``.
    """

    responder_id: UUID
    name: str
    role: str
    numbers: tuple[str, ...]
    language: str
    distance: int
    refusals: tuple[tuple[str, datetime], ...] = ()
    speaks: frozenset[Spoken] = frozenset()
    skills: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The telephone that is rung first."""
        return self.numbers[0]


def resident(session: Session, resident_id: UUID) -> Resident:
    """The resident; raises ``NotFoundError``."""
    found = session.get(Resident, resident_id)
    if found is None:
        raise NotFoundError("There is no resident {value}.", field="resident", value=short(resident_id))
    return found


def community_of(session: Session, resident_id: UUID) -> Community:
    """The community that a resident belongs to; raises SQLAlchemy's ``NoResultFound``."""
    return session.scalars(_COMMUNITY_OF, {"resident_id": resident_id}).one()


def resident_profile(session: Session, resident_id: UUID) -> ResidentProfile:
    """The profile of a resident; raises ``NotFoundError``."""
    return resident_profiles(session, [resident(session, resident_id).id])[resident_id]


def resident_profiles(session: Session, resident_ids: Sequence[UUID]) -> dict[UUID, ResidentProfile]:
    """The profiles of those of them who exist; a few statements for each thousand, however they live."""
    profiles: dict[UUID, ResidentProfile] = {}
    for start in range(0, len(resident_ids), _BATCH):
        found = session.scalars(
            select(Resident).where(Resident.id.in_(resident_ids[start : start + _BATCH])).options(*AT_HOME)
        ).all()
        around = _areas_around(session, {each.household.area_id for each in found})
        communities = _communities(session, {each.community_id for each in found})
        profiles |= {each.id: profile_of(each, around, communities[each.community_id]) for each in found}
    return profiles


def audience(session: Session, community_id: UUID, meant: ColumnElement[bool], on: date) -> list[Enrolled]:
    """Whoever is ``meant`` (a condition on ``Resident``), has agreed and has a number, in the order of enrolment.

    Takes two statements, however many they are, and reads them in bites: a city's are never there twice.
    """
    chosen, in_bites = (Resident.community_id == community_id, agreed(), has_number(), meant), {"yield_per": _BATCH}
    numbers: dict[UUID, list[str]] = {}
    for resident_id, number in session.execute(
        select(Phone.resident_id, Phone.number)
        .join(Resident, Resident.id == Phone.resident_id)
        .where(*chosen, is_good())
        .order_by(Phone.position),
        execution_options=in_bites,
    ):
        numbers.setdefault(resident_id, []).append(number)
    enrolled = session.execute(
        select(Resident.id, Resident.called, Resident.language, Resident.pace, paused(on), Resident.call_time)
        .where(*chosen)
        .order_by(Resident.id),
        execution_options=in_bites,
    )
    return [
        Enrolled(resident_id, called, language, pace, tuple(numbers.pop(resident_id)), paused, call_time)
        for resident_id, called, language, pace, paused, call_time in enrolled
    ]


def is_paused(session: Session, resident_id: UUID, on: date) -> bool:
    """Whether the resident is not to be rung on that day of community time."""
    return bool(session.scalar(select(paused(on)).where(Resident.id == resident_id)))


def phones_of(session: Session, resident_id: UUID) -> Sequence[Phone]:
    """The telephones at which a resident may be rung, the first to be tried first."""
    good = (Phone.resident_id == resident_id, is_good())
    return session.scalars(select(Phone).where(*good).order_by(Phone.position)).all()


def pauses_from(session: Session, resident_id: UUID, day: date) -> Sequence[Pause]:
    """The pauses of a resident that last until that day or longer, the earliest first."""
    not_over = or_(Pause.last_day.is_(None), Pause.last_day >= day)
    found = select(Pause).where(Pause.resident_id == resident_id, not_over)
    return session.scalars(found.order_by(Pause.first_day, Pause.id)).all()


def has_consent(session: Session, resident_id: UUID) -> bool:
    """Whether the resident has agreed to be called and not withdrawn it."""
    return bool(session.scalar(select(agreed()).where(Resident.id == resident_id)))


def may_be_rung(session: Session, resident_ids: Collection[UUID], on: date) -> frozenset[UUID]:
    """Those of these residents who have agreed to be called and are not paused on that day of community time."""
    willing = select(Resident.id).where(Resident.id.in_(resident_ids), agreed(), ~paused(on))
    return frozenset(session.scalars(willing))


def without_consent(session: Session, community_id: UUID) -> Sequence[Resident]:
    """Residents who are enrolled but never called, in the order of enrolment."""
    enrolled = (Resident.community_id == community_id, Resident.removed_at.is_(None))
    return session.scalars(select(Resident).where(*enrolled, ~agreed()).order_by(Resident.id)).all()


def residents_by_number(session: Session, number: str) -> Sequence[Resident]:
    """Everybody enrolled who has this telephone, as first or as another, in the order of enrolment.

    Nobody whose it is not, by what staff have found out.
    """
    has_it = exists().where(Phone.resident_id == Resident.id, Phone.number == number, Phone.state != PhoneState.WRONG)
    return session.scalars(select(Resident).where(has_it, Resident.removed_at.is_(None)).order_by(Resident.id)).all()


def residents_named(session: Session, community_id: UUID, name: str) -> Sequence[Resident]:
    """Everybody of exactly this name, or who is called so, in the order of enrolment; who was removed comes last."""
    of_that_name = or_(Resident.name == name, Resident.called == name)
    found = session.scalars(
        select(Resident)
        .where(Resident.community_id == community_id, of_that_name, Resident.erased_at.is_(None))
        .order_by(Resident.id)
    ).all()
    return sorted(found, key=lambda each: (each.removed_at is not None, each.name != name))


def pauses_of_community(session: Session, community_id: UUID, day: date) -> dict[UUID, list[Pause]]:
    """By resident, the pauses that last until that day or longer, the earliest first."""
    found: dict[UUID, list[Pause]] = {}
    not_over = or_(Pause.last_day.is_(None), Pause.last_day >= day)
    for pause in session.scalars(
        select(Pause)
        .join(Resident, Resident.id == Pause.resident_id)
        .where(Resident.community_id == community_id, not_over)
        .order_by(Pause.first_day, Pause.id)
    ):
        found.setdefault(pause.resident_id, []).append(pause)
    return found


def refused_since(session: Session, numbers: Sequence[str], since: datetime) -> frozenset[str]:
    """Those of these numbers that the provider has refused to ring since then."""
    refused = select(RefusedNumber.number).where(RefusedNumber.number.in_(numbers), RefusedNumber.refused_at >= since)
    return frozenset(session.scalars(refused))


def residents_in_full(session: Session, community_id: UUID) -> Sequence[Resident]:
    """All residents with everything that a spreadsheet tells of them, in the order of enrolment; nobody removed."""
    return session.scalars(
        select(Resident)
        .where(Resident.community_id == community_id, Resident.removed_at.is_(None))
        .options(*AT_HOME, *IN_FULL)
        .order_by(Resident.id)
    ).all()


def removed_residents(session: Session, community_id: UUID) -> Sequence[Resident]:
    """Whoever has been removed, with everything that is known of them, in the order of their removal; nobody erased."""
    gone = (Resident.removed_at.is_not(None), Resident.erased_at.is_(None))
    theirs = select(Resident).where(Resident.community_id == community_id, *gone)
    return session.scalars(theirs.options(*AT_HOME, *IN_FULL).order_by(Resident.removed_at)).all()


def resident_ids(session: Session, community_id: UUID) -> Sequence[UUID]:
    """Everybody who lives here, in the order of enrolment; nobody who has been removed."""
    enrolled = (Resident.community_id == community_id, Resident.removed_at.is_(None))
    return session.scalars(select(Resident.id).where(*enrolled).order_by(Resident.id)).all()


def areas(session: Session, community_id: UUID) -> dict[UUID, Area]:
    """The whole tree of areas."""
    return {area.id: area for area in session.scalars(select(Area).where(Area.community_id == community_id))}


def households(session: Session, community_id: UUID) -> Sequence[Household]:
    """All homes; not where nobody lives, for those of whom nothing is known any more."""
    here = (Household.community_id == community_id, Household.room != NOWHERE)
    return session.scalars(select(Household).where(*here)).all()


def households_by_room(session: Session, community_id: UUID, room: str) -> Sequence[Household]:
    """The homes with this room, in whatever buildings and units."""
    with_it = (Household.community_id == community_id, Household.room == room)
    return session.scalars(select(Household).where(*with_it)).all()


def relatives_of(session: Session, resident_id: UUID) -> Sequence[Relative]:
    """The relatives of a resident, in the order in which they were written down; none of one who has been removed."""
    return session.scalars(_RELATIVES_OF, {"resident_id": resident_id}).all()


def relatives_by_number(session: Session, number: str) -> Sequence[Relative]:
    """Everybody who has this telephone as a relative, once for each resident of theirs."""
    return session.scalars(select(Relative).where(Relative.number == number).order_by(Relative.id)).all()


def relatives_to_tell(session: Session, number: str) -> Sequence[Relative]:
    """Whoever has this telephone and may be told how a resident is: both of them have agreed."""
    return session.scalars(
        select(Relative)
        .join(Resident, Resident.id == Relative.resident_id)
        .where(Relative.number == number, Relative.wants != Wants.NOTHING, agreed())
        .order_by(Relative.id)
    ).all()


def responders(session: Session, ids: Sequence[UUID]) -> dict[UUID, Responder]:
    """The responders with these ids."""
    return {found.id: found for found in session.scalars(select(Responder).where(Responder.id.in_(ids)))}


def all_responders(session: Session, community_id: UUID) -> Sequence[Responder]:
    """All who help in a community, with their areas, in the order in which they were written down."""
    return _responders(session, Responder.community_id == community_id, helping())


def removed_responders(session: Session, community_id: UUID) -> Sequence[Responder]:
    """Who helped once and does no more, with their areas, in the order in which they were written down."""
    return _responders(session, Responder.community_id == community_id, Responder.removed_at.is_not(None))


def _responders(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Responder]:
    found = select(Responder).where(*conditions).order_by(Responder.id)
    return session.scalars(found.options(selectinload(Responder.areas))).all()


def has_responder(session: Session, community_id: UUID, role: Role) -> bool:
    """Whether anybody in the community has this role."""
    found = exists().where(Responder.community_id == community_id, Responder.role == role, helping())
    return bool(session.scalar(select(found)))


def responder_by_number(session: Session, number: str) -> Responder | None:
    """The responder with this telephone; of several the one whose first it is."""
    theirs = select(Responder).where(responders_own(number), helping())
    return session.scalars(theirs.order_by(Responder.number != number, Responder.id)).first()


def community_ids(session: Session) -> Sequence[UUID]:
    """Every community, always in the same order."""
    return session.scalars(select(Community.id).order_by(Community.id)).all()


@read_once("responders", "responder_areas", "refused_numbers")
def responders_near(session: Session, community_id: UUID, area_ids: tuple[UUID, ...]) -> tuple[ResponderNear, ...]:
    """Whoever looks after one of the areas (nearest first) or after the whole community; nobody from elsewhere."""
    distances = {area_id: index for index, area_id in enumerate(area_ids)}
    rows = session.execute(_RESPONDERS_NEAR, {"community_id": community_id, "area_ids": area_ids})
    nearest: dict[UUID, ResponderNear] = {}
    for who, name, role, number, other, language, since, other_since, area_id, languages, skills in rows:
        distance = distances.get(area_id, len(area_ids))
        if who not in nearest or distance < nearest[who].distance:
            refusals = tuple((each, at) for each, at in ((number, since), (other, other_since)) if each and at)
            numbers = (number, other) if other else (number,)
            nearest[who] = ResponderNear(who, name, role, numbers, language, distance, refusals,
                                         speaks(language, languages), tuple(skills))  # fmt: skip
    return tuple(sorted(nearest.values(), key=lambda each: (each.distance, each.responder_id)))


def as_near(session: Session, responder: Responder) -> ResponderNear:
    """A responder of whom it does not matter where they are."""
    marks = select(RefusedNumber.number, RefusedNumber.refused_at).where(RefusedNumber.number.in_(responder.numbers))
    refusals = tuple((number, at) for number, at in session.execute(marks))
    spoken = speaks(responder.language, responder.languages)
    return ResponderNear(responder.id, responder.name, responder.role, responder.numbers, responder.language, 0,
                         refusals, spoken, tuple(responder.skills))  # fmt: skip


def residents_within(area_ids: Collection[UUID]) -> Select[UUID]:
    """The ids of everybody who lives in these areas or in one inside them, to be used inside another SELECT."""
    return select(Resident.id).where(Resident.household_id.in_(households_within(area_ids)))


def households_within(area_ids: Collection[UUID]) -> Select[UUID]:
    """The ids of the households in these areas or in one inside them, to be used inside another SELECT."""
    inside = select(Area.id).where(Area.id.in_(area_ids)).cte(recursive=True)
    inside = inside.union(select(Area.id).join(inside, Area.parent_id == inside.c.id))
    return select(Household.id).where(Household.area_id.in_(select(inside.c.id)))


def _areas_around(session: Session, area_ids: set[UUID]) -> dict[UUID, Area]:
    """These areas and all around them: one statement for each level of the tree."""
    found: dict[UUID, Area] = {}
    while missing := area_ids - found.keys():
        level = session.scalars(select(Area).where(Area.id.in_(missing))).all()
        found |= {area.id: area for area in level}
        area_ids = {area.parent_id for area in level if area.parent_id}
    return found


def _communities(session: Session, ids: set[UUID]) -> dict[UUID, Community]:
    return {found.id: found for found in session.scalars(select(Community).where(Community.id.in_(ids)))}


def agreed() -> ColumnElement[bool]:
    """Whether a resident is looked after and has agreed to be called, to be used inside another statement."""
    in_force = exists().where(Consent.resident_id == Resident.id, Consent.withdrawn_at.is_(None))
    return and_(Resident.removed_at.is_(None), in_force)


def has_number() -> ColumnElement[bool]:
    """Whether a resident has a telephone that may be rung, to be used inside another statement."""
    return exists().where(Phone.resident_id == Resident.id, is_good()).correlate(Resident)


def is_good() -> ColumnElement[bool]:
    """Whether a telephone may be rung, to be used inside another statement."""
    return Phone.state == PhoneState.GOOD


def paused(on: date) -> ColumnElement[bool]:
    """Whether a resident is paused on this day of community time, to be used inside another statement."""
    return exists().where(Pause.resident_id == Resident.id, *covering(on))


def covering(on: date) -> tuple[ColumnElement[bool], ...]:
    """Whether a pause covers this day of community time, to be used inside another statement."""
    return Pause.first_day <= on, or_(Pause.last_day.is_(None), Pause.last_day >= on)


def flagged(flags: Collection[str]) -> ColumnElement[bool]:
    """Whether a resident carries one of the flags, to be used inside another statement."""
    return Resident.id.in_(select(ResidentFlag.resident_id).where(ResidentFlag.flag.in_(flags)))
