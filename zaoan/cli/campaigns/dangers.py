"""What a campaign's user has to know before anybody is rung: about whom no helper could be told."""

from sqlalchemy.orm import Session

from campaigns.models import Campaign
from core import settings
from core.i18n import translate
from escalation.paging import reach
from zaoan.terminal.spoken import complain


def warn_of_gaps(session: Session, campaign: Campaign) -> None:
    """One red line on standard error for each gap in the ladders of a campaign's residents, and the way out."""
    language = settings.current().language
    gaps = reach.gaps_of(session, campaign.community_id, campaign.flags, campaign.id)
    for gap in gaps:
        said = translate(language, "Danger: {what}", what=reach.describe(gap, language))
        complain(said)
    if gaps:
        complain(translate(language, reach.WAY_OUT))
