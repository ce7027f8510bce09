"""What has happened in a community so far, each answered by the first row that shows it."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CampaignKind, CampaignState, CheckIn, Outcome, Round

SAID = (Outcome.OK, Outcome.NEEDS_SUPPLIES, Outcome.UNWELL, Outcome.WANTS_PERSON)
"""What only a resident who was heard can have said."""
LIVING = (CampaignState.ACTIVE, CampaignState.PAUSED)


def has_heard_a_resident(session: Session, community_id: UUID) -> bool:
    """Whether any resident has ever said in a check-in how they are."""
    theirs = exists().where(CheckIn.outcome.in_(SAID), CheckIn.round_id == Round.id,
                            Round.campaign_id == Campaign.id, Campaign.community_id == community_id)  # fmt: skip
    return bool(session.scalar(select(theirs)))


def has_check_in_campaign(session: Session, community_id: UUID) -> bool:
    """Whether a campaign that asks residents how they are was started and has not ended; a paused one counts."""
    one = exists().where(Campaign.community_id == community_id, Campaign.kind == CampaignKind.CHECK_IN,
                         Campaign.state.in_(LIVING), Campaign.removed_at.is_(None))  # fmt: skip
    return bool(session.scalar(select(one)))
