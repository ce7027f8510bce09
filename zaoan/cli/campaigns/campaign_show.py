"""``zaoan campaign show``: everything about one campaign."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from campaigns.changes import campaign_lookup
from campaigns.models import CampaignKind
from campaigns.planning import retries
from campaigns.rounds import lateness
from contacts.community.community import the_community
from core import settings
from core.i18n import translate
from core.storage.database import reading
from zaoan.cli.campaigns.audience import audience_words
from zaoan.cli.campaigns.campaign import campaign_document, when
from zaoan.terminal.common import Json, installation_open, minute, print_fields, print_json


def show(name: Annotated[str, typer.Argument(help="The campaign's name.")], as_json: Json = False) -> None:
    """Everything about one campaign."""
    with installation_open(), reading() as session:
        campaign = campaign_lookup.find(session, name)
        words = audience_words(session, [campaign])[campaign.id]
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json(campaign_document(campaign, words))
        return
    late = lateness.spelled(campaign.late_until)
    print_fields({
        "name": campaign.name,
        "kind": _word(f"campaign:{campaign.kind}"),
        "state": _word(campaign.state),
        "who is rung": words.sentence,
        "as a rule": words.written,
        "when": when(campaign),
        "next round": minute(campaign.next_round_at, zone) if campaign.next_round_at else "",
        "message": campaign.message if campaign.kind == CampaignKind.NOTICE else "",
        "attempts": str(campaign.attempts),
        "minutes between two attempts": str(campaign.retry_minutes),
        "minutes after each result": retries.written(campaign.retries),
        "minutes over which first calls are spread": str(campaign.spread_minutes),
        "minutes that a round may take": str(campaign.deadline_minutes),
        "seconds of ringing": str(campaign.ring_seconds),
        "a missed round is rung until": late or _word("the usual"),
        "version": str(campaign.version),
    })  # fmt: skip


def _word(word: str) -> str:
    return translate(settings.current().language, word)
