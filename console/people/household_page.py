"""The page of one home: who lives there, the way in, and that they move, part, or become one household with others."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people.file_changes import Long, Typed, keep_door, typed_door
from console.people.file_forms import Values, door_of, form
from console.people.people_words import people_words
from console.people.refusals import Refusal
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from console.view.house_fronts import Spot
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.history import histories
from contacts.homes import household_changes, household_moves
from contacts.homes.area_lookup import find_household
from contacts.homes.household_changes import Door
from contacts.models import Community, Household
from contacts.people.households import Written
from contacts.profiles import address_of
from contacts.queries import dwellings
from core.errors import NotFoundError, UserError
from core.short_ids import short
from core.storage.database import reading, write
from ivr import queries as telephone

PAGE = "/households/{household_id}"
MOST_MOMENTS = 60
router = APIRouter(include_in_schema=False)
Work = Callable[[Session, Household], UUID]
"""A change of a home, and which one is shown after it."""


class Address:
    """A home as the form writes it."""

    def __init__(self, building: Typed = "", unit: Typed = "", room: Typed = "", access_notes: Long = "") -> None:
        self.written = Written(building, unit, room)
        self.door = Door(access_notes=access_notes) if access_notes.strip() else Door()
        self.values = {"building": building, "unit": unit, "room": room, "access_notes": access_notes}


@router.get(PAGE)
def show(request: Request, household_id: UUID, saved: str = "") -> Response:
    """Who lives there, and what has become of the home."""
    return _page(request, household_id, None, saved[:20])


@router.post(PAGE + "/door", dependencies=[Depends(same_site)])
def change_door(
    request: Request, household_id: UUID, typed: Annotated[Values, Depends(typed_door)], version: Typed = ""
) -> Response:
    """The way in, for everybody who lives there."""

    def work(session: Session, home: Household) -> UUID:
        keep_door(session, acting(request), home, typed, version)
        return home.id

    return _changed(request, household_id, "door", typed, work)


@router.post(PAGE + "/move", dependencies=[Depends(same_site)])
def move(request: Request, household_id: UUID, to: Annotated[Address, Depends()]) -> Response:
    """Everybody who lives there lives elsewhere from now on."""

    def work(session: Session, home: Household) -> UUID:
        ours = telephone.our_numbers(session)
        return household_moves.move(session, acting(request), home.id, to.written, to.door, ours).household.id

    return _changed(request, household_id, "move", to.values, work)


@router.post(PAGE + "/split", dependencies=[Depends(same_site)])
def split(
    request: Request,
    household_id: UUID,
    to: Annotated[Address, Depends()],
    leaving: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """Some of them live elsewhere from now on."""

    def work(session: Session, home: Household) -> UUID:
        ours = telephone.our_numbers(session)
        household_moves.split(session, acting(request), home.id, leaving or (), to.written, to.door, ours)
        return home.id

    typed = to.values | {"residents": ",".join(str(each) for each in leaving or ())}
    return _changed(request, household_id, "split", typed, work)


@router.post(PAGE + "/merge", dependencies=[Depends(same_site)])
def merge(request: Request, household_id: UUID, household: Typed = "") -> Response:
    """Everybody who lives there lives with those of another home from now on."""

    def work(session: Session, home: Household) -> UUID:
        into = find_household(session, household)
        if into.community_id != home.community_id:
            raise NotFoundError("There is no household {value}.", field="household", value=household)
        return household_moves.merge(session, acting(request), into.id, home.id).household.id

    return _changed(request, household_id, "merge", {"household": household}, work)


def _changed(request: Request, household_id: UUID, form_name: str, typed: Mapping[str, str], work: Work) -> Response:
    def carried_out(session: Session) -> UUID:
        found = _find(session, the_community(session), household_id)
        return work(session, household_changes.held(session, found.id))

    try:
        shown = write(carried_out)
    except UserError as mistake:
        return _page(request, household_id, Refusal(form_name, mistake, typed))
    return RedirectResponse(f"/households/{shown}?saved={form_name}", status_code=303)


def _find(session: Session, community: Community, household_id: UUID) -> Household:
    found = session.get(Household, household_id)
    if found is None or found.community_id != community.id:
        raise NotFoundError("There is no household {value}.", field="household", value=short(household_id))
    return found


def _page(request: Request, household_id: UUID, refusal: Refusal | None, saved: str = "") -> Response:
    language = pages.language_of(request)
    try:
        with reading() as session:
            community = the_community(session)
            home = _find(session, community, household_id)
            address = address_of(home, contacts.areas(session, community.id))
            people = dwellings.people_at(session, home.id)
            moments = histories.of_household(session, home.id)
    except NotFoundError as missing:
        return pages.trouble(request, missing.status, missing.describe(language))
    return pages.page(
        request, "people/household.html", refusal.mistake.status if refusal else 200, home=home, people=people,
        spot=Spot(address.building, address.unit, address.room), door=form(door_of(home)), refusal=refusal,
        said=refusal.said(language) if refusal else "", saved=saved, moments=moments[:MOST_MOMENTS], more_moments=0,
        **people_words(language, ZoneInfo(community.timezone)),
    )  # fmt: skip
