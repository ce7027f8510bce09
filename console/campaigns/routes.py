"""The list of campaigns, the page of each, and what is done to one: checked, started, paused, ended, removed, heard."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns import audience
from campaigns.audience import rule_of
from campaigns.changes import campaign_changes, campaign_checks
from campaigns.models import Campaign
from campaigns.rounds import round_stops, sample_calls
from console.campaigns.campaign_page import NOT_YET, campaign_page
from console.campaigns.here import ONE, PAGE, campaign_here, here
from console.campaigns.lines import campaign_lines
from console.listen.conversations import name_of
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts import queries as contacts
from contacts.places import spelled_place
from core import clock
from core.actors import Actor
from core.errors import NotFoundError, UserError
from core.storage.database import reading, write

PEOPLE = 50
Note = Annotated[str, Form(max_length=400)]
Deed = Callable[..., object]
"""A use case: it takes the session, the actor, the campaign, and what else was told."""
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show_all(request: Request) -> Response:
    """All campaigns of the community."""
    with reading() as session:
        at = here(session, request)
        lines = campaign_lines(session, at.community, at.language)
    return pages.page(request, "campaigns/campaigns.html", lines=lines, **at.words)


@router.get(ONE)
def show(request: Request, campaign_id: UUID, before: UUID | None = None, older: int | None = None) -> Response:
    """One campaign: its rounds ``before`` one of them, and what was done to it earlier than the event ``older``."""
    return page_of(request, campaign_id, before=before, older=older)


@router.get(f"{ONE}/people")
def show_people(request: Request, campaign_id: UUID, after: UUID | None = None) -> Response:
    """Whom the campaign rings, some at a time, and who of those it means is left out and why."""
    with reading() as session:
        at = here(session, request)
        campaign = campaign_here(session, at, campaign_id)
        found = audience.some_names(session, at.community, rule_of(campaign), clock.now(), PEOPLE + 1, after)
        profiles = contacts.resident_profiles(session, [each for each, _, _ in found[:PEOPLE]])
        people = [(name, spelled_place(at.language, profiles[each].building, profiles[each].unit, profiles[each].room),
                   why) for each, name, why in found[:PEOPLE]]  # fmt: skip
        following = found[PEOPLE - 1][0] if len(found) > PEOPLE else None
    return pages.page(request, "campaigns/campaign_people.html", campaign=campaign, people=people, following=following,
                      is_first=after is None, **at.words)  # fmt: skip


@router.post(f"{ONE}/check", dependencies=[Depends(same_site)])
def check(request: Request, campaign_id: UUID) -> Response:
    """Looks whether a draft can be carried out; it is checked where nothing stands in the way."""
    return _done(request, campaign_id, campaign_checks.mark_checked)


@router.post(f"{ONE}/activate", dependencies=[Depends(same_site)])
def activate(request: Request, campaign_id: UUID, anyway: Note = "") -> Response:
    """A draft starts rounds from now on, also where something stands in the way if that is meant so."""

    def started(session: Session, actor: Actor, campaign: Campaign) -> None:
        campaign_checks.activate(session, actor, campaign, anyway=anyway == "yes")

    return _done(request, campaign_id, started)


@router.post(f"{ONE}/pause", dependencies=[Depends(same_site)])
def pause(request: Request, campaign_id: UUID, note: Note = "") -> Response:
    """No round starts until the campaign is resumed; a round under way ends."""
    return _done(request, campaign_id, round_stops.pause_campaign, note.strip())


@router.post(f"{ONE}/resume", dependencies=[Depends(same_site)])
def resume(request: Request, campaign_id: UUID) -> Response:
    """Rounds start by themselves again."""
    return _done(request, campaign_id, round_stops.resume_campaign)


@router.post(f"{ONE}/stop", dependencies=[Depends(same_site)])
def stop(request: Request, campaign_id: UUID, note: Note = "") -> Response:
    """The campaign ends for good."""
    return _done(request, campaign_id, round_stops.stop_campaign, note.strip())


@router.post(f"{ONE}/remove", dependencies=[Depends(same_site)])
def remove(request: Request, campaign_id: UUID) -> Response:
    """The campaign is in no list any more; its rounds can still be read."""
    return _done(request, campaign_id, campaign_changes.remove, to=PAGE)


@router.post(f"{ONE}/sample", dependencies=[Depends(same_site)])
def sample(request: Request, campaign_id: UUID, number: Note = "") -> Response:
    """Rings a telephone of whoever plans the campaign with what a resident would hear."""
    return _done(
        request,
        campaign_id,
        sample_calls.ring,
        number,
        to=f"{_address(campaign_id)}?rung=yes#heard",
        typed={"number": number},
    )


def _done(
    request: Request, campaign_id: UUID, deed: Deed, *told: str, to: str = "", typed: Mapping[str, str] | None = None
) -> Response:
    """The page after the deed, or with why it was not done and what was ``typed``."""

    def work(session: Session) -> None:
        deed(session, acting(request), campaign_here(session, here(session, request), campaign_id), *told)

    try:
        write(work)
    except NotFoundError:
        raise
    except UserError as refusal:
        return page_of(request, campaign_id, refusal, typed=typed)
    return RedirectResponse(to or _address(campaign_id), status_code=303)


def page_of(
    request: Request,
    campaign_id: UUID,
    mistake: UserError | None = None,
    *,
    before: UUID | None = None,
    older: int | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """One campaign, with a mistake that somebody has made there and what they had ``typed``; raises
    ``NotFoundError``."""
    with reading() as session:
        at = here(session, request)
        campaign = campaign_here(session, at, campaign_id)
        shown = campaign_page(session, at.community, campaign, at.language, before, older)
    return pages.page(
        request, "campaigns/campaign.html", mistake.status if mistake else 200, shown=shown, campaign=campaign,
        mistake=mistake, typed=typed or {}, is_draft=campaign.state in NOT_YET, listen=name_of(campaign.id),
        was_rung="rung" in request.query_params, is_latest=before is None and older is None, **at.words,
    )  # fmt: skip


def _address(campaign_id: UUID) -> str:
    return f"{PAGE}/{campaign_id}"
