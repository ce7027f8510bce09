"""The page of the duty roster: a week, who would be asked first, and what the office changes."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.duty.week import monday_of, week_of
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting, known_visitor
from contacts import phones
from contacts import queries as contacts
from contacts.community.community import act_for
from contacts.days import day as day_of
from contacts.models import Community, Responder
from core import clock
from core.errors import NotFoundError, UserError
from core.i18n import Language, translate
from core.storage.database import Base, reading, write
from escalation.queries import roster as queries
from escalation.roster import absences, shift_changes, words
from escalation.roster.on_duty import around_written, on_duty
from escalation.roster.shift_changes import ShiftTimes, local_today, refuse_far_day, times_of
from escalation.roster.written import time_of_day
from escalation.shifts import Holidays, ResponderAbsence, Shift

PAGE = "/roster"
SHIFT, ABSENCE = "shift", "absence"
"""The forms of the page: what was typed into one, and refused, stands there again."""
Typed = Annotated[str, Form(max_length=400)]
Change = Callable[[Session, Community], object]
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(
    request: Request,
    week: Annotated[str, Query(max_length=10)] = "",
    whom: Annotated[str, Query(max_length=200)] = "",
    of: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """A week of the roster; of a home that is named, who would be asked first now; of a responder, all shifts."""
    return _page(request, week=week, whom=whom.strip(), of=of)


@router.post(f"{PAGE}/shifts", dependencies=[Depends(same_site)])
def add_shift(
    request: Request,
    responder: Typed = "",
    days: Annotated[list[str] | None, Form(max_length=7)] = None,
    day: Typed = "",
    begins: Annotated[str, Form(alias="from", max_length=10)] = "",
    until: Typed = "",
    holidays: Typed = Holidays.ALSO,
) -> Response:
    """Puts a responder on duty, every week or once."""
    typed = {"responder": responder, "days": days or [], "day": day, "from": begins, "until": until,
             "holidays": holidays}  # fmt: skip

    def add(session: Session, community: Community) -> None:
        who = _responder(session, community, responder)
        hours = time_of_day(begins, "from"), time_of_day(until, "until")
        for each in _meant(days or [], day, local_today(community)):
            times = ShiftTimes(*hours, **each, holidays=_holidays(holidays) if "weekday" in each else Holidays.ALSO)
            shift_changes.add_shift(session, acting(request), who.id, times)

    return _changed(request, add, SHIFT, typed)


@router.post(f"{PAGE}/absences", dependencies=[Depends(same_site)])
def add_absence(
    request: Request,
    responder: Typed = "",
    begins: Annotated[str, Form(alias="from", max_length=10)] = "",
    until: Typed = "",
    reason: Typed = "",
) -> Response:
    """A responder is not there on these days, both included; without a last one until somebody ends it."""
    typed = {"responder": responder, "from": begins, "until": until, "reason": reason}

    def add(session: Session, community: Community) -> None:
        who, today = _responder(session, community, responder), local_today(community)
        first, last = day_of(begins or "today", today, "from"), day_of(until, today, "until") if until else None
        for each, name in ((first, "from"), (last, "until")):
            if each is not None:
                refuse_far_day(each, clock.now(), name)
        absences.be_absent(session, acting(request), who.id,
                           *absences.whole_days(first, last, ZoneInfo(community.timezone)), reason)  # fmt: skip

    return _changed(request, add, ABSENCE, typed)


@router.post(f"{PAGE}/shifts/{{shift_id}}/remove", dependencies=[Depends(same_site)])
def remove_shift(request: Request, shift_id: UUID) -> Response:
    """The responder is not on duty then any more; swaps of the shift go with it."""

    def remove(session: Session, community: Community) -> None:
        _own(session, community, Shift, shift_id, "There is no shift {value}.")
        shift_changes.remove_shift(session, acting(request), shift_id)

    return _changed(request, remove)


@router.post(f"{PAGE}/absences/{{absence_id}}/end", dependencies=[Depends(same_site)])
def end_absence(request: Request, absence_id: UUID) -> Response:
    """The responder is there again from now on."""

    def end(session: Session, community: Community) -> None:
        _own(session, community, ResponderAbsence, absence_id, "There is no absence {value}.")
        absences.end_absence(session, acting(request), absence_id)

    return _changed(request, end)


def _meant(days: list[str], day: str, today: date) -> list[dict[str, Any]]:
    if bool(days) == bool(day):
        raise UserError("A shift is on days of the week, or on one day.", way_out="Choose one of the two.",
                        field="days", value=day)  # fmt: skip
    if day:
        return [{"day": day_of(day, today, "day")}]
    return [{"weekday": int(each) if each.isdecimal() else 0} for each in days]


def _holidays(written: str) -> Holidays:
    if written not in set(Holidays):
        raise UserError("There is no choice {value}.", field="holidays", value=written)
    return Holidays(written)


def _responder(session: Session, community: Community, written: str) -> Responder:
    found = {str(each.id): each for each in contacts.all_responders(session, community.id)}.get(written)
    if found is None:
        raise UserError("It is not said who.", way_out="Choose a responder.", field="responder", value=written)
    return found


def _own(session: Session, community: Community, table: type[Base], row_id: UUID, what: str) -> None:
    found = session.get(table, row_id)
    if found is None or getattr(found, "community_id") != community.id:  # noqa: B009 - not every table has it
        raise NotFoundError(what, field="id", value=row_id)


def _changed(
    request: Request, change: Change, form: str | None = None, typed: Mapping[str, object] | None = None
) -> Response:
    """Back to the page; or the page with why not, beside what was typed into the form."""

    def there(session: Session) -> None:
        community_id = known_visitor(request).community_id
        act_for(session, community_id)
        change(session, session.get_one(Community, community_id))

    try:
        write(there)
    except UserError as refusal:
        return _page(request, mistake=refusal, form=form, typed=typed or {})
    return RedirectResponse(PAGE, status_code=303)


def _page(
    request: Request,
    *,
    week: str = "",
    whom: str = "",
    of: str = "",
    mistake: UserError | None = None,
    form: str | None = None,
    typed: Mapping[str, object] | None = None,
) -> Response:
    language = pages.language_of(request)
    with reading() as session:
        community_id = known_visitor(request).community_id
        act_for(session, community_id)
        community = session.get_one(Community, community_id)
        people = contacts.all_responders(session, community_id)
        shown = {
            "week": week_of(session, community, people, _monday(week, community), language),
            "people": people,
            "planned": community.has_roster,
            **_shifts(session, community, next((each for each in people if str(each.id) == of), None), language),
            "absences": _absences(session, community),
            **_asked(session, community, whom, language),
        }
    return pages.page(request, "responders/roster.html", mistake.status if mistake else 200, mistake=mistake, form=form,
                      typed=typed or {}, holidays=list(Holidays), **shown)  # fmt: skip


def _monday(week: str, community: Community) -> date:
    """The week of the day that the address names; of what is no day, or far away, this week."""
    today = local_today(community)
    try:
        found = date.fromisoformat(week) if week else today
        refuse_far_day(found, clock.now(), "week")
    except (ValueError, UserError):
        found = today
    return monday_of(found)


def _shifts(session: Session, community: Community, of: Responder | None, language: Language) -> dict[str, Any]:
    """Of the responder who was chosen every weekly shift, and single ones that are not over."""
    if of is None:
        return {"of": None, "shifts": []}
    today = local_today(community)
    theirs = [{"id": each.id, "when": words.when(times_of(each), language)}
              for each in queries.shifts(session, community.id, of.id)
              if each.day is None or each.day >= today]  # fmt: skip
    return {"of": of, "shifts": theirs}


def _absences(session: Session, community: Community) -> list[dict[str, Any]]:
    zone = ZoneInfo(community.timezone)
    return [{"id": each.id, "name": each.responder.name, "reason": each.reason,
             "when": words.between(each.begins_at, each.ends_at, zone)}
            for each in queries.absences(session, community.id, clock.now())]  # fmt: skip


def _asked(session: Session, community: Community, whom: str, language: Language) -> dict[str, Any]:
    """Who would be asked first about a home that was named; nothing where none was."""
    if not whom:
        return {"whom": "", "asked": None, "lost": None}
    try:
        around = around_written(session, community, whom)
    except UserError as unknown:
        return {"whom": whom, "asked": None, "lost": unknown.describe(language)}
    found = on_duty(session, community, around, clock.now())
    people = [{"name": each.name, "role": translate(language, f"role:{each.role}"),
               "telephone": phones.formatted(each.number, community.region),
               "is_away": each.responder_id in found.duty.away} for each in found.responders]  # fmt: skip
    return {"whom": whom, "asked": {"people": people, "is_gap": found.is_gap, "planned": found.duty.planned},
            "lost": None}  # fmt: skip
