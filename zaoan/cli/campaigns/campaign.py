"""``zaoan campaign``: whom to ring, when, and what for."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from campaigns import queries
from campaigns.audiences.rules import flags_of, parsed
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.rounds import lateness
from contacts.community.community import the_community
from core import clock, settings
from core.i18n import translate
from core.running import ticks
from core.storage.database import reading, unit_of_work
from zaoan.cli.campaigns import campaign_options as options
from zaoan.cli.campaigns.audience import audience_document, audience_words, refuse_empty, say_audience
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word

if TYPE_CHECKING:
    from campaigns.audience import Described
    from campaigns.changes.new_campaigns import Planned

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
        words = audience_words(session, known)
    if as_json:
        print_json([campaign_document(each, words[each.id]) for each in known])
        return
    show_table(
        ("name", "kind", "state", "time", "who is rung", "attempts"), (_row(each, words[each.id]) for each in known),
        "There are no campaigns yet: zaoan campaign create",
    )  # fmt: skip


def create(
    name: Name,
    kind: Annotated[CampaignKind, typer.Option(parser=KIND, help="What it is for.")] = CampaignKind.CHECK_IN,
    message: options.Message = "",
    message_file: options.MessageFile = None,
    flags: options.Flags = "",
    everyone: options.Everyone = False,
    rule: options.Audience = "",
    at: options.At = None,
    days: options.Days = "",
    month_days: options.MonthDays = "",
    on: options.On = "",
    first: options.First = "",
    last: options.Last = "",
    but: options.But = "",
    every: options.Every = None,
    attempts: options.Attempts = 3,
    retry_minutes: options.RetryMinutes = 10,
    retry: options.Retry = "",
    spread_minutes: options.SpreadMinutes = 0,
    deadline_minutes: options.DeadlineMinutes = None,
    ring_seconds: options.RingSeconds = 60,
    early_minutes: options.EarlyMinutes = 120,
    late_words: options.Late = None,
    machine_detection: options.MachineDetection = True,
    draft: Annotated[bool, typer.Option("--draft", help="Rings nobody until `zaoan campaign activate`.")] = False,
    allow_empty: AllowEmpty = False,
    as_json: Json = False,
) -> None:
    """Creates a campaign: a daily check-in, or a notice that is told once. Says how many people it rings."""
    from campaigns.changes.new_campaigns import Planned  # loads half of the service: the list starts faster without
    from campaigns.changes.typed_schedules import typed_schedule
    from campaigns.planning import retries
    from campaigns.planning.retries import usual
    from campaigns.schedules.plans import times_of
    from campaigns.schedules.written import Typed

    with installation_open():
        typed = Typed(at or "", days, month_days, on, first, last, but, every)
        with reading() as session:
            planned_at = typed_schedule(kind, typed, ZoneInfo(the_community(session).timezone))
        begins = next(iter(times_of(planned_at)), None)
        chosen = options.audience(flags, everyone, rule)
        planned = Planned(
            kind=kind, flags=chosen, message=options.message(message, message_file),
            schedule=planned_at, attempts=attempts, retry_minutes=retry_minutes, ring_seconds=ring_seconds,
            early_minutes=early_minutes, late_until=lateness.late_until_of(late_words, begins),
            machine_detection=machine_detection, spread_minutes=spread_minutes, deadline=deadline_minutes,
            draft=draft,
        )  # fmt: skip
        if retry:
            planned["retries"] = dict(usual(retry_minutes)) | dict(retries.read(retry))
        _create(name, planned, rule, allow_empty=allow_empty, as_json=as_json)


def _create(name: str, planned: "Planned", rule: str, *, allow_empty: bool, as_json: bool) -> None:
    from campaigns.audience import audience_of, read
    from campaigns.changes import new_campaigns
    from zaoan.cli.campaigns.dangers import warn_of_gaps, warn_of_line_time

    with unit_of_work() as session:
        if rule:
            planned["audience"] = read(session, the_community(session).id, rule)
        campaign = new_campaigns.create_campaign(session, acting(), name, **planned)
        audience = audience_of(session, campaign, campaign.next_round_at or clock.now())
        if not (allow_empty or planned.get("draft") or audience.ever):
            refuse_empty(campaign.name, audience)
        warn_of_gaps(session, campaign)
        warn_of_line_time(session, campaign)
        zone = ZoneInfo(the_community(session).timezone)
        words = audience_words(session, [campaign])[campaign.id]
    if as_json:
        print_json(campaign_document(campaign, words) | {"audience": audience_document(audience)})
    else:
        if campaign.state == CampaignState.DRAFT:
            say("Campaign {name} is a draft and rings nobody: zaoan campaign activate {name}", name=campaign.name)
        _say_when(campaign, zone)
        say_audience(audience)


def start(
    name: Name,
    again: Annotated[
        bool, typer.Option("--again", help="Also whoever another round is asking, or has asked a short time ago.")
    ] = False,
    only: Annotated[
        str, typer.Option("--only", metavar="RULE", help="Of its audience, only these: unanswered:latest, area:3.")
    ] = "",
    allow_empty: AllowEmpty = False,
    as_json: Json = False,
) -> None:
    """Starts a round now: prints its id, and below it how many people it rings."""
    from campaigns.audience import audience_of, read
    from campaigns.changes import campaign_lookup, campaign_states, round_starts
    from zaoan.cli.campaigns.dangers import warn_of_gaps

    with installation_open():
        with unit_of_work() as session:
            campaign = campaign_lookup.find(session, name)
            campaign_states.refuse_stopped(campaign)
            selection = read(session, campaign.community_id, only) if only else None
            audience = audience_of(session, campaign, clock.now(), selection)
            if not (allow_empty or audience.people):
                refuse_empty(campaign.name, audience)
            round_id = round_starts.start_now(
                session, acting(), campaign, _between(again, selection is not None), selection
            ).id
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


def _between(again: bool, selected: bool) -> timedelta | None:
    """Whom another round has asked so recently is not rung: a selection is rung again, but never while being asked."""
    if again:
        return timedelta(0)
    return timedelta(microseconds=1) if selected else None


def pause(name: Name, note: Note = "", as_json: Json = False) -> None:
    """No round starts by itself until the campaign is resumed; a round under way ends."""
    from campaigns.changes import campaign_lookup
    from campaigns.rounds import round_stops
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.pause_campaign(session, acting(), campaign_lookup.find(session, name), note)
        stops.tell_campaign(session, change, as_json=as_json)


def resume(name: Name, as_json: Json = False) -> None:
    """Rounds start by themselves again, from the next one on; a round that was ended does not come back."""
    from campaigns.changes import campaign_lookup
    from campaigns.rounds import round_stops
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.resume_campaign(session, acting(), campaign_lookup.find(session, name))
        stops.tell_campaign(session, change, as_json=as_json)


def stop(name: Name, note: Note = "", as_json: Json = False) -> None:
    """The campaign starts no round ever again; a round under way ends."""
    from campaigns.changes import campaign_lookup
    from campaigns.rounds import round_stops
    from zaoan.cli.campaigns import stops

    with installation_open(), unit_of_work() as session:
        change = round_stops.stop_campaign(session, acting(), campaign_lookup.find(session, name), note)
        stops.tell_campaign(session, change, as_json=as_json)


def _row(each: Campaign, audience: "Described") -> tuple[str, ...]:
    return (
        each.name,
        _word(f"campaign:{each.kind}"),
        _word(each.state),
        when(each),
        audience.sentence,
        str(each.attempts),
    )


def _say_when(campaign: Campaign, zone: ZoneInfo) -> None:
    by_hand = campaign.schedule["schedule"]["kind"] == "by_hand"
    if campaign.kind == CampaignKind.CHECK_IN and not by_hand:
        say("Campaign {name} rings {when}.", name=campaign.name, when=when(campaign))
    elif not by_hand:
        say("Notice {name} is told {when}.", name=campaign.name, when=when(campaign))
    elif campaign.kind == CampaignKind.CHECK_IN:
        say("Campaign {name} rings when it is started: zaoan campaign start {name}", name=campaign.name)
    else:
        say("Notice {name} is told when it is started: zaoan campaign start {name}", name=campaign.name)
    starts = campaign.next_round_at
    if starts is None:
        return
    days = (starts.astimezone(zone).date() - clock.now().astimezone(zone).date()).days
    if days > 1:
        say("The first round is on {at}.", at=minute(starts, zone))
    elif days:
        say("It is past that time today: the first round is tomorrow, {at}.", at=minute(starts, zone))
    else:
        say("The first round is today, {at}.", at=minute(starts, zone))


def campaign_document(campaign: Campaign, audience: "Described") -> dict[str, object]:
    """A campaign for programs; ``flags`` are those that its rule names, ``at`` its first time of day."""
    from campaigns.schedules import plans
    from campaigns.schedules.plans import times_of

    return {
        "id": campaign.id,
        "name": campaign.name,
        "kind": campaign.kind,
        "message": campaign.message or None,
        "state": campaign.state,
        "audience": campaign.audience | {"sentence": audience.sentence, "written": audience.written},
        "flags": flags_of(parsed(campaign.audience)),
        "schedule": campaign.schedule | {"sentence": when(campaign)},
        "at": next((f"{each:%H:%M}" for each in times_of(plans.parsed(campaign.schedule))), None),
        "attempts": campaign.attempts,
        "retry_minutes": campaign.retry_minutes,
        "retries": campaign.retries,
        "spread_minutes": campaign.spread_minutes,
        "deadline_minutes": campaign.deadline_minutes,
        "version": campaign.version,
        "ring_seconds": campaign.ring_seconds,
        "early_minutes": campaign.early_minutes,
        "late": lateness.spelled(campaign.late_until),
        "machine_detection": campaign.machine_detection,
        "next_round_at": campaign.next_round_at.isoformat() if campaign.next_round_at else None,
    }


def when(campaign: Campaign) -> str:
    """The days and times of a campaign, in the installation's language."""
    from campaigns.schedules import plans, words

    return words.sentence(plans.parsed(campaign.schedule), settings.current().language)


def _word(word: str) -> str:
    return translate(settings.current().language, word)
