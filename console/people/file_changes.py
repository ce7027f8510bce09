"""What the forms on a file do: each goes through the use case by which the command line and the API do it, too."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Annotated, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.people import resident_status
from campaigns.rounds import trials
from console.people import file
from console.people.file_forms import Values, details_of, door_of, flags_of, phones_of
from console.people.file_page import PAGE, file_page
from console.people.refusals import Refusal
from console.people.versions import refuse_other
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts.community.community import the_community
from contacts.days import dated, day
from contacts.homes import household_changes
from contacts.homes.household_changes import Door
from contacts.models import Household, PhoneState, Removal, Resident
from contacts.people import households, resident_changes, residents
from contacts.people.absences import local_today
from contacts.people.households import Written
from contacts.people.particulars import Particulars
from contacts.rows import cells
from core.actors import Actor
from core.errors import NotFoundError, UserError
from core.storage.database import write
from ivr import queries as telephone

Typed = Annotated[str, Form(max_length=400)]
Long = Annotated[str, Form(max_length=4000)]
Change = Callable[[Session, Actor, Resident], object]
router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site)])


def typed_details(
    name: Typed = "",
    called: Typed = "",
    reading: Typed = "",
    birth_year: Typed = "",
    language: Typed = "",
    pace: Typed = "",
    timbre: Typed = "",
    call_time: Typed = "",
    notes: Long = "",
) -> Values:
    """Who somebody is, and how they are rung, as somebody has typed it."""
    return {"name": name, "called": called, "reading": reading, "birth_year": birth_year, "language": language,
            "pace": pace, "timbre": timbre, "call_time": call_time, "notes": notes.replace("\r\n", "\n")}  # fmt: skip


@router.post(PAGE + "/details")
def change_details(
    request: Request, resident_id: UUID, typed: Annotated[Values, Depends(typed_details)], version: Typed = ""
) -> Response:
    """Who they are, and how they are rung."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        refuse_other(version, details_of(who))
        resident_changes.set_particulars(session, actor, who.id, cast("Particulars", typed))

    return changed(request, resident_id, "details", typed, change)


@router.post(PAGE + "/flags")
def change_flags(
    request: Request,
    resident_id: UUID,
    flag: Annotated[list[str] | None, Form()] = None,
    version: Typed = "",
) -> Response:
    """Exactly the flags that are ticked."""
    ticked = [each[:200] for each in flag or ()][:50]

    def change(session: Session, actor: Actor, who: Resident) -> None:
        refuse_other(version, flags_of(who))
        carried = {each.flag for each in who.flags}
        resident_changes.set_flags(session, actor, who.id, ticked, sorted(carried - set(ticked)))

    return changed(request, resident_id, "flags", {"flags": ",".join(ticked)}, change)


@router.post(PAGE + "/phones")
def change_phones(
    request: Request, resident_id: UUID, phone: Typed = "", second_phone: Typed = "", version: Typed = ""
) -> Response:
    """At which telephones they are rung, today's calls included."""
    typed = {"phone": phone, "second_phone": second_phone}

    def change(session: Session, actor: Actor, who: Resident) -> None:
        refuse_other(version, phones_of(who))
        ours = telephone.our_numbers(session)
        resident_status.set_numbers(session, actor, who.id, phone, second_phone, ours)

    return changed(request, resident_id, "phones", typed, change)


@router.post(PAGE + "/phones/state")
def change_phone_state(request: Request, resident_id: UUID, phone: Typed = "", state: Typed = "") -> Response:
    """Whether one of their telephones may be rung."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        known = state if state in set(PhoneState) else cells.phone_state(state)
        resident_status.set_phone_state(session, actor, who.id, phone, PhoneState(known))

    return changed(request, resident_id, f"state-{phone}", {"state": state}, change, "phones")


def typed_door(access_notes: Long = "", key_holder: Typed = "", key_holder_number: Typed = "") -> Values:
    """The way into a home as somebody has typed it."""
    return {"access_notes": access_notes.replace("\r\n", "\n"), "key_holder": key_holder,
            "key_holder_number": key_holder_number}  # fmt: skip


def keep_door(session: Session, actor: Actor, home: Household, typed: Values, version: str) -> None:
    """The way into a home is as it was typed; raises ``UserError``, also where others have changed it meanwhile."""
    refuse_other(version, door_of(home))
    household_changes.set_door(session, actor, home.id, cast("Door", typed), telephone.our_numbers(session))


@router.post(PAGE + "/door")
def change_door(
    request: Request, resident_id: UUID, typed: Annotated[Values, Depends(typed_door)], version: Typed = ""
) -> Response:
    """The way into their home, for everybody there."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        keep_door(session, actor, household_changes.held(session, who.household_id), typed, version)

    return changed(request, resident_id, "door", typed, change)


@router.post(PAGE + "/move")
def move(request: Request, resident_id: UUID, building: Typed = "", unit: Typed = "", room: Typed = "") -> Response:
    """They live elsewhere in the community from now on."""
    typed = {"building": building, "unit": unit, "room": room}

    def change(session: Session, actor: Actor, who: Resident) -> None:
        households.move(session, actor, who.id, Written(**typed))

    return changed(request, resident_id, "move", typed, change, "door")


@router.post(PAGE + "/pause")
def pause(
    request: Request, resident_id: UUID, first_day: Typed = "", last_day: Typed = "", reason: Typed = ""
) -> Response:
    """Nobody rings them on these days; without a last one until somebody resumes it."""
    typed = {"first_day": first_day, "last_day": last_day, "reason": reason}

    def change(session: Session, actor: Actor, who: Resident) -> None:
        today = local_today(session, who)
        first = day(first_day, today, "first_day") if first_day.strip() else today
        last = day(last_day, today, "last_day") if last_day.strip() else None
        resident_status.pause(session, actor, who.id, first, last, reason)

    return changed(request, resident_id, "pause", typed, change, "standing")


@router.post(PAGE + "/resume")
def resume(request: Request, resident_id: UUID) -> Response:
    """They are rung again from the next round on; what was planned for later is taken back as well."""
    return changed(
        request, resident_id, "resume", {},
        lambda session, actor, who: resident_status.resume(session, actor, who.id, planned_too=True), "standing",
    )  # fmt: skip


@router.post(PAGE + "/consent")
def give_consent(
    request: Request,
    resident_id: UUID,
    by: Typed = "",
    how: Typed = "",
    at: Typed = "",
    for_what: Typed = "",
    evidence: Typed = "",
) -> Response:
    """They agree to be called; nothing else undoes a wish for no calls."""
    typed = {"by": by, "how": how, "at": at, "for_what": for_what, "evidence": evidence}

    def change(session: Session, actor: Actor, who: Resident) -> None:
        given = _noon(session, who, at) if at.strip() else None
        resident_status.agree(session, actor, who.id, by=by, how=how, at=given, for_what=for_what, evidence=evidence)

    return changed(request, resident_id, "consent", typed, change)


@router.post(PAGE + "/no-calls")
def want_no_calls(request: Request, resident_id: UUID, by: Typed = "", how: Typed = "") -> Response:
    """They wish no calls: none is made from now on."""
    typed = {"by": by, "how": how}
    return changed(request, resident_id, "no-calls", typed,
                   lambda session, actor, who: resident_status.refuse(session, actor, who.id, by=by, how=how),
                   "consent")  # fmt: skip


@router.post(PAGE + "/trial")
def begin_trial(request: Request, resident_id: UUID) -> Response:
    """They are rung soon to practise the keys."""
    return changed(request, resident_id, "trial", {}, trials.begin, "standing")


@router.post(PAGE + "/remove")
def remove(request: Request, resident_id: UUID, because: Typed = "", note: Typed = "") -> Response:
    """They are looked after no more."""
    typed = {"because": because, "note": note}

    def change(session: Session, actor: Actor, who: Resident) -> None:
        if because not in set(Removal):
            raise UserError("Nobody knows the reason {value}.", way_out="Choose one of the list.", field="because",
                            value=because)  # fmt: skip
        resident_status.remove(session, actor, who.id, Removal(because), note)

    return changed(request, resident_id, "remove", typed, change, "standing")


@router.post(PAGE + "/restore")
def restore(request: Request, resident_id: UUID) -> Response:
    """The removal is taken back."""

    def change(session: Session) -> None:
        who = file.find(session, the_community(session), resident_id)
        resident_status.restore(session, acting(request), who.id)

    return carried_out(request, resident_id, "restore", {}, change, "standing")


def changed(
    request: Request, resident_id: UUID, form: str, typed: Values, change: Change, section: str = ""
) -> Response:
    """The file again, after a ``change`` of somebody who is looked after, held as they stand; or why not."""

    def work(session: Session) -> None:
        file.find(session, the_community(session), resident_id)
        residents.enrolled(session, resident_id)
        change(session, acting(request), file.find(session, the_community(session), resident_id))

    return carried_out(request, resident_id, form, typed, work, section)


def carried_out(
    request: Request,
    resident_id: UUID,
    form: str,
    typed: Mapping[str, str],
    work: Callable[[Session], object],
    section: str = "",
) -> Response:
    """The file again, at the ``section`` of this ``form``; with what was ``typed`` where it was refused."""
    try:
        write(work)
    except NotFoundError as missing:
        if missing.field == "resident":
            return file_page(request, resident_id)
        return file_page(request, resident_id, Refusal(form, missing, typed))
    except UserError as mistake:
        return file_page(request, resident_id, Refusal(form, mistake, typed))
    place = section or form
    return RedirectResponse(f"/residents/{resident_id}?saved={place}#{place}", status_code=303)


def _noon(session: Session, who: Resident, written: str) -> datetime | None:
    """Noon of a day in community time, or now where that is today."""
    said: date = dated(written, "at")
    if said == local_today(session, who):
        return None
    return datetime.combine(said, time(12), ZoneInfo(who.community.timezone))
