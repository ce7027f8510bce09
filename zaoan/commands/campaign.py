"""``zaoan campaign``: whom to ring every day, and when."""

from datetime import datetime, time
from typing import Annotated

import typer
from rich.table import Table

from campaigns import queries, schedule
from campaigns.models import Campaign, CampaignState
from core import settings
from core.database import reading, unit_of_work
from core.errors import UserError
from core.i18n import translate
from zaoan.commands.common import Json, installation_open, out, print_json, say

app = typer.Typer(no_args_is_help=True, help="Campaigns: whom to ring every day, and when.")
Name = Annotated[str, typer.Argument(help="The campaign's name.")]


@app.command("list")
def list_campaigns(as_json: Json = False) -> None:
    """Every campaign."""
    with installation_open(), reading() as session:
        known = queries.campaigns(session)
    if as_json:
        print_json([_document(campaign) for campaign in known])
        return
    table = Table(*(_word(word) for word in ("name", "state", "time", "flags", "attempts")))
    for each in known:
        at = each.at.strftime("%H:%M") if each.at else ""
        table.add_row(each.name, _word(each.state), at, ", ".join(each.flags or ["*"]), str(each.attempts))
    out.print(table)


@app.command()
def create(
    name: Name,
    kind: Annotated[str, typer.Option(help="check-in")] = "check-in",
    flags: Annotated[str, typer.Option(help="Residents with one of these flags, separated by commas.")] = "",
    everyone: Annotated[bool, typer.Option("--everyone", help="Every resident who has agreed.")] = False,
    at: Annotated[str, typer.Option(help="Community time, HH:MM.")] = "08:00",
    attempts: Annotated[int, typer.Option(help="Calls to one resident at most.")] = 3,
    retry_minutes: Annotated[int, typer.Option(help="Minutes between two attempts.")] = 10,
    ring_seconds: Annotated[int, typer.Option(help="Seconds of ringing.")] = 60,
    early_minutes: Annotated[int, typer.Option(help="Whoever rings in so long before a round is not rung.")] = 120,
    machine_detection: Annotated[
        bool, typer.Option(help="Tell answering machines from people who hang up, and leave them a message.")
    ] = True,
) -> None:
    """Creates a daily campaign."""
    with installation_open():
        chosen_flags = _audience(flags, everyone)
        if kind != "check-in":
            raise UserError(
                "There is no kind of campaign {value}.", way_out="Choose check-in.", field="kind", value=kind
            )
        with unit_of_work() as session:
            schedule.create_campaign(
                session,
                name,
                flags=chosen_flags,
                at=_time(at),
                attempts=attempts,
                retry_minutes=retry_minutes,
                ring_seconds=ring_seconds,
                early_minutes=early_minutes,
                machine_detection=machine_detection,
            )
        say("Campaign {name} rings every day at {at}.", name=name, at=at)


@app.command()
def start(name: Name) -> None:
    """Starts a round now and prints its id."""
    with installation_open(), unit_of_work() as session:
        print(schedule.start_now(session, schedule.find(session, name)).id)


@app.command()
def pause(name: Name) -> None:
    """No round starts by itself until the campaign is resumed."""
    _set_state(name, CampaignState.PAUSED)


@app.command()
def resume(name: Name) -> None:
    """Rounds start by themselves again."""
    _set_state(name, CampaignState.ACTIVE)


@app.command()
def stop(name: Name) -> None:
    """The campaign starts no round ever again."""
    _set_state(name, CampaignState.STOPPED)


def _set_state(name: str, state: CampaignState) -> None:
    with installation_open(), unit_of_work() as session:
        schedule.set_state(session, schedule.find(session, name), state)


def _audience(flags: str, everyone: bool) -> list[str] | None:
    named = [flag.strip() for flag in flags.replace("、", ",").replace("，", ",").split(",") if flag.strip()]
    if bool(named) == everyone:
        raise UserError(
            "It is not clear whom to ring.", way_out="Give either --flags or --everyone.", field="flags", value=flags
        )
    return None if everyone else named


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day in the community's zone
    except ValueError as wrong:
        raise UserError(
            "{value} is not a time.", way_out="Write it as HH:MM, for example 08:00.", field="at", value=text
        ) from wrong


def _document(campaign: Campaign) -> dict[str, object]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "kind": campaign.kind,
        "state": campaign.state,
        "flags": campaign.flags,
        "at": campaign.at.strftime("%H:%M") if campaign.at else None,
        "attempts": campaign.attempts,
        "retry_minutes": campaign.retry_minutes,
        "ring_seconds": campaign.ring_seconds,
        "early_minutes": campaign.early_minutes,
        "machine_detection": campaign.machine_detection,
        "next_round_at": campaign.next_round_at.isoformat() if campaign.next_round_at else None,
    }


def _word(word: str) -> str:
    return translate(settings.current().language, word)
