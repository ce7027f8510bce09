"""Every SELECT of the digests that relatives are to have, and of what they tell."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome, Round
from campaigns.outcomes import SAID, UNASKED
from campaigns.planning.digest_times import Due
from contacts.models import Relative, Resident, Wants
from contacts.queries import agreed
from escalation.models import Case, Digest
from ivr.models import Text, TextState
from ivr.sms.delivery_state import FAILURES

_NOT_ARRIVED = FAILURES | {TextState.NOT_WANTED}


def relatives_due(session: Session, community_id: UUID, wish: Wants, due: Due, limit: int) -> Sequence[Relative]:
    """Relatives who wished for it before it was due and have not got it, of residents who have agreed to be called."""
    has_it = exists().where(Digest.relative_id == Relative.id, Digest.due_on == due.day)
    wished = or_(Relative.wants_since.is_(None), Relative.wants_since < due.at)
    theirs = (
        select(Relative)
        .join(Resident, Resident.id == Relative.resident_id)
        .where(Relative.wants == wish, wished, Resident.community_id == community_id, agreed(), ~has_it)
    )
    waiting = theirs.where(~_is_being_asked()) if due.is_patient else theirs
    return session.scalars(waiting.order_by(Relative.id).limit(limit)).all()


def _is_being_asked() -> ColumnElement[bool]:
    """Whether a check-in of the resident is still open, to be used inside another statement."""
    return (
        exists()
        .where(CheckIn.resident_id == Resident.id, CheckIn.outcome.is_(None), CheckIn.round_id == Round.id)
        .where(Round.campaign_id == Campaign.id, Campaign.kind == CampaignKind.CHECK_IN)
        .correlate(Resident)
    )


def told_until(session: Session, relative_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """By relative, the end of the time of which they have been told; a text that did not arrive has told nothing."""
    arrived = or_(Text.id.is_(None), Text.state.not_in(_NOT_ARRIVED))
    found = (
        select(Digest.relative_id, func.max(Digest.told_until))
        .outerjoin(Text, Text.id == Digest.text_id)
        .where(Digest.relative_id.in_(relative_ids), arrived)
        .group_by(Digest.relative_id)
    )
    return dict(session.execute(found).all())


def decided(session: Session, resident_ids: Collection[UUID], since: datetime, until: datetime) -> Sequence[CheckIn]:
    """Check-ins of these residents with an outcome of that time which says how they are, or that nobody has asked.

    Of a notice only what they have said of themselves does.
    """
    of_themselves = and_(Campaign.kind == CampaignKind.NOTICE, CheckIn.outcome.in_(set(SAID) - {Outcome.OK}))
    tells = or_(and_(Campaign.kind == CampaignKind.CHECK_IN, CheckIn.outcome.not_in(UNASKED)), of_themselves)
    return session.scalars(
        select(CheckIn)
        .join(CheckIn.round)
        .join(Round.campaign)
        .where(CheckIn.resident_id.in_(resident_ids), CheckIn.decided_at > since, CheckIn.decided_at <= until, tells)
        .order_by(CheckIn.decided_at, CheckIn.id)
    ).all()


def cases_since(session: Session, resident_ids: Collection[UUID], since: datetime, until: datetime) -> Sequence[Case]:
    """Cases about these residents that were opened until then, and not closed before ``since``."""
    going_on = or_(Case.closed_at.is_(None), Case.closed_at >= since)
    about = (Case.resident_id.in_(resident_ids), Case.opened_at <= until, going_on)
    return session.scalars(select(Case).where(*about).order_by(Case.opened_at, Case.id)).all()
