"""Every SELECT of a whole day's check-ins: as few columns and statements as a page of thousands needs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, func, select, type_coerce, union_all
from sqlalchemy.orm import Session, joinedload

from campaigns.models import Campaign, CampaignKind, CheckIn, CheckInCall, Round
from campaigns.queries import HOW_THEY_ARE
from core.ids import RecurringId
from core.storage.database import Kept, instant
from ivr.models import Call


def rounds_since(session: Session, since: datetime) -> Sequence[Round]:
    """Rounds of check-ins that started since then or are still not complete, the earliest first."""
    ids = union_all(
        select(Round.id).where(Round.started_at >= since), select(Round.id).where(Round.completed_at.is_(None))
    )
    return session.scalars(
        select(Round)
        .join(Campaign)
        .where(Round.id.in_(ids), Campaign.kind == CampaignKind.CHECK_IN)
        .options(joinedload(Round.campaign))
        .order_by(Round.started_at)
    ).all()


def last_round_id(session: Session, community_id: UUID) -> UUID | None:
    """The latest round of check-ins that there was, of whatever day."""
    ours = (Campaign.community_id == community_id, Campaign.kind == CampaignKind.CHECK_IN)
    return session.scalars(
        select(Round.id).join(Campaign).where(*ours).order_by(Round.started_at.desc()).limit(1)
    ).first()


class CheckInState(NamedTuple):
    """How a check-in stands, as few columns as a page of a whole round needs.

    ``ended`` is when the resident answered, otherwise when the outcome was decided; like the words of ``outcome`` and
    ``reason`` it is as the database keeps it.
    """

    id: UUID
    resident_id: UUID
    outcome: str | None
    reason: str | None
    attempts: int
    ended: Kept

    @property
    def at(self) -> datetime | None:
        """When the resident answered, otherwise when the outcome was decided."""
        return instant(self.ended)


_STATE = (type_coerce(CheckIn.id, RecurringId()), type_coerce(CheckIn.resident_id, RecurringId()),
          type_coerce(CheckIn.outcome, String), type_coerce(CheckIn.reason, String), CheckIn.attempts,
          type_coerce(func.coalesce(CheckIn.answered_at, CheckIn.decided_at), String))  # fmt: skip


def latest_check_ins(session: Session, rounds_: Sequence[Round]) -> Sequence[CheckInState]:
    """For everybody in these rounds, their check-in in the latest of them that has not left asking to another."""
    in_rounds = CheckIn.round_id.in_([each.id for each in rounds_])
    found = select(*_STATE).where(in_rounds)
    if len(rounds_) > 1:
        found = found.join(Round, Round.id == CheckIn.round_id)
        found = found.order_by(CheckIn.asked_in_id.is_(None), Round.started_at)
    states = list(map(CheckInState._make, session.execute(found)))
    return list({state.resident_id: state for state in states}.values()) if len(rounds_) > 1 else states


def ringing(session: Session) -> dict[UUID, bool]:
    """The check-ins that are on the telephone now; True where somebody has picked up."""
    on_the_telephone = (
        select(CheckInCall.check_in_id, Call.answered_at)
        .join(Call, Call.id == CheckInCall.call_id)
        .where(Call.is_active)
    )
    return {check_in_id: answered_at is not None for check_in_id, answered_at in session.execute(on_the_telephone)}


def calls_under_way(session: Session) -> frozenset[tuple[UUID, bool]]:
    """Every call that is ringing or talking, with whether it was answered: equal as long as no telephone changes."""
    under_way = session.execute(select(Call.id, Call.answered_at).where(Call.is_active))
    return frozenset((call_id, answered_at is not None) for call_id, answered_at in under_way)


def said_in_notices(session: Session, since: datetime) -> dict[UUID, CheckInState]:
    """By resident, what they have said of themselves in a notice since then: 3 is pressed at any question."""
    notices = select(Round.id).join(Campaign).where(Round.started_at >= since, Campaign.kind == CampaignKind.NOTICE)
    found = session.execute(
        select(*_STATE)
        .where(CheckIn.round_id.in_(notices), CheckIn.outcome.in_(HOW_THEY_ARE))
        .order_by(CheckIn.answered_at)
    )
    return {state[1]: CheckInState._make(state) for state in found}
