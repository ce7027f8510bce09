"""``zaoan campaign edit|rename|remove``: changes a campaign, and says what it was before."""

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from core import settings
from core.changes import Changed
from core.errors import UserError
from core.storage.database import reading, unit_of_work
from zaoan.cli.campaigns import campaign_options as options
from zaoan.cli.campaigns.campaign_options import (
    Audience,
    Everyone,
    Flags,
    Message,
    MessageFile,
    audience,
    message,
)
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say

if TYPE_CHECKING:
    from campaigns.changes.campaign_changes import Edited

Name = Annotated[str, typer.Argument(help="The campaign's name.")]


def edit(
    name: Name,
    flags: Flags = "",
    everyone: Everyone = False,
    rule: Audience = "",
    at: Annotated[str | None, typer.Option(help="Community time, HH:MM, also several.")] = None,
    days: options.Days = "",
    month_days: options.MonthDays = "",
    on: options.On = "",
    first: options.First = "",
    last: options.Last = "",
    but: options.But = "",
    every: options.Every = None,
    attempts: Annotated[int | None, typer.Option(help="Calls to one resident at most.")] = None,
    retry_minutes: Annotated[int | None, typer.Option(help="Minutes between two attempts.")] = None,
    retry: options.Retry = "",
    spread_minutes: Annotated[
        int | None, typer.Option(help="First calls are spread evenly over so many minutes.")
    ] = None,
    deadline_minutes: options.DeadlineMinutes = None,
    ring_seconds: Annotated[int | None, typer.Option(help="Seconds of ringing.")] = None,
    early_minutes: Annotated[
        int | None, typer.Option(help="Whoever rings in so long before a round is not rung.")
    ] = None,
    late_words: Annotated[
        str | None,
        typer.Option("--late", help='What a missed round does: "ring-until 12:00", or never; empty for the usual.'),
    ] = None,
    machine_detection: Annotated[
        bool | None,
        typer.Option(
            "--machine-detection/--no-machine-detection",
            help="Tell answering machines from people who hang up, and leave them a message.",
        ),
    ] = None,
    told: Message = "",
    message_file: MessageFile = None,
    as_json: Json = False,
) -> None:
    """Changes the plan of a campaign, and says when its next round is; a round under way keeps its people."""
    from campaigns.audience import read
    from campaigns.changes import (  # half of the service: the list starts faster without
        campaign_changes,
        campaign_lookup,
    )
    from campaigns.changes.campaign_changes import Plan
    from campaigns.changes.typed_schedules import changed_schedule
    from campaigns.planning import retries
    from campaigns.rounds import lateness
    from campaigns.schedules.written import Typed

    numbers = {"attempts": attempts, "retry_minutes": retry_minutes, "ring_seconds": ring_seconds,
               "early_minutes": early_minutes, "machine_detection": machine_detection, "spread_minutes": spread_minutes,
               "deadline_minutes": deadline_minutes}  # fmt: skip
    with installation_open(), unit_of_work() as session:
        plan = Plan(**{what: value for what, value in numbers.items() if value is not None})  # type: ignore[typeddict-item]
        if flags or everyone or rule:
            plan["flags"] = audience(flags, everyone, rule)
        if retry:
            plan["retries"] = dict(campaign_lookup.find(session, name).retries) | dict(retries.read(retry))
        if rule:
            plan["audience"] = read(session, the_community(session).id, rule)
        typed = Typed(at or "", days, month_days, on, first, last, but, every)
        if not typed.is_empty:
            zone = ZoneInfo(the_community(session).timezone)
            plan["schedule"] = changed_schedule(campaign_lookup.find(session, name), typed, zone)
        if late_words is not None:
            plan["late_until"] = lateness.late_until_of(late_words, None)
        if told or message_file:
            plan["message"] = message(told, message_file)
        if not plan:
            raise UserError("It is not said what to change.", way_out="zaoan campaign edit --help lists it.",
                            field="campaign", value=name)  # fmt: skip
        edited = campaign_changes.edit(session, acting(), campaign_lookup.find(session, name), plan)
        _tell(name, edited, ZoneInfo(the_community(session).timezone), as_json=as_json)


def rename(
    name: Name,
    new_name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="What it is called from now on.")],
    as_json: Json = False,
) -> None:
    """Gives a campaign another name."""
    from campaigns.changes import campaign_changes, campaign_lookup

    with installation_open(), unit_of_work() as session:
        change = campaign_changes.rename(session, acting(), campaign_lookup.find(session, name), new_name)
    if as_json:
        print_json({"campaign": change.after, "changes": [change.facts]})
    else:
        _say_change(name, change)


def remove(name: Name, as_json: Json = False) -> None:
    """Takes a campaign out of the list; the rounds that it has had can still be looked at."""
    from campaigns.changes import campaign_changes, campaign_lookup

    with installation_open(), unit_of_work() as session:
        rounds = campaign_changes.remove(session, acting(), campaign_lookup.find(session, name))
    if as_json:
        print_json({"campaign": name, "removed": True, "rounds_kept": rounds})
    else:
        say("Campaign {name} is removed. Its rounds are kept ({rounds}): zaoan round list", name=name, rounds=rounds)


def _tell(name: str, edited: "Edited", zone: ZoneInfo, *, as_json: bool) -> None:
    starts = edited.next_round_at
    if as_json:
        print_json({"campaign": name, "changes": [each.facts for each in edited.changes],
                    "next_round_at": starts.isoformat() if starts else None,
                    "round_under_way": edited.under_way})  # fmt: skip
        return
    if not edited.changes:
        say("{name}: nothing has changed.", name=name)
    for each in edited.changes:
        _say_change(name, each)
    if edited.changes and edited.under_way:
        say("The round under way goes on as it began; the change is for the next one.")
    if starts:
        say("The next round is on {at}.", at=minute(starts, zone))


def _say_change(name: str, change: Changed) -> None:
    from campaigns.reports import change_words

    language = settings.current().language
    with reading() as session:
        before, after = (change_words.value(session, the_community(session), change.what, each, language)
                         for each in (change.before, change.after))  # fmt: skip
    say("{name}, {what}: {before} → {after}", name=name, what=change_words.label(change.what, language),
        before=before, after=after)  # fmt: skip
