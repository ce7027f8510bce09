"""``zaoan campaign``: whom to ring, when, and what for."""

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from campaigns import late, queries
from campaigns.models import Campaign, CampaignKind
from core import clock, settings
from core.database import reading, unit_of_work
from core.i18n import translate
from zaoan.commands import campaign_changes
from zaoan.commands.audience import audience_document, flag_word, refuse_empty, say_audience
from zaoan.commands.campaign_options import audience as _audience
from zaoan.commands.campaign_options import message as _message
from zaoan.commands.campaign_options import time_of_day as _time
from zaoan.commands.common import Json, acting, installation_open, out, print_json, say
from zaoan.commands.words import Word

app = typer.Typer(no_args_is_help=True, help="Campaigns: whom to ring, when, and what for.")
Name = Annotated[str, typer.Argument(help="The campaign's name.")]
Note = Annotated[str, typer.Option(help="Why, for whoever looks at the round later.")]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="Also where there is nobody whom it could ring.")]
KIND = Word(
    CampaignKind,
    {
        CampaignKind.CHECK_IN: ("问候", "问安", "早安", "每日问候", "checkin"),
        CampaignKind.NOTICE: ("通知", "公告", "告知"),
    },
)
for command in (campaign_changes.edit, campaign_changes.rename, campaign_changes.remove):
    app.command()(command)


@app.command("list")
def list_campaigns(as_json: Json = False) -> None:
    """Every campaign."""
    with installation_open(), reading() as session:
        known = queries.campaigns(session)
    if as_json:
        print_json([_document(campaign) for campaign in known])
        return
    table = Table(*(_word(word) for word in ("name", "kind", "state", "time", "flags", "attempts")))
    for each in known:
        at = each.at.strftime("%H:%M") if each.at else ""
        kind, flags = _word(f"campaign:{each.kind}"), ", ".join(map(flag_word, each.flags or ["*"]))
        table.add_row(each.name, kind, _word(each.state), at, flags, str(each.attempts))
    out.print(table)


@app.command()
def create(
    name: Name,
    kind: Annotated[CampaignKind, typer.Option(parser=KIND, help="What it is for.")] = CampaignKind.CHECK_IN,
    message: Annotated[str, typer.Option(help="What a notice tells.")] = "",
    message_file: Annotated[Path | None, typer.Option(help="A text file with what a notice tells.")] = None,
    flags: Annotated[str, typer.Option(help="Residents with one of these flags, separated by commas.")] = "",
    everyone: Annotated[bool, typer.Option("--everyone", help="Every resident who has agreed.")] = False,
    at: Annotated[
        str | None, typer.Option(help="Community time, HH:MM; a check-in is daily, by default at 08:00, a notice once.")
    ] = None,
    attempts: Annotated[int, typer.Option(help="Calls to one resident at most.")] = 3,
    retry_minutes: Annotated[int, typer.Option(help="Minutes between two attempts.")] = 10,
    ring_seconds: Annotated[int, typer.Option(help="Seconds of ringing.")] = 60,
    early_minutes: Annotated[int, typer.Option(help="Whoever rings in so long before a round is not rung.")] = 120,
    late_words: Annotated[
        str | None,
        typer.Option(
            "--late",
            help='What a missed round does: "ring-until 12:00", the latest time of its day, or never. '
            "Otherwise a check-in is rung up to four hours late, a notice up to a day.",
        ),
    ] = None,
    machine_detection: Annotated[
        bool, typer.Option(help="Tell answering machines from people who hang up, and leave them a message.")
    ] = True,
    allow_empty: AllowEmpty = False,
    as_json: Json = False,
) -> None:
    """Creates a campaign: a daily check-in, or a notice that is told once. Says how many people it rings."""
    from campaigns import schedule  # loads half of the service, as do those below: the list starts faster without
    from campaigns.audience import audience_of
    from zaoan.commands.dangers import warn_of_gaps

    with installation_open():
        chosen_flags = _audience(flags, everyone)
        told = _message(message, message_file)
        begins = _time(at) if at is not None else None
        with unit_of_work() as session:
            campaign = schedule.create_campaign(
                session,
                name,
                flags=chosen_flags,
                kind=kind,
                message=told,
                at=begins,
                attempts=attempts,
                retry_minutes=retry_minutes,
                ring_seconds=ring_seconds,
                early_minutes=early_minutes,
                late_until=late.late_until_of(late_words, begins or _default_at(kind)),
                machine_detection=machine_detection,
            )
            audience = audience_of(session, campaign, campaign.next_round_at or clock.now())
            if not (allow_empty or audience.ever):
                refuse_empty(campaign.name, audience)
            warn_of_gaps(session, campaign.flags)
        if as_json:
            print_json(_document(campaign) | {"audience": audience_document(audience)})
        else:
            _say_when(campaign)
            say_audience(audience)


@app.command()
def start(
    name: Name,
    again: Annotated[
        bool, typer.Option("--again", help="Also whoever another round is asking, or has asked a short time ago.")
    ] = False,
    allow_empty: AllowEmpty = False,
    as_json: Json = False,
) -> None:
    """Starts a round now: prints its id, and below it how many people it rings."""
    from campaigns import schedule
    from campaigns.audience import audience_of
    from zaoan.commands.dangers import warn_of_gaps

    with installation_open():
        with unit_of_work() as session:
            campaign = schedule.find(session, name)
            audience = audience_of(session, campaign, clock.now())
            if not (allow_empty or audience.people):
                refuse_empty(campaign.name, audience)
            round_id = schedule.start_now(session, campaign, timedelta(0) if again else None).id
            warn_of_gaps(session, campaign.flags)
        if as_json:
            print_json({"id": round_id, "campaign": name, "audience": audience_document(audience)})
        else:
            print(round_id)
            say_audience(audience)


@app.command()
def pause(name: Name, note: Note = "", as_json: Json = False) -> None:
    """No round starts by itself until the campaign is resumed; a round under way ends."""
    from campaigns import round_stops, schedule
    from zaoan.commands import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.pause_campaign(session, acting(), schedule.find(session, name), note)
        stops.tell_campaign(session, change, as_json=as_json)


@app.command()
def resume(name: Name, as_json: Json = False) -> None:
    """Rounds start by themselves again, from the next one on; a round that was ended does not come back."""
    from campaigns import round_stops, schedule
    from zaoan.commands import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.resume_campaign(session, acting(), schedule.find(session, name))
        stops.tell_campaign(session, change, as_json=as_json)


@app.command()
def stop(name: Name, note: Note = "", as_json: Json = False) -> None:
    """The campaign starts no round ever again; a round under way ends."""
    from campaigns import round_stops, schedule
    from zaoan.commands import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.stop_campaign(session, acting(), schedule.find(session, name), note)
        stops.tell_campaign(session, change, as_json=as_json)


def _default_at(kind: CampaignKind) -> time | None:
    from campaigns.schedule import DEFAULT_AT

    return DEFAULT_AT if kind is CampaignKind.CHECK_IN else None


def _say_when(campaign: Campaign) -> None:
    at = campaign.at.strftime("%H:%M") if campaign.at else ""
    if campaign.kind == CampaignKind.CHECK_IN:
        say("Campaign {name} rings every day at {at}.", name=campaign.name, at=at)
    elif at:
        say("Notice {name} is told once, at {at}.", name=campaign.name, at=at)
    else:
        say("Notice {name} is told when it is started: zaoan campaign start {name}", name=campaign.name)


def _document(campaign: Campaign) -> dict[str, object]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "kind": campaign.kind,
        "message": campaign.message or None,
        "state": campaign.state,
        "flags": campaign.flags,
        "at": campaign.at.strftime("%H:%M") if campaign.at else None,
        "attempts": campaign.attempts,
        "retry_minutes": campaign.retry_minutes,
        "ring_seconds": campaign.ring_seconds,
        "early_minutes": campaign.early_minutes,
        "late": late.spelled(campaign.late_until),
        "machine_detection": campaign.machine_detection,
        "next_round_at": campaign.next_round_at.isoformat() if campaign.next_round_at else None,
    }


def _word(word: str) -> str:
    return translate(settings.current().language, word)
