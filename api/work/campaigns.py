"""``/api/v1/campaigns``: whom to ring, when, and what for; a round of one begins here."""

from datetime import time, timedelta
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.program import Program, changing, looking, own
from api.work.bodies import CampaignChange, NewCampaign, NewRound, NoteBody
from api.work.documents import (
    CampaignFile,
    CampaignLine,
    RoundDocument,
    campaign_file,
    campaign_lines,
    campaign_version,
    round_documents,
)
from campaigns import queries as campaign_queries
from campaigns.models import Campaign, CampaignKind
from campaigns.rounds import campaign_changes, lateness, round_stops, schedule
from campaigns.rounds.campaign_changes import Plan
from campaigns.rounds.schedule import DEFAULT_AT
from core.errors import NotFoundError
from core.identity.visitor import Visitor

PATH = "/api/v1/campaigns"
NO_CAMPAIGN = "There is no campaign {value}."
router = APIRouter(prefix=PATH, tags=["campaigns"])


@router.get("")
def list_campaigns(program: Program, limit: Limit = 50, cursor: Cursor = None) -> Page[CampaignLine]:
    """All campaigns, in the order in which they were made."""
    with looking(program) as session:
        return page(session, queries.campaigns(program.community_id), Campaign.id, cursor, limit, campaign_lines)


@router.post("", status_code=201, response_model=CampaignFile)
def create_campaign(request: Request, program: Program, body: NewCampaign, key: Key = None) -> Response:
    """Creates a campaign: a daily check-in, or a notice that is told once."""

    def create(session: Session) -> Answer:
        told = {what: value for what, value in body.model_dump(exclude={"name", "late"}).items() if value is not None}
        starts = _local(body.at) or (DEFAULT_AT if body.kind is CampaignKind.CHECK_IN else None)
        planned: dict[str, Any] = {**told, "flags": body.flags, "at": _local(body.at),
                   "late_until": lateness.late_until_of(body.late, starts)}  # fmt: skip
        return _answer(session, schedule.create_campaign(session, program.actor, body.name, **planned), 201)

    return once(request, program, key, body, create)


@router.get("/{campaign_id}", response_model=CampaignFile)
def get_campaign(program: Program, campaign_id: UUID) -> Response:
    """One campaign and whom it would ring now; `ETag` is the version of its plan."""
    with looking(program) as session:
        return _answer(session, _find(session, program, campaign_id)).response()


@router.patch("/{campaign_id}", response_model=CampaignFile)
def change_campaign(program: Program, campaign_id: UUID, body: CampaignChange, if_match: IfMatch = None) -> Response:
    """Changes the plan from the next round on; a round under way keeps its people."""

    def change(session: Session) -> Response:
        campaign = _find(session, program, campaign_id)
        campaign_queries.hold(session, campaign)
        check(if_match, campaign_version(campaign))
        if body.name is not None and body.name.strip() != campaign.name:
            campaign_changes.rename(session, program.actor, campaign, body.name)
        campaign_changes.edit(session, program.actor, campaign, _plan(body, campaign))
        return _answer(session, campaign).response()

    return changing(program, change)


@router.post("/{campaign_id}/rounds", status_code=201, response_model=RoundDocument)
def start_round(request: Request, program: Program, campaign_id: UUID, body: NewRound, key: Key = None) -> Response:
    """Starts a round now; whoever is meant and may be rung is in it."""

    def start(session: Session) -> Answer:
        campaign = _find(session, program, campaign_id)
        between = timedelta(0) if body.again else None
        begun = schedule.start_now(session, program.actor, campaign, between)
        session.flush()
        [document] = round_documents(session, [begun])
        return Answer(document, 201, {"Location": f"/api/v1/rounds/{begun.id}"})

    return once(request, program, key, body, start)


@router.post("/{campaign_id}/pause", response_model=CampaignFile)
def pause_campaign(request: Request, program: Program, campaign_id: UUID, body: NoteBody, key: Key = None) -> Response:
    """No round starts by itself until the campaign is resumed; a round under way ends."""

    def pause(session: Session) -> Answer:
        campaign = _find(session, program, campaign_id)
        round_stops.pause_campaign(session, program.actor, campaign, body.note)
        return _answer(session, campaign)

    return once(request, program, key, body, pause)


@router.post("/{campaign_id}/resume", response_model=CampaignFile)
def resume_campaign(request: Request, program: Program, campaign_id: UUID, key: Key = None) -> Response:
    """Rounds start by themselves again, from the next one on."""

    def resume(session: Session) -> Answer:
        campaign = _find(session, program, campaign_id)
        round_stops.resume_campaign(session, program.actor, campaign)
        return _answer(session, campaign)

    return once(request, program, key, None, resume)


@router.post("/{campaign_id}/stop", response_model=CampaignFile)
def stop_campaign(request: Request, program: Program, campaign_id: UUID, body: NoteBody, key: Key = None) -> Response:
    """The campaign starts no round ever again; a round under way ends."""

    def stop(session: Session) -> Answer:
        campaign = _find(session, program, campaign_id)
        round_stops.stop_campaign(session, program.actor, campaign, body.note)
        return _answer(session, campaign)

    return once(request, program, key, body, stop)


def _find(session: Session, program: Visitor, campaign_id: UUID) -> Campaign:
    found = own(session, program, Campaign, campaign_id, NO_CAMPAIGN)
    if found.removed_at is not None:
        raise NotFoundError(NO_CAMPAIGN, field="id", value=found.name)
    return found


def _answer(session: Session, campaign: Campaign, status: int = 200) -> Answer:
    session.flush()
    made = {"Location": f"{PATH}/{campaign.id}"} if status == 201 else {}
    tag = tag_of(campaign_version(campaign))
    return Answer(campaign_file(session, campaign), status, {"ETag": tag, **made})


def _plan(body: CampaignChange, campaign: Campaign) -> Plan:
    """What is told; null tells nothing, except of ``flags``, where it means everybody."""
    told: dict[str, Any] = {what: value for what, value in body.model_dump(exclude_unset=True).items()
                            if what not in {"name", "late"} and (value is not None or what == "flags")}  # fmt: skip
    if "at" in told:
        told["at"] = _local(told["at"])
    if body.late is not None:
        told["late_until"] = lateness.late_until_of(body.late, told.get("at", campaign.at))
    return cast("Plan", told)


def _local(at: str | None) -> time | None:
    """A time of day in the community."""
    return time.fromisoformat(at) if at else None
