"""``zaoan roster show``, ``gaps`` and ``who``: what is planned, when nobody is on duty, and who would be rung."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.community.community import the_community
from core import clock, settings
from core.i18n import listed, translate
from core.short_ids import short
from core.storage.database import reading
from escalation.queries import roster as queries
from escalation.roster import words, written
from escalation.roster.gaps import DutyGap
from escalation.roster.on_duty import OnDuty, around_written, on_duty
from escalation.roster.reading import gaps_ahead
from escalation.roster.shift_changes import local_today, times_of
from escalation.shifts import ResponderAbsence, Shift, ShiftSwap
from zaoan.terminal.common import Json, installation_open, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table

Days = Annotated[int, typer.Option("--days", min=1, max=62, help="How many days ahead gaps are looked for.")]


def show(days: Days = 7, as_json: Json = False) -> None:
    """Every shift, absence and swap that is not over, and when nobody is on duty."""
    with installation_open(), reading() as session:
        community, now = the_community(session), clock.now()
        note_read()
        shifts = [each for each in queries.shifts(session, community.id)
                  if each.day is None or each.day >= local_today(community) - timedelta(days=1)]  # fmt: skip
        away = queries.absences(session, community.id, now)
        swaps = queries.swaps_since(session, community.id, local_today(community))
        names = {each.id: each.name for each in contacts.all_responders(session, community.id)}
        lacking = gaps_ahead(session, community, now, timedelta(days=days))
        if as_json:
            print_json({"shifts": [shift_document(each) for each in shifts],
                        "absences": [absence_document(each) for each in away],
                        "swaps": [swap_document(each, names) for each in swaps],
                        "gaps": gap_documents(lacking)})  # fmt: skip
            return
        zone = ZoneInfo(community.timezone)
        _show_shifts(shifts)
        if away:
            show_table(("id", "absent", "when", "why"),
                       [(short(each.id), each.responder.name, words.between(each.begins_at, each.ends_at, zone),
                         each.reason) for each in away], "")  # fmt: skip
        for each in swaps:
            say_swap(session, each, names)
        if community.has_roster:
            _show_gaps(lacking, zone, days)


def gaps(days: Days = 7, as_json: Json = False) -> None:
    """When nobody is on duty for a building; everybody who can be asked is asked then."""
    with installation_open(), reading() as session:
        community = the_community(session)
        found = gaps_ahead(session, community, clock.now(), timedelta(days=days))
        if as_json:
            print_json(gap_documents(found))
        elif community.has_roster:
            _show_gaps(found, ZoneInfo(community.timezone), days)
        else:
            say(NO_ROSTER)


def who(
    whom: Annotated[str, typer.Argument(metavar="PLACE", help="A building or grid (3号楼), or a resident.")],
    at: Annotated[str, typer.Option("--at", help="When, 2026-12-05 22:30; by default now.")] = "",
    as_json: Json = False,
) -> None:
    """Who is on duty for a building, a grid or a resident, the nearest first."""
    with installation_open(), reading() as session:
        community = the_community(session)
        note_read()
        zone = ZoneInfo(community.timezone)
        instant = written.beginning(at, local_today(community), zone) if at else clock.now()
        found = on_duty(session, community, around_written(session, community, whom), instant)
        if as_json:
            print_json(on_duty_document(found))
            return
        if found.is_gap:
            say("Nobody is on duty then. These are asked all the same:")
        elif not found.duty.planned:
            say(NO_ROSTER)
        show_table(
            ("full name", "role", "telephone"),
            [(each.name, translate(settings.current().language, f"role:{each.role}"),
              phones.formatted(each.number, community.region)) for each in found.responders],
            "There is nobody who could be asked: zaoan responder add NAME --role ROLE --phone NUMBER",
        )  # fmt: skip


NO_ROSTER = "No shift is written down, so everybody is asked at any time: zaoan roster add RESPONDER"


def shift_document(shift: Shift) -> dict[str, Any]:
    """For programs."""
    return {
        "id": shift.id, "responder": shift.responder.name, "responder_id": shift.responder_id,
        "weekday": shift.weekday, "day": shift.day and shift.day.isoformat(), "from": f"{shift.begins:%H:%M}",
        "until": f"{shift.ends:%H:%M}", "holidays": str(shift.holidays),
    }  # fmt: skip


def absence_document(absence: ResponderAbsence) -> dict[str, Any]:
    """For programs."""
    return {
        "id": absence.id, "responder": absence.responder.name, "responder_id": absence.responder_id,
        "from": absence.begins_at.isoformat(), "until": absence.ends_at and absence.ends_at.isoformat(),
        "reason": absence.reason,
    }  # fmt: skip


def swap_document(swap: ShiftSwap, names: Mapping[UUID, str]) -> dict[str, Any]:
    """For programs: who has whose shift on which day, and what the other has for it."""
    return {
        "shift_id": swap.first_shift_id, "day": swap.first_day.isoformat(),
        "of": names.get(swap.first_responder_id, ""), "taken_by": names.get(swap.second_responder_id, ""),
        "for_shift_id": swap.second_shift_id, "for_day": swap.second_day and swap.second_day.isoformat(),
    }  # fmt: skip


def gap_documents(found: Sequence[DutyGap]) -> list[dict[str, Any]]:
    """For programs."""
    return [{"from": each.begins.isoformat(), "until": each.ends.isoformat(), "buildings": list(each.buildings)}
            for each in found]  # fmt: skip


def on_duty_document(found: OnDuty) -> dict[str, Any]:
    """For programs."""
    people = [{"id": each.responder_id, "name": each.name, "role": each.role,
               "on_duty": each.responder_id in found.duty.on, "absent": each.responder_id in found.duty.away}
              for each in found.responders]  # fmt: skip
    return {"is_gap": found.is_gap, "has_roster": found.duty.planned, "responders": people}


def say_swap(session: Session, swap: ShiftSwap, names: Mapping[UUID, str]) -> None:
    """Both names and both shifts in one sentence."""
    language = settings.current().language
    first = session.get_one(Shift, swap.first_shift_id)
    told = {"name": names.get(swap.second_responder_id, ""), "other": names.get(swap.first_responder_id, ""),
            "day": swap.first_day.isoformat(), "hours": words.hours(first.begins, first.ends, language)}  # fmt: skip
    if swap.second_shift_id is None or swap.second_day is None:
        say("{name} is on duty for {other} on {day}, {hours}.", **told)
        return
    second = session.get_one(Shift, swap.second_shift_id)
    back = {"other_day": swap.second_day.isoformat(), "other_hours": words.hours(second.begins, second.ends, language)}
    say("{name} is on duty for {other} on {day}, {hours}, and {other} for {name} on {other_day}, {other_hours}.",
        **told, **back)  # fmt: skip


def _show_shifts(shifts: Sequence[Shift]) -> None:
    language = settings.current().language
    show_table(
        ("id", "full name", "role", "on duty"),
        [(short(each.id), each.responder.name, translate(language, f"role:{each.responder.role}"),
          words.when(times_of(each), language)) for each in shifts],
        NO_ROSTER,
    )  # fmt: skip


def _show_gaps(found: Sequence[DutyGap], zone: ZoneInfo, days: int) -> None:
    language = settings.current().language
    rows = [(words.between(each.begins, each.ends, zone), listed(language, words.gap_buildings(each, language)))
            for each in found]  # fmt: skip
    if not rows:
        say("In the next {days} days there is always somebody on duty for everybody.", days=days)
        return
    say("Nobody is on duty:")
    show_table(("when", "for"), rows, "", emphasised=rows)
