"""In which states a campaign starts nothing."""

from campaigns.models import Campaign, CampaignState
from core.errors import ConflictError


def refuse_stopped(campaign: Campaign) -> None:
    """Raises ``ConflictError`` for a campaign that has been stopped, and therefore starts nothing any more."""
    if campaign.state == CampaignState.STOPPED:
        raise ConflictError(
            "Campaign {value} has been stopped.", way_out="Create a new one.", field="campaign", value=campaign.name
        )


def refuse_draft(campaign: Campaign) -> None:
    """Raises ``ConflictError`` for a campaign that has never been activated, and therefore rings nobody."""
    if campaign.state in {CampaignState.DRAFT, CampaignState.CHECKED}:
        raise ConflictError(
            "Campaign {value} is a draft.", way_out="Activate it first: zaoan campaign activate {value}",
            field="campaign", value=campaign.name,
        )  # fmt: skip
