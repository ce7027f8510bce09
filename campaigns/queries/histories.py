"""Every SELECT of what residents have said in their rounds so far, and of what was remarked about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome, Reason, Round
from campaigns.noticed import Remark
from contacts.models import Resident
from core.ids import RecurringId
from core.storage.database import Kept

_AT_ONCE = 1000
_ASKED_NOBODY = (Outcome.NOT_ASKED, Outcome.EXCUSED, Outcome.WITHDRAWN)


@dataclass(frozen=True)
class RoundThen:
    """When a round began, and of which campaign."""

    campaign_id: UUID
    started_at: datetime


class CheckInThen(NamedTuple):
    """One check-in of long ago, in as few columns as a whole month of a community needs."""

    resident_id: UUID
    round_id: UUID
    outcome: str
    attempts: int
    answered: Kept


def rounds_between(session: Session, community_id: UUID, since: datetime, until: datetime) -> dict[UUID, RoundThen]:
    """The rounds of a community that have asked how people are and began between these instants, both included."""
    found = session.execute(
        select(Round.id, Round.campaign_id, Round.started_at)
        .join(Campaign, Campaign.id == Round.campaign_id)
        .where(Campaign.community_id == community_id, Campaign.kind == CampaignKind.CHECK_IN)
        .where(Round.started_at >= since, Round.started_at <= until)
    )
    return {round_id: RoundThen(campaign_id, started_at) for round_id, campaign_id, started_at in found}


def residents_of(session: Session, round_id: UUID) -> Sequence[UUID]:
    """Everybody whom a round has asked, in order."""
    asked = (CheckIn.round_id == round_id, CheckIn.outcome.not_in(_ASKED_NOBODY))
    return session.scalars(select(CheckIn.resident_id).where(*asked).order_by(CheckIn.resident_id)).all()


def check_ins_then(
    session: Session, round_ids: Sequence[UUID], resident_ids: Sequence[UUID]
) -> Iterator[Sequence[CheckInThen]]:
    """What came of these residents (in order) in these rounds; a statement for each thousand of them."""
    for start in range(0, len(resident_ids), _AT_ONCE):
        some = resident_ids[start : start + _AT_ONCE]
        found = session.execute(
            select(type_coerce(CheckIn.resident_id, RecurringId()), type_coerce(CheckIn.round_id, RecurringId()),
                   type_coerce(CheckIn.outcome, String), CheckIn.attempts, type_coerce(CheckIn.answered_at, String))
            .where(CheckIn.round_id.in_(round_ids), CheckIn.resident_id.between(some[0], some[-1]))
            .where(CheckIn.outcome.not_in(_ASKED_NOBODY))
        )  # fmt: skip
        yield list(map(CheckInThen._make, found))


class AnswerThen(NamedTuple):
    """What came of one check-in of one resident: when its round began, and when it was answered or decided."""

    round_id: UUID
    started_at: datetime
    outcome: Outcome | None
    reason: Reason | None
    attempts: int
    answered_at: datetime | None
    decided_at: datetime | None


def answers_of(session: Session, resident_id: UUID, since: datetime, until: datetime) -> Sequence[AnswerThen]:
    """What a resident has said, or not, in the rounds that began from ``since`` on and before ``until``, in order."""
    found = session.execute(
        select(CheckIn.round_id, Round.started_at, CheckIn.outcome, CheckIn.reason, CheckIn.attempts,
               CheckIn.answered_at, CheckIn.decided_at)
        .join(Round, Round.id == CheckIn.round_id)
        .join(Campaign, Campaign.id == Round.campaign_id)
        .where(CheckIn.resident_id == resident_id, Campaign.kind == CampaignKind.CHECK_IN)
        .where(Round.started_at >= since, Round.started_at < until)
        .order_by(Round.started_at, CheckIn.id)
    )  # fmt: skip
    return list(map(AnswerThen._make, found))


def first_asked_at(session: Session, resident_id: UUID) -> datetime | None:
    """When the first round began that asked a resident; None while none has."""
    theirs = select(func.min(Round.started_at)).join(CheckIn, CheckIn.round_id == Round.id)
    return session.scalar(theirs.where(CheckIn.resident_id == resident_id))


def remarks_since(session: Session, community_id: UUID, since: datetime) -> Sequence[Remark]:
    """What was remarked in a community since then about whoever still lives there, the earliest first."""
    here = (Resident.community_id == community_id, Resident.removed_at.is_(None))
    found = select(Remark).join(Resident, Resident.id == Remark.resident_id).where(*here, Remark.at >= since)
    return session.scalars(found.order_by(Remark.at, Remark.id)).all()


def remarks_of(session: Session, resident_id: UUID, limit: int) -> Sequence[Remark]:
    """What was remarked about one resident, the latest first."""
    found = select(Remark).where(Remark.resident_id == resident_id).order_by(Remark.at.desc(), Remark.id.desc())
    return session.scalars(found.limit(limit)).all()


def remarks_of_round(session: Session, round_id: UUID) -> Sequence[Remark]:
    """What was remarked in a round."""
    return session.scalars(select(Remark).where(Remark.round_id == round_id).order_by(Remark.id)).all()
