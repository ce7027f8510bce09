"""What a campaign's user has to know before anybody is rung: about whom no helper could be told."""

from datetime import timedelta
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.audience import meant_by
from campaigns.models import Campaign
from campaigns.planning.line_time import Estimate
from contacts.models import Community
from core import clock, settings
from core.i18n import translate
from escalation.paging import reach
from escalation.roster.reading import gaps_ahead
from zaoan.checks.roster import judge_gaps
from zaoan.terminal.spoken import complain


def warn_of_gaps(session: Session, campaign: Campaign) -> None:
    """One red line on standard error for each gap in the ladders of a campaign's residents, and the way out."""
    language = settings.current().language
    community = session.get_one(Community, campaign.community_id)
    meant = meant_by(campaign, community, clock.now())
    gaps = reach.gaps_of(session, community.id, meant, campaign.id)
    for gap in gaps:
        said = translate(language, "Danger: {what}", what=reach.describe(gap, language))
        complain(said)
    if gaps:
        complain(translate(language, reach.WAY_OUT))
    warn_of_duty_gaps(session, community)


def warn_of_duty_gaps(session: Session, community: Community) -> None:
    """One red line where there is a roster and nobody is on duty at some time of the next days."""
    language, zone = settings.current().language, ZoneInfo(community.timezone)
    if lacking := gaps_ahead(session, community, clock.now()):
        complain(judge_gaps(lacking, zone).describe(language))


def warn_of_line_time(session: Session, campaign: Campaign) -> None:
    """One red line where the telephone line has no time for everybody before the deadline."""
    from campaigns.changes.campaign_checks import line_time
    from campaigns.queries.audiences import count_telephones

    community = session.get_one(Community, campaign.community_id)
    telephones = count_telephones(session, community.id, meant_by(campaign, community, clock.now()))
    needed = line_time(session, campaign, telephones)
    if not needed.fits:
        complain(line_words(telephones, needed))


def line_words(telephones: int, needed: Estimate) -> str:
    """How long the line needs, how long there is, and what would do where that is not enough."""
    said = translate(
        settings.current().language,
        "The line needs about {needs} for {telephones} telephones and has {there_is} until the deadline.",
        needs=_hours(needed.needs), telephones=telephones, there_is=_hours(needed.there_is),
    )  # fmt: skip
    return said if needed.fits else said + " " + _what_would_do(needed)


def _what_would_do(needed: Estimate) -> str:
    return translate(
        settings.current().language,
        "What would do: {calls} calls at once and {pace} a second, or --deadline-minutes {minutes}.",
        calls=needed.calls_at_once, pace=needed.per_second, minutes=ceil(needed.needs.total_seconds() / 60),
    )  # fmt: skip


def _hours(length: timedelta) -> str:
    minutes = ceil(length.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02}"
