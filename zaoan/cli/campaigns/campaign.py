"""``zaoan campaign``: whom to ring, when, and what for."""

from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from campaigns import queries
from campaigns.models import Campaign, CampaignKind
from campaigns.rounds import lateness
from contacts.people.community import the_community
from core import clock, settings
from core.i18n import listed, translate
from core.running import ticks
from core.storage.database import reading, unit_of_work
from zaoan.cli.campaigns import campaign_options as options
from zaoan.cli.campaigns.audience import audience_document, flag_word, refuse_empty, say_audience
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word

if TYPE_CHECKING:
    from campaigns.rounds.schedule import Planned

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


def list_campaigns(as_json: Json = False) -> None:
    """Every campaign."""
    with installation_open(), reading() as session:
        known = queries.campaigns(session)
    if as_json:
        print_json([_document(campaign) for campaign in known])
        return
    show_table(
        ("name", "kind", "state", "time", "flags", "attempts"), map(_row, known),
        "There are no campaigns yet: zaoan campaign create",
    )  # fmt: skip


def create(
    name: Name,
    kind: Annotated[CampaignKind, typer.Option(parser=KIND, help="What it is for.")] = CampaignKind.CHECK_IN,
    message: options.Message = "",
    message_file: options.MessageFile = None,
    flags: options.Flags = "",
    everyone: options.Everyone = False,
    at: options.At = None,
    attempts: options.Attempts = 3,
    retry_minutes: options.RetryMinutes = 10,
    ring_seconds: options.RingSeconds = 60,
    early_minutes: options.EarlyMinutes = 120,
    late_words: options.Late = None,
    machine_detection: options.MachineDetection = True,
    allow_empty: AllowEmpty = False,
    as_json: Json = False,
) -> None:
    """Creates a campaign: a daily check-in, or a notice that is told once. Says how many people it rings."""
    from campaigns.rounds.schedule import Planned  # loads half of the service: the list starts faster without

    with installation_open():
        begins = options.time_of_day(at) if at is not None else None
        planned = Planned(
            kind=kind, flags=options.audience(flags, everyone), message=options.message(message, message_file),
            at=begins, attempts=attempts, retry_minutes=retry_minutes, ring_seconds=ring_seconds,
            early_minutes=early_minutes, late_until=lateness.late_until_of(late_words, begins or _default_at(kind)),
            machine_detection=machine_detection,
        )  # fmt: skip
        _create(name, planned, allow_empty=allow_empty, as_json=as_json)


def _create(name: str, planned: "Planned", *, allow_empty: bool, as_json: bool) -> None:
    from campaigns.audience import audience_of
    from campaigns.rounds import schedule
    from zaoan.cli.campaigns.dangers import warn_of_gaps

    with unit_of_work() as session:
        campaign = schedule.create_campaign(session, acting(), name, **planned)
        audience = audience_of(session, campaign, campaign.next_round_at or clock.now())
        if not (allow_empty or audience.ever):
            refuse_empty(campaign.name, audience)
        warn_of_gaps(session, campaign)
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json(_document(campaign) | {"audience": audience_document(audience)})
    else:
        _say_when(campaign, zone)
        say_audience(audience)


def start(
    name: Name,
    again: Annotated[
        bool, typer.Option("--again", help="Also whoever another round is asking, or has asked a short time ago.")
    ] = False,
    allow_empty: AllowEmpty = False,
    as_json: Json = False,
) -> None:
    """Starts a round now: prints its id, and below it how many people it rings."""
    from campaigns.audience import audience_of
    from campaigns.rounds import schedule
    from zaoan.cli.campaigns.dangers import warn_of_gaps

    with installation_open():
        with unit_of_work() as session:
            campaign = schedule.find(session, name)
            schedule.refuse_stopped(campaign)
            audience = audience_of(session, campaign, clock.now())
            if not (allow_empty or audience.people):
                refuse_empty(campaign.name, audience)
            round_id = schedule.start_now(session, acting(), campaign, timedelta(0) if again else None).id
            warn_of_gaps(session, campaign)
            running = ticks.is_running(session)
        if as_json:
            print_json({"id": round_id, "campaign": name, "audience": audience_document(audience),
                        "service_running": running})  # fmt: skip
            return
        print(round_id)
        if not running:
            say("No service is running, so nobody is rung yet. As soon as `zaoan up` runs:")
        say_audience(audience)


def pause(name: Name, note: Note = "", as_json: Json = False) -> None:
    """No round starts by itself until the campaign is resumed; a round under way ends."""
    from campaigns.rounds import round_stops, schedule
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.pause_campaign(session, acting(), schedule.find(session, name), note)
        stops.tell_campaign(session, change, as_json=as_json)


def resume(name: Name, as_json: Json = False) -> None:
    """Rounds start by themselves again, from the next one on; a round that was ended does not come back."""
    from campaigns.rounds import round_stops, schedule
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.resume_campaign(session, acting(), schedule.find(session, name))
        stops.tell_campaign(session, change, as_json=as_json)


def stop(name: Name, note: Note = "", as_json: Json = False) -> None:
    """The campaign starts no round ever again; a round under way ends."""
    from campaigns.rounds import round_stops, schedule
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.stop_campaign(session, acting(), schedule.find(session, name), note)
        stops.tell_campaign(session, change, as_json=as_json)


def _row(each: Campaign) -> tuple[str, ...]:
    at = each.at.strftime("%H:%M") if each.at else ""
    flag_words = listed(settings.current().language, map(flag_word, each.flags)) if each.flags else _word("everybody")
    return each.name, _word(f"campaign:{each.kind}"), _word(each.state), at, flag_words, str(each.attempts)


def _default_at(kind: CampaignKind) -> time | None:
    from campaigns.rounds.schedule import DEFAULT_AT

    return DEFAULT_AT if kind is CampaignKind.CHECK_IN else None


def _say_when(campaign: Campaign, zone: ZoneInfo) -> None:
    at = campaign.at.strftime("%H:%M") if campaign.at else ""
    if campaign.kind == CampaignKind.CHECK_IN:
        say("Campaign {name} rings every day at {at}.", name=campaign.name, at=at)
    elif at:
        say("Notice {name} is told once, at {at}.", name=campaign.name, at=at)
    else:
        say("Notice {name} is told when it is started: zaoan campaign start {name}", name=campaign.name)
    starts = campaign.next_round_at
    if starts is None:
        return
    if starts.astimezone(zone).date() > clock.now().astimezone(zone).date():
        say("It is past that time today: the first round is tomorrow, {at}.", at=minute(starts, zone))
    else:
        say("The first round is today, {at}.", at=minute(starts, zone))


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
        "late": lateness.spelled(campaign.late_until),
        "machine_detection": campaign.machine_detection,
        "next_round_at": campaign.next_round_at.isoformat() if campaign.next_round_at else None,
    }


def _word(word: str) -> str:
    return translate(settings.current().language, word)
