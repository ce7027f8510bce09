"""What a tick of the campaigns looks for every second, and whether any of it is there: one statement says so.

``now`` is the clock's instant, a parameter of each.
"""

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CampaignState, CheckIn, Round, Trial

_NOW: BindParameter[datetime] = bindparam("now")
ROUND_IS_OVER = Round.completed_at.is_(None) & (Round.deadline <= _NOW)
CAMPAIGN_IS_DUE = (Campaign.state == CampaignState.ACTIVE) & (Campaign.next_round_at <= _NOW)
CHECK_IN_IS_DUE = (CheckIn.next_attempt_at <= _NOW) & (Round.deadline > _NOW)
"""Of a check-in joined with its round."""
TRIAL_IS_DUE = Trial.next_attempt_at <= _NOW
_ANY = select(
    or_(
        exists(select(Round.id).where(ROUND_IS_OVER)),
        exists(select(Campaign.id).where(CAMPAIGN_IS_DUE)),
        exists(select(CheckIn.id).join(CheckIn.round).where(CHECK_IN_IS_DUE)),
        exists(select(Trial.id).where(TRIAL_IS_DUE)),
    )
)


def is_any(session: Session, now: datetime) -> bool:
    """Whether a round is past its deadline, or a campaign, a check-in or a trial is due."""
    return bool(session.scalar(_ANY, {"now": now}))
