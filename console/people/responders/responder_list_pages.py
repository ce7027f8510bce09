"""The pages of all responders, and the one on which somebody is written down as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people.file_page import CHOICES
from console.people.people_words import people_words
from console.people.refusals import Refusal
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Area, Responder, Role
from contacts.people import responder_changes
from contacts.people.responder_changes import ResponderParticulars
from contacts.profiles import area_written
from core.errors import UserError
from core.i18n import Language, listed
from core.storage.database import reading, write
from ivr import queries as telephone

PAGE = "/responders"
NEW = PAGE + "/new"
ROLES = list(Role)
Typed = Annotated[str, Form(max_length=400)]
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ResponderLine:
    """A responder as pages name them; empty ``areas``: the whole community."""

    who: Responder
    areas: str


class Told:
    """What a form says of a responder."""

    def __init__(
        self,
        name: Typed = "",
        role: Typed = "",
        phone: Typed = "",
        second_phone: Typed = "",
        areas: Typed = "",
        language: Typed = "",
        email: Typed = "",
        chat_address: Typed = "",
        pin: Typed = "",
        speaks: Annotated[list[str] | None, Form()] = None,
        skill: Annotated[list[str] | None, Form()] = None,
    ) -> None:
        self.pin = pin.strip()
        self.values = {
            "name": name, "role": role, "phone": phone, "second_phone": second_phone, "areas": areas,
            "language": language, "email": email, "chat_address": chat_address,
            "languages": ",".join(each[:60] for each in (speaks or ())[:40]),
            "skills": ",".join(each[:60] for each in (skill or ())[:40]),
        }  # fmt: skip

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the form again; never a PIN."""
        return self.values | {"pin": ""}

    @property
    def particulars(self) -> ResponderParticulars:
        """The same for the use case; an empty PIN stays what it was."""
        names = {"phone": "number", "second_phone": "second_number"}
        told = {names.get(what, what): value for what, value in self.values.items()}
        return cast("ResponderParticulars", told | ({"pin": self.pin} if self.pin else {}))


@router.get(PAGE)
def show(request: Request) -> Response:
    """Everybody who can go and help, and who did once."""
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        tree, zone = contacts.areas(session, community.id), ZoneInfo(community.timezone)
        helping = responder_lines(contacts.all_responders(session, community.id), tree, language)
        gone = responder_lines(contacts.removed_responders(session, community.id), tree, language)
    return pages.page(request, "responders/responders.html", helping=helping, gone=gone, **people_words(language, zone))


@router.get(NEW)
def show_new(request: Request) -> Response:
    """The empty form."""
    return _new_page(request, Told(), None)


@router.post(NEW, dependencies=[Depends(same_site)])
def add(request: Request, told: Annotated[Told, Depends()]) -> Response:
    """Writes down somebody who can go and help; they are asked at once."""

    def work(session: Session) -> UUID:
        community, ours = the_community(session), telephone.our_numbers(session)
        return responder_changes.add(session, acting(request), community, told.particulars, ours).id

    try:
        made = write(work)
    except UserError as mistake:
        return _new_page(request, told, Refusal("responder", mistake, told.typed))
    return RedirectResponse(f"{PAGE}/{made}?saved=responder", status_code=303)


def responder_lines(known: Sequence[Responder], tree: Mapping[UUID, Area], language: Language) -> list[ResponderLine]:
    """Responders with their areas in words."""
    return [ResponderLine(each, listed(language, [area_written(area, tree) for area in each.areas])) for each in known]


def _new_page(request: Request, told: Told, refusal: Refusal | None) -> Response:
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        words = people_words(language, ZoneInfo(community.timezone))
        values = told.typed | {"language": told.values["language"] or community.language,
                               "role": told.values["role"] or Role.VOLUNTEER}  # fmt: skip
    return pages.page(request, "responders/responder_new.html", refusal.mistake.status if refusal else 200,
                      refusal=refusal, said=refusal.said(language) if refusal else "", values=values, roles=ROLES,
                      has_pin=False, **CHOICES, **words)  # fmt: skip
