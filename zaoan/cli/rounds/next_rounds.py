"""``zaoan campaign next``: when a campaign has its next rounds."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core import clock
from core.storage.database import reading
from zaoan.terminal.common import Json, installation_open, minute, print_json, say
from zaoan.terminal.tables import show_table

SHOWN = 10


def show(
    name: Annotated[str, typer.Argument(help="The campaign's name.")],
    count: Annotated[int, typer.Option(min=1, max=400, help="So many.")] = SHOWN,
    as_json: Json = False,
) -> None:
    """When a campaign has its next rounds."""
    from campaigns.changes import campaign_lookup  # loads half of the service: other commands start faster without
    from campaigns.changes.typed_schedules import schedule_of
    from campaigns.models import CampaignState
    from campaigns.schedules import occurrences
    from zaoan.cli.campaigns.campaign import when

    with installation_open(), reading() as session:
        campaign = campaign_lookup.find(session, name)
        zone = ZoneInfo(the_community(session).timezone)
        coming = occurrences.upcoming(schedule_of(campaign), zone, clock.now(), count)
    if as_json:
        print_json({"campaign": name, "state": campaign.state, "schedule": when(campaign),
                    "next": [each.astimezone(zone).isoformat() for each in coming]})  # fmt: skip
        return
    say("{name}: {when}.", name=name, when=when(campaign))
    if campaign.state != CampaignState.ACTIVE:
        say("It is not active: no round starts by itself.")
    show_table(("round",), [(minute(each, zone),) for each in coming], "No round starts by itself any more.")
