"""The list of rounds by day; a round by hand, for all or for some; and the end of one under way."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns import audience
from campaigns.audiences.rules import InRound, Rule
from campaigns.changes import round_starts
from campaigns.models import Campaign
from campaigns.queries import overviews
from campaigns.rounds import round_stops
from console.campaigns.here import ONE, ROUND, ROUNDS, Here, campaign_here, here, round_here
from console.campaigns.results import RoundLine, round_lines
from console.campaigns.routes import page_of
from console.round_report_pages import report_page
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from core.errors import NotFoundError, UserError
from core.storage.database import reading, write

SHOWN = 14
UNANSWERED, ALL, RULE = "unanswered", "all", "rule"
Typed = Annotated[str, Form(max_length=4000)]
router = APIRouter(include_in_schema=False)


@router.get(ROUNDS)
def show_all(request: Request, before: UUID | None = None) -> Response:
    """The latest rounds by day, or those begun before one of them."""
    with reading() as session:
        at = here(session, request)
        found = overviews.rounds(session, at.community.id, SHOWN + 1, before=before)
        days = _by_day(round_lines(session, found[:SHOWN], at.language), at)
        earlier = found[SHOWN - 1].id if len(found) > SHOWN else None
    return pages.page(request, "campaigns/rounds.html", days=days, earlier=earlier, is_first=before is None, **at.words)


@router.post(f"{ONE}/rounds", dependencies=[Depends(same_site)])
def begin(request: Request, campaign_id: UUID, whom: Typed = ALL, rule: Typed = "", again: Typed = "") -> Response:
    """Starts a round of a campaign now, for all or for whom a rule means."""

    def begun(session: Session) -> UUID:
        at = here(session, request)
        campaign = campaign_here(session, at, campaign_id)
        return _started(session, request, campaign, _only(session, at, whom, rule, None), again)

    typed = {"whom": whom, "rule": rule}
    return _led(begun, lambda refusal: page_of(request, campaign_id, refusal, typed=typed))


@router.post(f"{ROUND}/again", dependencies=[Depends(same_site)])
def begin_again(
    request: Request, round_id: UUID, whom: Typed = UNANSWERED, rule: Typed = "", again: Typed = "yes"
) -> Response:
    """Starts a round now for whoever has not answered in this one, or for others of its campaign."""

    def begun(session: Session) -> UUID:
        at = here(session, request)
        round_ = round_here(session, at, round_id)
        campaign = campaign_here(session, at, round_.campaign_id)
        return _started(session, request, campaign, _only(session, at, whom, rule, round_id), again)

    typed = {"whom": whom, "rule": rule}
    return _led(begun, lambda refusal: report_page(request, round_id, refusal, typed=typed))


@router.post(f"{ROUND}/stop", dependencies=[Depends(same_site)])
def stop(request: Request, round_id: UUID, note: Annotated[str, Form(max_length=400)] = "") -> Response:
    """Ends a round: calls in progress finish and count, nobody else is rung."""

    def stopped(session: Session) -> UUID:
        round_here(session, here(session, request), round_id)
        return round_stops.stop_round(session, acting(request), round_id, note.strip()).round_id

    return _led(stopped, lambda refusal: report_page(request, round_id, refusal))


def _started(session: Session, request: Request, campaign: Campaign, only: Rule | None, again: str) -> UUID:
    """``again``: also whoever another round has asked a short time ago."""
    between = timedelta(0) if again == "yes" else None
    return round_starts.start_now(session, acting(request), campaign, between, only).id


def _only(session: Session, at: Here, whom: str, rule: str, round_id: UUID | None) -> Rule | None:
    """Who of the audience is rung; None: all of it. Raises ``UserError``."""
    if whom == UNANSWERED and round_id is not None:
        return InRound(answered=False, round_id=round_id)
    return audience.read(session, at.community.id, rule) if whom == RULE else None


def _led(work: Callable[[Session], UUID], refused: Callable[[UserError], Response]) -> Response:
    """To the round that ``work`` has begun or ended, or the page that says why it could not."""
    try:
        return RedirectResponse(f"{ROUNDS}/{write(work)}", status_code=303)
    except NotFoundError as missing:
        if missing.field in {"round_id", "campaign_id"}:
            raise
        return refused(missing)
    except UserError as refusal:
        return refused(refusal)


def _by_day(lines: Sequence[RoundLine], at: Here) -> Sequence[tuple[date, Sequence[RoundLine]]]:
    zone = at.zone
    return [(day, list(inside)) for day, inside in groupby(lines, lambda each: each.day(zone))]
