"""Campaigns as people name them."""

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import Campaign
from core.errors import NotFoundError


def find(session: Session, name: str) -> Campaign:
    """The campaign of this name; raises ``NotFoundError`` that lists those there are."""
    campaign = queries.campaign_named(session, name)
    if campaign is None:
        known = ", ".join(each.name for each in queries.campaigns(session)) or "-"
        raise NotFoundError(
            "There is no campaign {value}.", way_out="There are: {known}.", field="campaign", value=name, known=known
        )
    return campaign
