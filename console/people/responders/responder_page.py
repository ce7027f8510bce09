"""The page of one responder: what they look after, at which telephones they are asked, what they speak and can do."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.people import responder_status
from console.people.file_forms import Form as ShownForm
from console.people.file_forms import form
from console.people.file_page import CHOICES
from console.people.people_words import people_words
from console.people.refusals import Refusal
from console.people.responders.responder_list_pages import PAGE, ROLES, Told, responder_lines
from console.people.versions import refuse_other
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Community, Responder
from contacts.people import responder_changes
from contacts.profiles import area_written
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.short_ids import short
from core.storage.database import reading, write
from escalation import queries as escalation
from ivr import queries as telephone

ONE = PAGE + "/{responder_id}"
FORM = "responder"
router = APIRouter(include_in_schema=False)


@router.get(ONE)
def show(request: Request, responder_id: UUID, saved: str = "") -> Response:
    """Everything that is written down about a responder, and what they have in hand."""
    return _page(request, responder_id, None, saved[:20])


@router.post(ONE, dependencies=[Depends(same_site)])
def change(
    request: Request,
    responder_id: UUID,
    told: Annotated[Told, Depends()],
    version: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """What the form says replaces what was; a telephone that is theirs no more stops ringing."""

    def work(session: Session) -> None:
        _find(session, the_community(session), responder_id)
        refuse_other(version, _form(session, responder_changes.helping(session, responder_id)).values)
        ours = telephone.our_numbers(session)
        responder_status.change(session, acting(request), responder_id, told.particulars, ours)

    return _changed(request, responder_id, told.typed, work)


@router.post(ONE + "/remove", dependencies=[Depends(same_site)])
def remove(request: Request, responder_id: UUID) -> Response:
    """They are asked about nothing any more; what they have in hand goes to others at once."""

    def work(session: Session) -> None:
        _find(session, the_community(session), responder_id)
        responder_status.remove(session, acting(request), responder_id)

    return _changed(request, responder_id, {}, work)


@router.post(ONE + "/restore", dependencies=[Depends(same_site)])
def restore(request: Request, responder_id: UUID) -> Response:
    """They are asked as before."""

    def work(session: Session) -> None:
        _find(session, the_community(session), responder_id)
        responder_changes.restore(session, acting(request), responder_id)

    return _changed(request, responder_id, {}, work)


def _changed(request: Request, responder_id: UUID, typed: dict[str, str], work: Callable[[Session], None]) -> Response:
    try:
        write(work)
    except UserError as mistake:
        return _page(request, responder_id, Refusal(FORM if typed else "deed", mistake, typed))
    return RedirectResponse(f"{PAGE}/{responder_id}?saved={FORM}", status_code=303)


def _find(session: Session, community: Community, responder_id: UUID) -> Responder:
    found = session.get(Responder, responder_id)
    if found is None or found.community_id != community.id:
        raise NotFoundError("There is no responder {value}.", field="responder", value=short(responder_id))
    return found


def _form(session: Session, who: Responder) -> ShownForm:
    """What stands in the form; areas as a list is written, so that it can be read again."""
    tree = contacts.areas(session, who.community_id)
    return form({
        "name": who.name, "role": who.role, "phone": who.number, "second_phone": who.second_number or "",
        "areas": "、".join(area_written(each, tree).said(Language.CHINESE) for each in who.areas),
        "language": who.language, "email": who.email, "chat_address": who.chat_address,
        "languages": ",".join(who.languages), "skills": ",".join(who.skills),
    })  # fmt: skip


def _page(request: Request, responder_id: UUID, refusal: Refusal | None, saved: str = "") -> Response:
    language = pages.language_of(request)
    try:
        with reading() as session:
            community = the_community(session)
            who = _find(session, community, responder_id)
            shown = _form(session, who)
            [line] = responder_lines([who], contacts.areas(session, community.id), language)
            in_hand = list(escalation.cases_in_hand(session, who.id))
    except NotFoundError as missing:
        return pages.trouble(request, missing.status, missing.describe(language))
    return pages.page(
        request, "responders/responder.html", refusal.mistake.status if refusal else 200, line=line, who=who,
        version=shown.version, values=refusal.typed if refusal and refusal.typed else shown.values, refusal=refusal,
        said=refusal.said(language) if refusal else "", saved=saved, in_hand=in_hand, roles=ROLES,
        has_pin=bool(who.pin), **CHOICES, **people_words(language, ZoneInfo(community.timezone)),
    )  # fmt: skip
