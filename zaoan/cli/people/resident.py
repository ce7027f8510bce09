"""``zaoan resident``: who is looked after, and what staff decide about one of them."""

from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from contacts import queries
from contacts.community.community import the_community
from contacts.days import day
from contacts.models import Removal, Resident
from contacts.people import absences
from contacts.people.health_notes import health_notes
from contacts.people.person_lookup import find_resident
from core import clock, settings
from core.errors import UserError
from core.i18n import translate
from core.short_ids import short
from core.storage.database import reading, unit_of_work
from zaoan.cli.people import resident_words as words
from zaoan.cli.resident_documents import days_document, remark_documents, resident_document, resident_documents
from zaoan.terminal.common import Json, acting, installation_open, minute, misused, print_fields, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word

Who = Annotated[str, typer.Argument(metavar="RESIDENT", help="Their name, a telephone number of theirs, or their id.")]
REMOVALS = {
    Removal.MOVED_AWAY: ("已搬走", "搬走", "搬家", "moved"),
    Removal.DECEASED: ("已去世", "去世", "过世", "died"),
    Removal.OTHER: ("其他",),
}
BECAUSE = Word(Removal, REMOVALS)


def list_residents(
    removed: Annotated[bool, typer.Option("--removed", help="Only those who have been removed.")] = False,
    as_json: Json = False,
) -> None:
    """Everybody who is looked after: where they live, their telephone, and whether they are rung."""
    with installation_open(), reading() as session:
        community = the_community(session)
        note_read()
        find = queries.removed_residents if removed else queries.residents_in_full
        known = resident_documents(session, find(session, community.id))
    if as_json:
        print_json(known)
        return
    show_table(
        ("id", "full name", "place", "telephone", "flags", "state"),
        [(short(each["id"]), each["name"], each["place"], words.numbers(each["telephones"]),
          words.flags(each["flags"]), words.standing(each)) for each in known],
        "Nobody has been removed." if removed else "Nobody is enrolled yet: zaoan import FILE",
    )  # fmt: skip


def show(
    resident: Who,
    with_health: Annotated[bool, typer.Option("--health", help="Also what is known of their health.")] = False,
    as_json: Json = False,
) -> None:
    """Everything that is known of one resident; of their health only where it is asked for."""
    with installation_open(), reading() as session:
        who = find_resident(session, resident)
        note_read(who.id)
        health = {"health": health_notes(session, who.id)} if with_health else {}
        zone = ZoneInfo(the_community(session).timezone)
        document = resident_document(session, who) | {"remarks": remark_documents(session, who.id, zone)}
    if as_json:
        print_json(document | health)
    else:
        print_fields({**words.fields(document, zone), **health})


def pause(
    resident: Who,
    from_day: Annotated[str, typer.Option("--from", help="The first day, 2026-12-01; by default today.")] = "today",
    until: Annotated[str, typer.Option(help="The last day, 2026-12-05.")] = "",
    open_ended: Annotated[bool, typer.Option("--open-ended", help="Until somebody resumes it.")] = False,
    reason: Annotated[str, typer.Option(help="Why: at their daughter's, in hospital.")] = "",
    as_json: Json = False,
) -> None:
    """Nobody rings the resident on these days of community time; from today, calls under way end kindly."""
    from campaigns.people import resident_status  # loads half of the service: who only looks starts faster without

    with installation_open(), unit_of_work() as session:
        if bool(until) == open_ended:
            misused(UserError("It is not clear until when.", way_out="Give either --until or --open-ended.",
                              field="until", value=until))  # fmt: skip
        who = find_resident(session, resident)
        today = absences.local_today(session, who)
        last = day(until, today, "until") if until else None
        done = resident_status.pause(session, acting(), who.id, day(from_day, today, "from"), last, reason)
        if as_json:
            print_json(_about(who) | words.change_document(done.change) | words.today_document(done.today))
            return
        say("{name}: {before} → {after}", name=who.name, before=words.absences(done.change.before),
            after=words.absences(done.change.after))  # fmt: skip
        words.say_today(done.today)


def resume(
    resident: Who,
    planned_too: Annotated[bool, typer.Option("--all", help="Also what is planned for later.")] = False,
    as_json: Json = False,
) -> None:
    """The resident is rung again, from the next round on."""
    from campaigns.people import resident_status

    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        done = resident_status.resume(session, acting(), who.id, planned_too=planned_too)
        if as_json:
            ahead = {"planned": days_document(absences.absences(session, who.id))}
            print_json(_about(who) | words.change_document(done) | ahead | next_round_document(session, who))
            return
        say("{name}: {before} → {after}", name=who.name, before=words.absences(done.before),
            after=words.absences(done.after))  # fmt: skip
        if planned := absences.absences(session, who.id):
            say("Still planned: {days}", days=words.absences(planned))
        say_next_round(session, who)


def remove(
    resident: Who,
    because: Annotated[Removal, typer.Option(parser=BECAUSE, help="moved_away, deceased or other.")],
    note: Annotated[str, typer.Option(help="What is known about it; needed for other.")] = "",
    as_json: Json = False,
) -> None:
    """The resident is looked after no more: calls end, cases are closed with that finding, the history is kept."""
    from campaigns.people import resident_status

    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        done = resident_status.remove(session, acting(), who.id, because, note)
        if as_json:
            closed = {"because": because, "note": note, "closed_cases": [str(each.id) for each in done.closed]}
            print_json(_about(who) | closed | words.today_document(done.today))
            return
        say("{name} is looked after no more: {why}. What is known of them is kept; nobody rings them, and their family "
            "gets no texts.", name=who.name, why=_word(f"reason:{words.REASONS[because]}"))  # fmt: skip
        words.say_today(done.today)
        if done.closed:
            say("Closed cases ({count}): {cases}", count=len(done.closed),
                cases=[short(each.id) for each in done.closed])  # fmt: skip


def restore(resident: Who, as_json: Json = False) -> None:
    """Takes a removal back: the resident is looked after as before."""
    from campaigns.people import resident_status

    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        because = resident_status.restore(session, acting(), who.id)
        agreed = queries.has_consent(session, who.id)
        if as_json:
            print_json(_about(who) | {"had_been": because, "agreed": agreed} | next_round_document(session, who))
            return
        say("{name} is looked after again.", name=who.name)
        say_next_round(session, who)


def consent(
    resident: Who,
    give: Annotated[bool, typer.Option("--give/--withdraw", help="Whether they agree to be called.")],
    by: Annotated[str, typer.Option(help="Who said so: the resident, or who may agree for them.")],
    how: Annotated[str, typer.Option(help="How: signed form, at the counter, by telephone.")],
    on: Annotated[str, typer.Option("--on", help="The day on which they agreed, 2026-11-01; by default today.")] = "",
    for_what: Annotated[str, typer.Option("--for", help="What they agreed to.")] = "",
    evidence: Annotated[str, typer.Option(help="Where it can be seen: the number of a form, a recording.")] = "",
    as_json: Json = False,
) -> None:
    """Records that a resident agrees to be called, or wishes no calls; nothing else undoes such a wish."""
    from campaigns.people import resident_status

    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        before = queries.has_consent(session, who.id)
        if not by.strip() or not how.strip():
            raise UserError("A consent needs who gave it, and how.", way_out="Give --by and --how.", field="by",
                            value=by)  # fmt: skip
        ended = None
        if give:
            resident_status.agree(session, acting(), who.id, by=by, how=how, at=_noon(session, who, on),
                                  for_what=for_what, evidence=evidence)  # fmt: skip
        else:
            ended = resident_status.refuse(session, acting(), who.id, by=by, how=how)
        after = queries.has_consent(session, who.id)
        if as_json:
            said = {"before": before, "after": after, "by": by, "how": how}
            print_json(_about(who) | said | words.today_document(ended or resident_status.TodaysCalls()))
            return
        say("{name}: {before} → {after} ({by}, {how})", name=who.name, before=words.agreed(agreed=before),
            after=words.agreed(agreed=after), by=by, how=how)  # fmt: skip
        if ended:
            words.say_today(ended)
        elif give:
            say_next_round(session, who)


def say_next_round(session: Session, resident: Resident) -> None:
    """When they are rung next, or what is missing for that."""
    from campaigns.people import resident_status

    if not queries.has_consent(session, resident.id):
        say("They have not agreed to be called: zaoan resident consent {name} --give --by … --how …",
            name=resident.name)  # fmt: skip
        return
    starts = resident_status.next_round(session, resident.id)
    zone = ZoneInfo(the_community(session).timezone)
    if starts:
        say("They are rung in the next round, on {at}.", at=minute(starts, zone))
    else:
        say("No campaign is going to ring them: zaoan campaign list")


def _noon(session: Session, resident: Resident, written: str) -> datetime | None:
    """Noon of that day of community time, or now on the day that it is today; None where none is written."""
    if not written:
        return None
    today = absences.local_today(session, resident)
    meant, zone = day(written, today, "on"), ZoneInfo(the_community(session).timezone)
    return clock.now() if meant == today else datetime.combine(meant, time(12), zone)


def _about(resident: Resident) -> dict[str, object]:
    return {"resident": resident.name, "id": str(resident.id)}


def next_round_document(session: Session, resident: Resident) -> dict[str, object]:
    """The same, for programs."""
    from campaigns.people import resident_status

    starts = resident_status.next_round(session, resident.id)
    return {"next_round_at": starts.isoformat() if starts else None}


def _word(word: str) -> str:
    return translate(settings.current().language, word)
