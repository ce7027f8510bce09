"""Every SELECT of rounds that are looked at as a whole, and of the silence clusters that were found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CheckIn, CheckInCall, Outcome, Round
from campaigns.noticed import SilenceCluster
from contacts.models import Household, Resident
from ivr.models import Call, Direction, Line


@dataclass(frozen=True)
class Due:
    """A round that is to be looked at; ``look_at`` as it stands, ``is_over`` once everybody has an outcome."""

    round_id: UUID
    campaign_id: UUID
    community_id: UUID
    occurrence: datetime
    started_at: datetime
    look_at: datetime
    is_over: bool


def rounds_to_look_at(session: Session, now: datetime) -> Sequence[Due]:
    """The rounds that are to be looked at now, at the latest once they are over."""
    found = session.execute(
        select(Round, Campaign.community_id)
        .join(Campaign, Campaign.id == Round.campaign_id)
        .where(Round.look_at.is_not(None), or_(Round.look_at <= now, Round.completed_at.is_not(None)))
        .order_by(Round.look_at)
    )
    return [Due(round_.id, round_.campaign_id, community_id, round_.occurrence, round_.started_at, round_.look_at,
                round_.completed_at is not None)
            for round_, community_id in found if round_.look_at]  # fmt: skip


def waits_for_that_look(session: Session, due: Due) -> bool:
    """Whether nobody else has looked at the round since."""
    return session.scalar(select(Round.look_at).where(Round.id == due.round_id)) == due.look_at


@dataclass(frozen=True)
class Reached:
    """How far anybody has got with a resident: the outcome, else the furthest contact; ``area_id`` is their home's."""

    check_in_id: UUID
    resident_id: UUID
    got: Outcome
    number: str
    area_id: UUID


def reached(session: Session, round_id: UUID) -> list[Reached]:
    """Everybody in a round of whom something is known already."""
    got = func.coalesce(CheckIn.outcome, CheckIn.furthest)
    found = session.execute(
        select(CheckIn.id, CheckIn.resident_id, got, CheckIn.numbers, Household.area_id)
        .join(Resident, Resident.id == CheckIn.resident_id)
        .join(Household, Household.id == Resident.household_id)
        .where(CheckIn.round_id == round_id, got.is_not(None))
        .order_by(CheckIn.id)
    )
    return [Reached(check_in_id, resident_id, Outcome(word), next(iter(numbers), ""), area_id)
            for check_in_id, resident_id, word, numbers, area_id in found]  # fmt: skip


def lines_used(session: Session, round_id: UUID) -> dict[UUID, str]:
    """By check-in of a round, the number of ours from which it was last rung."""
    found = session.execute(
        select(CheckInCall.check_in_id, Line.number)
        .join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
        .join(Call, Call.id == CheckInCall.call_id)
        .join(Line, Line.id == Call.line_id)
        .where(CheckIn.round_id == round_id, Call.direction == Direction.OUT)
        .order_by(Call.id)
    )
    return {check_in_id: number for check_in_id, number in found}  # noqa: C416 - a result has keys()


def unreached_before(session: Session, due: Due, silent: Sequence[Outcome]) -> frozenset[UUID]:
    """The residents who were not reached in the round of the same campaign before this one."""
    before = select(Round.id).where(Round.campaign_id == due.campaign_id, Round.occurrence < due.occurrence)
    latest = session.scalar(before.order_by(Round.occurrence.desc()).limit(1))
    if latest is None:
        return frozenset()
    found = select(CheckIn.resident_id).where(CheckIn.round_id == latest, CheckIn.outcome.in_(silent))
    return frozenset(session.scalars(found))


def clusters_of_round(session: Session, round_id: UUID) -> Sequence[SilenceCluster]:
    """The silence clusters that have been found in a round, the earliest first."""
    found = select(SilenceCluster).where(SilenceCluster.round_id == round_id)
    return session.scalars(found.order_by(SilenceCluster.found_at, SilenceCluster.id)).all()


def clusters_of_cases(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, SilenceCluster]:
    """By case, the silence cluster that it is about."""
    found = select(SilenceCluster).where(SilenceCluster.case_id.in_(case_ids))
    return {each.case_id: each for each in session.scalars(found)} if case_ids else {}


def names_of_check_ins(session: Session, check_in_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """By check-in, the name of its resident."""
    found = select(CheckIn.id, Resident.name).join(Resident, Resident.id == CheckIn.resident_id)
    rows = session.execute(found.where(CheckIn.id.in_(check_in_ids)).order_by(CheckIn.id)) if check_in_ids else ()
    return {check_in_id: name for check_in_id, name in rows}  # noqa: C416 - a result has keys()
