"""Residents are chosen from the list, by ticking or all who are found; and the page of what can be done with them."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns import queries as campaigns
from campaigns.models import CampaignState
from campaigns.people import choices
from console.people.people_words import flag_word, mending, people_words
from console.people.refusals import Refusal
from console.people.search.list_lines import found_ids
from console.people.search.list_routes import Asked
from console.people.search.list_routes import page_of as list_of
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting, known_visitor
from contacts.chosen import ResidentChoice
from contacts.community.community import the_community
from contacts.models import Community, Flag
from contacts.queries import campaign_audience
from core import clock
from core.errors import UserError
from core.i18n import Language
from core.storage.database import reading, write

PAGE = "/residents/chosen"
CHOICE = PAGE + "/{choice_id}"
MOST_NAMES = 60
_RINGING = frozenset({CampaignState.ACTIVE, CampaignState.PAUSED})
router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Form(max_length=100)]


def _asked(q: Typed = "", standing: Typed = "", flag: Typed = "", building: Typed = "", spoken: Typed = "",
           page: Annotated[int, Form(ge=1, le=100_000)] = 1) -> Asked:  # fmt: skip
    """What the list was narrowed to, as its form tells it."""
    return Asked(q, standing, flag, building, spoken, page)


@router.post(PAGE, dependencies=[Depends(same_site)])
def choose(
    request: Request,
    asked: Annotated[Asked, Depends(_asked)],
    who: Annotated[list[UUID] | None, Form()] = None,
    everybody: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Keeps who was ticked, or ``everybody`` who is found on all pages."""

    def work(session: Session) -> UUID:
        community = the_community(session)
        ids = found_ids(session, community, asked.choice) if everybody else (who or ())
        return choices.choose(session, acting(request), community.id, ids).id

    try:
        made = write(work)
    except UserError as mistake:
        return list_of(request, asked, mistake=mistake)
    return RedirectResponse(f"{PAGE}/{made}", status_code=303)


@router.get(CHOICE)
def show(request: Request, choice_id: UUID, deed: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Who was chosen, and what can be done with them; ``deed`` is which form stands open."""
    return choice_page(request, choice_id, deed)


def found(session: Session, request: Request, choice_id: UUID) -> tuple[Community, ResidentChoice]:
    """The choice of whoever looks; raises ``NotFoundError``."""
    community, who = the_community(session), known_visitor(request)
    return community, choices.find(session, community.id, who.user_id, choice_id)


def choice_page(request: Request, choice_id: UUID, deed: str = "", refusal: Refusal | None = None) -> Response:
    """The page, with a form that was refused."""
    language = pages.language_of(request)
    try:
        with reading() as session:
            community, choice = found(session, request, choice_id)
            people = choices.people_of(session, choice)
            offered = _offered(session, community, language)
    except UserError as missing:
        return pages.trouble(request, missing.status, mending(missing, language))
    return pages.page(
        request, "people/chosen.html", refusal.mistake.status if refusal else 200, choice_id=choice_id, people=people,
        names=[each.name for each in people[:MOST_NAMES]], more=max(0, len(people) - MOST_NAMES),
        open_deed=refusal.form if refusal else deed, refusal=refusal, said=refusal.said(language) if refusal else "",
        **offered, **people_words(language, ZoneInfo(community.timezone)),
    )  # fmt: skip


def _offered(session: Session, community: Community, language: Language) -> dict[str, Any]:
    """What can be chosen in the forms."""
    own = sorted(campaign_audience.usual_flags(session, community.id) - set(Flag))
    ringing = [each for each in campaigns.campaigns(session)
               if each.community_id == community.id and each.state in _RINGING]  # fmt: skip
    return {
        "flags": [(each, flag_word(each, language)) for each in (*Flag, *own)],
        "campaigns": [(str(each.id), each.name) for each in ringing],
        "today": clock.now().astimezone(ZoneInfo(community.timezone)).date(),
    }
