"""The page of one resident's file, and the one of their health, which is opened, and noted as read, apart from it."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people import file
from console.people.file_forms import form
from console.people.people_words import people_words
from console.people.refusals import Refusal
from console.people.versions import refuse_other
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts.abilities import Skill, Spoken
from contacts.community.community import the_community
from contacts.models import PhoneState, Removal, Wants
from contacts.people import residents
from contacts.people.health_notes import health_notes, set_health_notes
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.storage.database import reading, write
from core.timbre import Timbre

PAGE = "/residents/{resident_id}"
HEALTH = PAGE + "/health"
Word = Annotated[str, Query(max_length=40)]
router = APIRouter(include_in_schema=False)
CHOICES = {"languages": list(Language), "timbres": list(Timbre), "wants": list(Wants), "phone_states": list(PhoneState),
           "removals": list(Removal), "spoken": list(Spoken), "skills": list(Skill)}  # fmt: skip
"""What can be chosen in forms, by the names that templates use."""


@router.get(PAGE)
def show(request: Request, resident_id: UUID, month: Word = "", saved: Word = "") -> Response:
    """Everything that is written down about a resident; ``saved`` names the form that has just been."""
    return file_page(request, resident_id, month=month, saved=saved)


@router.get(HEALTH)
def show_health(request: Request, resident_id: UUID) -> Response:
    """What is known of their health."""
    return _health_page(request, resident_id, None)


@router.post(HEALTH, dependencies=[Depends(same_site)])
def change_health(
    request: Request,
    resident_id: UUID,
    notes: Annotated[str, Form(max_length=4000)] = "",
    version: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """What is known of it from now on."""
    typed = notes.replace("\r\n", "\n")

    def work(session: Session) -> None:
        file.find(session, the_community(session), resident_id)
        residents.enrolled(session, resident_id)
        refuse_other(version, {"notes": health_notes(session, resident_id)})
        set_health_notes(session, acting(request), resident_id, typed)

    try:
        write(work)
    except NotFoundError as missing:
        return _missing(request, missing)
    except UserError as mistake:
        return _health_page(request, resident_id, Refusal("health", mistake, {"notes": typed}))
    return RedirectResponse(f"/residents/{resident_id}?saved=health#health", status_code=303)


def file_page(
    request: Request, resident_id: UUID, refusal: Refusal | None = None, month: str = "", saved: str = ""
) -> Response:
    """The file as it is now; a form that was refused stands open on it, with what was typed."""
    language = pages.language_of(request)
    try:
        with reading() as session:
            community = the_community(session)
            zone = ZoneInfo(community.timezone)
            who = file.find(session, community, resident_id)
            shown = file.resident_file(session, who, language, month)
    except NotFoundError as missing:
        return _missing(request, missing)
    return pages.page(
        request, "people/resident.html", refusal.mistake.status if refusal else 200, file=shown, who=who,
        refusal=refusal, said=refusal.said(language) if refusal else "", saved=saved, tz=zone, **CHOICES,
        **people_words(language, zone),
    )  # fmt: skip


def _health_page(request: Request, resident_id: UUID, refusal: Refusal | None) -> Response:
    language = pages.language_of(request)
    try:
        with reading() as session:
            who = file.find(session, the_community(session), resident_id)
            notes, called, is_gone = health_notes(session, who.id), who.called, who.removed_at is not None
    except NotFoundError as missing:
        return _missing(request, missing)
    return pages.page(request, "people/resident_health.html", refusal.mistake.status if refusal else 200,
                      id=resident_id, called=called, form=form({"notes": notes}), refusal=refusal, is_gone=is_gone,
                      said=refusal.said(language) if refusal else "")  # fmt: skip


def _missing(request: Request, missing: NotFoundError) -> Response:
    return pages.trouble(request, missing.status, missing.describe(pages.language_of(request)))
