"""The page of the first start: an administrator is led from an empty database to the first real call."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.people.readiness import Step
from campaigns.rounds import sample_calls
from console.people.refusals import Refusal
from console.setting_up import live_checks
from console.setting_up.live_checks import Found
from console.setting_up.start_page import first_campaign, start_page
from console.setting_up.words import community_words
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts.community.community import the_community
from core.errors import ConflictError, UserError
from core.i18n import listed
from core.storage.database import reading, write

PAGE = "/start"
CALL = "call"
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request) -> Response:
    """What is there, what is missing, and what comes next."""
    return start(request)


@router.post(f"{PAGE}/check", dependencies=[Depends(same_site)])
def check(request: Request) -> Response:
    """Looks at the line now; nothing is changed, so the page itself answers."""
    language = pages.language_of(request)
    try:
        return start(request, found=live_checks.look(language))
    except UserError as refusal:
        return start(request, Refusal(Step.LINE, refusal))


@router.post(f"{PAGE}/call", dependencies=[Depends(same_site)])
def call(request: Request, number: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Rings whoever sets up at a telephone of their own, with what a resident would hear."""

    def work(session: Session) -> None:
        campaign = first_campaign(session)
        if campaign is None:
            raise ConflictError("There is no campaign that could be heard yet.", way_out="Write one first.")
        sample_calls.ring(session, acting(request), campaign, number)

    try:
        write(work)
    except UserError as refusal:
        refusal.field = "number" if refusal.field in {"to", "phone"} else refusal.field
        return start(request, Refusal(CALL, refusal, {"number": number}))
    return RedirectResponse(f"{PAGE}#step-{Step.CALL}", status_code=303)


def start(request: Request, refusal: Refusal | None = None, found: Sequence[Found] = ()) -> Response:
    """The page, with what was refused or ``found``."""
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        shown = start_page(session, community, language)
        about: dict[str, Any] = {**community_words(community, language, refusal)}
    return pages.page(
        request, "setting_up/start.html", refusal.mistake.status if refusal else 200, page=shown, steps=list(Step),
        refusal=refusal, said=refusal.said(language) if refusal else "", found=found,
        can_look=live_checks.is_offered(), here=PAGE, comma=listed(language, ["", ""]), **about,
    )  # fmt: skip
