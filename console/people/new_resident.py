"""The page on which a resident is enrolled: who they are, where they live, and whether they have agreed."""

from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people.file_changes import Long, Typed
from console.people.file_page import CHOICES
from console.people.people_words import people_words
from console.people.refusals import Refusal
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts.community.community import the_community
from contacts.models import Flag
from contacts.people import new_residents
from contacts.people.households import Written
from contacts.people.new_residents import NewResident
from contacts.people.particulars import Particulars, RelativeParticulars
from contacts.queries import campaign_audience
from core.errors import UserError
from core.storage.database import reading, write
from ivr import queries as telephone

PAGE = "/residents/new"
FORM = "new"
router = APIRouter(include_in_schema=False)


class Told:
    """What the form says of somebody new."""

    def __init__(
        self,
        name: Typed = "",
        called: Typed = "",
        birth_year: Typed = "",
        language: Typed = "",
        phone: Typed = "",
        second_phone: Typed = "",
        building: Typed = "",
        unit: Typed = "",
        room: Typed = "",
        access_notes: Long = "",
        consent: Typed = "",
        notes: Long = "",
        relative_name: Typed = "",
        relative_number: Typed = "",
        relation: Typed = "",
        flag: Annotated[list[str] | None, Form()] = None,
    ) -> None:
        self.flags = [each[:200] for each in flag or ()][:50]
        self.values = {
            "name": name, "called": called, "birth_year": birth_year, "language": language, "phone": phone,
            "second_phone": second_phone, "building": building, "unit": unit, "room": room,
            "access_notes": access_notes, "consent": consent, "notes": notes, "relative_name": relative_name,
            "relative_number": relative_number, "relation": relation,
        }  # fmt: skip

    @property
    def resident(self) -> NewResident:
        """The same for the use case; what was left empty is not told."""
        known = {what: said for what, said in self.values.items() if said.strip()}
        who = {what: known.get(what, "") for what in ("name", "called", "birth_year", "language", "notes")
               if what in known or what == "name"}  # fmt: skip
        home = Written(known.get("building", ""), known.get("unit", ""), known.get("room", ""))
        return NewResident(
            cast("Particulars", who), home, known.get("phone", ""), known.get("second_phone", ""), self.flags,
            known.get("access_notes", ""), known.get("consent", ""), self._relatives(known),
        )  # fmt: skip

    def _relatives(self, known: dict[str, str]) -> list[RelativeParticulars]:
        """One, where a name or a telephone is written."""
        if not (known.get("relative_name") or known.get("relative_number")):
            return []
        return [RelativeParticulars(name=known.get("relative_name", ""), number=known.get("relative_number", ""),
                                    relation=known.get("relation", ""))]  # fmt: skip


@router.get(PAGE)
def show(request: Request) -> Response:
    """The empty form."""
    return _page(request, Told(), None)


@router.post(PAGE, dependencies=[Depends(same_site)])
def enrol(request: Request, told: Annotated[Told, Depends()]) -> Response:
    """Enrols them; whoever has agreed is rung from the next round on."""

    def work(session: Session) -> str:
        community, ours = the_community(session), telephone.our_numbers(session)
        return str(new_residents.create(session, acting(request), community, told.resident, ours).id)

    try:
        made = write(work)
    except UserError as mistake:
        return _page(request, told, Refusal(FORM, mistake, _as_the_form_calls_it(mistake, told.values)))
    return RedirectResponse(f"/residents/{made}?saved=new", status_code=303)


def _as_the_form_calls_it(mistake: UserError, typed: dict[str, str]) -> dict[str, str]:
    """A relative's fields have names of their own beside the resident's."""
    own = {"relative": "relative_name", "relative name": "relative_name", "relative_phone": "relative_number"}
    mistake.field = own.get(str(mistake.field), mistake.field)
    return typed


def _page(request: Request, told: Told, refusal: Refusal | None) -> Response:
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        words = people_words(language, ZoneInfo(community.timezone))
        own = sorted(set(campaign_audience.usual_flags(session, community.id)) - set(Flag))
        usual = community.language
    return pages.page(
        request, "people/resident_new.html", refusal.mistake.status if refusal else 200, typed=told.values,
        ticked=told.flags,
        refusal=refusal, said=refusal.said(language) if refusal else "", choices=[*Flag, *own], usual=usual,
        **CHOICES, **words,
    )  # fmt: skip
