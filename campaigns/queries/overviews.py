"""Every SELECT of lists of campaigns and rounds: which there are, a page at a time, and what came of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from campaigns.models import Campaign, CheckIn, Round


def campaign_of(session: Session, community_id: UUID, campaign_id: UUID) -> Campaign | None:
    """A campaign of this community that was not removed."""
    kept = (Campaign.community_id == community_id, Campaign.removed_at.is_(None))
    return session.scalars(select(Campaign).where(Campaign.id == campaign_id, *kept)).one_or_none()


def round_of(session: Session, community_id: UUID, round_id: UUID) -> Round | None:
    """A round of a campaign of this community, also of one that was removed."""
    found = select(Round).join(Round.campaign).where(Round.id == round_id, Campaign.community_id == community_id)
    return session.scalars(found.options(contains_eager(Round.campaign))).one_or_none()


def rounds(
    session: Session, community_id: UUID, limit: int, *, campaign_id: UUID | None = None, before: UUID | None = None
) -> Sequence[Round]:
    """Rounds of a community, or of one campaign of it, in the order in which they were begun, the latest first.

    With ``before`` those that were begun before that round.
    """
    found = select(Round).join(Round.campaign).where(Campaign.community_id == community_id)
    if campaign_id is not None:
        found = found.where(Round.campaign_id == campaign_id)
    if before is not None:
        found = found.where(Round.id < before)
    return session.scalars(found.options(contains_eager(Round.campaign)).order_by(Round.id.desc()).limit(limit)).all()


def rounds_due(session: Session, community_id: UUID, begins: datetime, ends: datetime) -> Sequence[Round]:
    """The rounds of a community that were due from ``begins`` on and before ``ends``, in the order of time."""
    ids = session.scalars(select(Campaign.id).where(Campaign.community_id == community_id)).all()
    within = (Round.campaign_id.in_(ids), Round.occurrence >= begins, Round.occurrence < ends)
    found = select(Round).join(Round.campaign).where(*within).options(contains_eager(Round.campaign))
    return session.scalars(found.order_by(Round.occurrence, Round.id)).all()


def due_instants(session: Session, community_id: UUID, begins: datetime, ends: datetime) -> Sequence[datetime]:
    """When rounds of a community were due, from ``begins`` on and before ``ends``."""
    ids = session.scalars(select(Campaign.id).where(Campaign.community_id == community_id)).all()
    within = (Round.campaign_id.in_(ids), Round.occurrence >= begins, Round.occurrence < ends)
    return session.scalars(select(Round.occurrence).where(*within)).all()


def first_round_at(session: Session, community_id: UUID) -> datetime | None:
    """When the first round of a community was due."""
    ids = session.scalars(select(Campaign.id).where(Campaign.community_id == community_id)).all()
    firsts = [session.scalar(select(func.min(Round.occurrence)).where(Round.campaign_id == each)) for each in ids]
    return min((each for each in firsts if each), default=None)


def latest_rounds(session: Session, campaign_ids: Sequence[UUID]) -> Mapping[UUID, Round]:
    """By campaign, its latest round; a campaign that has had none is not there."""
    other = aliased(Round)
    latest = select(func.max(other.occurrence)).where(other.campaign_id == Round.campaign_id).scalar_subquery()
    found = select(Round).where(Round.campaign_id.in_(campaign_ids), Round.occurrence == latest)
    return {each.campaign_id: each for each in session.scalars(found)}


def tallies(session: Session, round_ids: Sequence[UUID]) -> Mapping[UUID, Counter[str]]:
    """By round, its check-ins by outcome; those still open are counted under the empty string."""
    counted: dict[UUID, Counter[str]] = {each: Counter() for each in round_ids}
    of_rounds = select(CheckIn.round_id, CheckIn.outcome, func.count()).where(CheckIn.round_id.in_(round_ids))
    for round_id, outcome, count in session.execute(of_rounds.group_by(CheckIn.round_id, CheckIn.outcome)):
        counted[round_id][outcome or ""] = count
    return counted
