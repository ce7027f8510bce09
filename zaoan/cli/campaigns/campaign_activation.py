"""``zaoan campaign check|activate``: can it be carried out as it is planned, and from when on does it ring?"""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from campaigns.changes import campaign_checks, campaign_lookup
from campaigns.changes.campaign_checks import CampaignCheck, Problem
from contacts.community.community import the_community
from core import settings
from core.i18n import translate
from core.storage.database import unit_of_work
from escalation.paging import reach
from zaoan.cli.campaigns.audience import audience_document, say_audience
from zaoan.cli.campaigns.dangers import line_words
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say
from zaoan.terminal.spoken import complain

Name = Annotated[str, typer.Argument(help="The campaign's name.")]


def check(name: Name, as_json: Json = False) -> None:
    """Whether a campaign can be carried out as it is planned: exit 1 where something stands in the way."""
    with installation_open():
        with unit_of_work() as session:
            campaign = campaign_lookup.find(session, name)
            found = campaign_checks.mark_checked(session, acting(), campaign)
            zone = ZoneInfo(the_community(session).timezone)
        if as_json:
            print_json(_document(name, campaign.state, found))
        else:
            _tell(found, zone)
        if found.problems:
            raise typer.Exit(1)


def activate(
    name: Name,
    anyway: Annotated[bool, typer.Option("--anyway", help="Although something stands in the way.")] = False,
    as_json: Json = False,
) -> None:
    """A draft starts rounds by itself from now on, if nothing stands in the way."""
    with installation_open():
        with unit_of_work() as session:
            campaign = campaign_lookup.find(session, name)
            found = campaign_checks.activate(session, acting(), campaign, anyway=anyway)
            zone = ZoneInfo(the_community(session).timezone)
        if as_json:
            print_json(_document(name, campaign.state, found))
            return
        say("Campaign {name} is active.", name=name)
        _tell(found, zone)


def _tell(found: CampaignCheck, zone: ZoneInfo) -> None:
    say_audience(found.audience)
    if found.next_round_at:
        say("The next round is on {at}.", at=minute(found.next_round_at, zone))
    if Problem.NO_ROUND in found.problems:
        complain(_say("Its schedule has no round any more."))
    (print if found.line.fits else complain)(line_words(found.telephones, found.line))
    for gap in found.gaps:
        complain(_say("Danger: {what}", what=reach.describe(gap, settings.current().language)))
    if not found.problems:
        say("Nothing stands in the way.")


def _say(text: str, **parameters: object) -> str:
    return translate(settings.current().language, text, **parameters)


def _document(name: str, state: str, found: CampaignCheck) -> dict[str, Any]:
    return {
        "campaign": name,
        "state": state,
        "problems": list(found.problems),
        "audience": audience_document(found.audience),
        "telephones": found.telephones,
        "next_round_at": found.next_round_at.isoformat() if found.next_round_at else None,
        "line": {
            "needs_minutes": round(found.line.needs.total_seconds() / 60),
            "has_minutes": round(found.line.there_is.total_seconds() / 60),
            "calls_at_once_needed": found.line.calls_at_once,
            "calls_per_second_needed": found.line.per_second,
        },
        "gaps": [reach.describe(each, settings.current().language) for each in found.gaps],
    }
