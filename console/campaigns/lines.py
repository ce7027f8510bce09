"""The list of campaigns: each as one sentence, how it stands, when it rings next, and its last round."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import rule_of
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, CampaignState
from campaigns.queries import overviews
from console.campaigns import sentences
from console.campaigns.results import RoundLine, round_lines
from contacts.models import Community
from core.i18n import Language

_ORDER = (CampaignState.ACTIVE, CampaignState.PAUSED, CampaignState.CHECKED, CampaignState.DRAFT, CampaignState.STOPPED)


@dataclass(frozen=True)
class CampaignLine:
    """One campaign in the list; ``last`` is None where it has had no round yet."""

    campaign: Campaign
    sentence: str
    last: RoundLine | None


def campaign_lines(session: Session, community: Community, language: Language) -> Sequence[CampaignLine]:
    """All campaigns, those that ring somebody first, those that have ended last; by name among these."""
    known = sorted(queries.campaigns(session), key=lambda each: _ORDER.index(each.state))
    latest = overviews.latest_rounds(session, [each.id for each in known])
    lines = {each.campaign_id: each for each in round_lines(session, list(latest.values()), language)}
    return [CampaignLine(each, sentence_of(session, community, each, language), lines.get(each.id)) for each in known]


def sentence_of(session: Session, community: Community, campaign: Campaign, language: Language) -> str:
    """What a campaign does, for people."""
    return sentences.sentence(session, community, campaign.kind, schedule_of(campaign), rule_of(campaign), language)
