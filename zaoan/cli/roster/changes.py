"""``zaoan roster add``, ``remove``, ``absent``, ``swap`` and ``feed``: changes of the roster, one at a time."""

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.days import day as day_of
from contacts.models import Community
from contacts.people.person_lookup import find_responder
from core import settings
from core.errors import NotFoundError, UserError
from core.short_ids import Named, resolve, short
from core.storage.database import unit_of_work
from escalation.roster import absences, feeds, swaps, words, written
from escalation.roster.shift_changes import ShiftTimes, add_shift, held, local_today, remove_shift, times_of
from escalation.roster.swaps import Turn
from escalation.shifts import Holidays, ResponderAbsence, Shift, ShiftSwap
from zaoan.cli.people.responder import Who
from zaoan.cli.roster.show import absence_document, say_swap, shift_document, swap_document
from zaoan.terminal.common import Json, acting, installation_open, misused, print_json, say
from zaoan.terminal.words import Word

HOLIDAYS = Word(Holidays, prefix="shift holidays:")
SHIFT = Named(Shift.id, "There is no shift {value}.", "`zaoan roster show` names them.")
ABSENCE = Named(ResponderAbsence.id, "There is no shift or absence {value}.", "`zaoan roster show` names them.")
Which = Annotated[str, typer.Argument(metavar="SHIFT", help="The id of a shift, as `zaoan roster show` prints it.")]


def add(
    responder: Who,
    begins: Annotated[str, typer.Option("--from", help="When it begins, in community time: 08:00.")],
    ends: Annotated[str, typer.Option("--until", help="When it ends; earlier than --from is the next day.")],
    days: Annotated[str, typer.Option(help="Every week on these days: mon,wed or mon-fri, 周一至周五.")] = "",
    on: Annotated[str, typer.Option("--on", help="Once, on this day: 2026-12-05.")] = "",
    holidays: Annotated[
        Holidays, typer.Option(parser=HOLIDAYS, help="Of a weekly shift: also, not or only on public holidays.")
    ] = Holidays.ALSO,
    as_json: Json = False,
) -> None:
    """Puts a responder on duty, every week or once."""
    if bool(days) == bool(on):
        misused(UserError("It is not clear on which days.", way_out="Give either --days or --on.", field="days",
                          value=days or on))  # fmt: skip
    with installation_open(), unit_of_work() as session:
        who, community = find_responder(session, responder), the_community(session)
        hours = written.time_of_day(begins, "from"), written.time_of_day(ends, "until")
        meant = [ShiftTimes(*hours, weekday=each, holidays=holidays) for each in written.weekdays(days)] if days else [
            ShiftTimes(*hours, day=day_of(on, local_today(community), "on"), holidays=holidays)]  # fmt: skip
        made = [add_shift(session, acting(), who.id, each) for each in meant]
        if as_json:
            print_json([shift_document(each) for each in made])
            return
        for each in made:
            _say_shift("{name} is on duty: {when} ({id})", each)


def remove(which: Annotated[str, typer.Argument(metavar="ID", help="The id of a shift or of an absence.")],
           as_json: Json = False) -> None:  # fmt: skip
    """A shift is no more, with its swaps; an absence ends now, or is no more where it had not begun."""
    with installation_open(), unit_of_work() as session:
        try:
            shift_id = resolve(session, SHIFT, which)
        except NotFoundError:
            _end_absence(session, resolve(session, ABSENCE, which), as_json=as_json)
            return
        done = remove_shift(session, acting(), shift_id)
        if as_json:
            print_json({"removed": str(shift_id), "responder": done.responder.name, "undone_swaps": len(done.undone)})
            return
        say("{name} is not on duty any more: {when}", name=done.responder.name,
            when=words.when(done.times, settings.current().language))  # fmt: skip
        if done.undone:
            say("Swaps of this shift that were still to come are undone with it: {count}", count=len(done.undone))


def absent(
    responder: Who,
    begins: Annotated[str, typer.Option("--from", help="The first day, or a day with a time: 2026-12-05 14:00.")]
    = "today",
    until: Annotated[str, typer.Option(help="The last day, or a day with a time.")] = "",
    open_ended: Annotated[bool, typer.Option("--open-ended", help="Until somebody ends it.")] = False,
    reason: Annotated[str, typer.Option(help="Why: holidays, ill.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """A responder is not there; they are asked only where nobody else is left."""
    if bool(until) == open_ended:
        misused(UserError("It is not clear until when.", way_out="Give either --until or --open-ended.",
                          field="until", value=until))  # fmt: skip
    with installation_open(), unit_of_work() as session:
        who, community = find_responder(session, responder), the_community(session)
        today, zone = local_today(community), ZoneInfo(community.timezone)
        made = absences.be_absent(session, acting(), who.id, written.beginning(begins, today, zone),
                                  written.end(until, today, zone) if until else None, reason)  # fmt: skip
        if as_json:
            print_json(absence_document(made))
        else:
            say("{name} is absent: {when} ({id})", name=who.name, id=short(made.id),
                when=words.between(made.begins_at, made.ends_at, zone))  # fmt: skip


def swap(
    shift: Which,
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day on which it begins: 2026-12-05.")],
    responder: Annotated[str, typer.Argument(metavar="RESPONDER", help="Who takes it.")] = "",
    taken: Annotated[str, typer.Option("--for", help="The shift of theirs that is taken for it, by its id.")] = "",
    on: Annotated[str, typer.Option("--on", help="The day on which that one begins.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Undoes the swap: each has their own shift again.")] = False,
    as_json: Json = False,
) -> None:
    """Two responders exchange shifts, or one takes a shift of another."""
    if bool(responder) == undo or bool(taken) != bool(on):
        misused(UserError("It is not clear who takes what.",
                          way_out="Give RESPONDER, and --for with --on; or --undo alone.", field="responder",
                          value=responder))  # fmt: skip
    with installation_open(), unit_of_work() as session:
        community = the_community(session)
        given = _turn(session, community, shift, day)
        names = {each.id: each.name for each in contacts.all_responders(session, community.id)}
        if undo:
            _say_undone(swaps.undo(session, acting(), given), names, as_json=as_json)
            return
        back = _turn(session, community, taken, on) if taken else None
        made = swaps.swap(session, acting(), given, find_responder(session, responder).id, back)
        if as_json:
            print_json(swap_document(made, names))
        else:
            say_swap(session, made, names)


def feed(
    responder: Who,
    revoke: Annotated[bool, typer.Option("--revoke", help="The link shows nothing any more.")] = False,
    as_json: Json = False,
) -> None:
    """A link under which a responder's own calendar shows their duty; the one before ends."""
    with installation_open(), unit_of_work() as session:
        who = find_responder(session, responder)
        if revoke:
            feeds.revoke(session, acting(), who.id)
            if as_json:
                print_json({"responder": who.name, "url": None})
            else:
                say("The link of {name} shows nothing any more.", name=who.name)
            return
        link = feeds.new_link(session, acting(), who.id)
        if as_json:
            print_json({"responder": who.name, "url": link})
            return
        say("The calendar of {name}; whoever has this link reads it, and it is not shown again:", name=who.name)
        typer.echo(link)


def _end_absence(session: Session, absence_id: UUID, *, as_json: bool) -> None:
    whose = session.get_one(ResponderAbsence, absence_id).responder.name
    ended = absences.end_absence(session, acting(), absence_id)
    if as_json:
        print_json({"responder": whose, "ended": str(absence_id), "until": ended and ended.ends_at and
                    ended.ends_at.isoformat()})  # fmt: skip
    else:
        say("{name} is there again." if ended else "{name} will not be absent then.", name=whose)


def _say_shift(sentence: str, shift: Shift) -> None:
    say(sentence, name=shift.responder.name, id=short(shift.id),
        when=words.when(times_of(shift), settings.current().language))  # fmt: skip


def _say_undone(undone: ShiftSwap, names: dict[UUID, str], *, as_json: bool) -> None:
    if as_json:
        print_json(swap_document(undone, names) | {"undone": True})
    else:
        say("{name} and {other} have their own shifts again.", name=names.get(undone.first_responder_id, ""),
            other=names.get(undone.second_responder_id, ""))  # fmt: skip


def _turn(session: Session, community: Community, shift: str, on: str) -> Turn:
    found = held(session, resolve(session, SHIFT, shift))
    return Turn(found.id, _day(on, community))


def _day(on: str, community: Community) -> date:
    return day_of(on, local_today(community), "day")
