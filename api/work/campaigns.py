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
from api.work.bodies import ActivateBody, CampaignChange, NewCampaign, NewRound, NoteBody, PlanFields
from api.work.documents import (
    CampaignCheckDocument,
    CampaignFile,
    CampaignLine,
    RoundDocument,
    campaign_file,
    campaign_lines,
    campaign_version,
    check_document,
    round_documents,
)
from campaigns import queries as campaign_queries
from campaigns.changes import campaign_changes, campaign_checks, new_campaigns, round_starts
from campaigns.changes.campaign_changes import Plan
from campaigns.changes.typed_schedules import DEFAULT_AT, schedule_of
from campaigns.models import Campaign, CampaignKind
from campaigns.rounds import lateness, round_stops
from campaigns.schedules.plans import times_of
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
        told = _told(body)
        usual = DEFAULT_AT if body.kind is CampaignKind.CHECK_IN else None
        starts = times_of(body.schedule)[:1] if body.schedule else ()
        told["late_until"] = lateness.late_until_of(body.late, next(iter(starts), told.get("at") or usual))
        if "deadline_minutes" in told:
            told["deadline"] = told.pop("deadline_minutes")
        campaign = new_campaigns.create_campaign(
            session, program.actor, body.name, kind=body.kind, draft=body.draft, **told
        )
        return _answer(session, campaign, 201)

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
        begun = round_starts.start_now(session, program.actor, campaign, between, body.only)
        session.flush()
        [document] = round_documents(session, [begun])
        return Answer(document, 201, {"Location": f"/api/v1/rounds/{begun.id}"})

    return once(request, program, key, body, start)


@router.get("/{campaign_id}/check")
def check_campaign(program: Program, campaign_id: UUID) -> CampaignCheckDocument:
    """What would come of the campaign as it stands, and what is in the way of activating it; changes nothing."""
    with looking(program) as session:
        return check_document(campaign_checks.check(session, _find(session, program, campaign_id)))


@router.post("/{campaign_id}/activate", response_model=CampaignFile)
def activate_campaign(
    request: Request, program: Program, campaign_id: UUID, body: ActivateBody, key: Key = None
) -> Response:
    """Rounds of a draft start by themselves from now on; refused where something stands in the way."""

    def activate(session: Session) -> Answer:
        campaign = _find(session, program, campaign_id)
        campaign_checks.activate(session, program.actor, campaign, anyway=body.anyway)
        return _answer(session, campaign)

    return once(request, program, key, body, activate)


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


@router.delete("/{campaign_id}", status_code=204)
def remove_campaign(program: Program, campaign_id: UUID) -> Response:
    """The campaign is in no list any more and starts no round; those that it had can still be read.

    Refused while a round of it is under way that nobody has stopped.
    """

    def remove(session: Session) -> Response:
        campaign_changes.remove(session, program.actor, _find(session, program, campaign_id))
        return Response(status_code=204)

    return changing(program, remove)


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
    told = _told(body)
    if "flags" in body.model_fields_set and body.rule is None:
        told["flags"] = body.flags
    if body.late is not None:
        known = times_of(body.schedule or schedule_of(campaign))
        told["late_until"] = lateness.late_until_of(body.late, told.get("at", next(iter(known), None)))
    return cast("Plan", told)


def _told(body: PlanFields) -> dict[str, Any]:
    """What a plan says, as the use cases take it."""
    apart = {"name", "kind", "draft", "late", "rule", "at", "schedule"}
    told = {what: value for what, value in body.model_dump(exclude=apart).items() if value is not None}
    said = {"audience": body.rule, "schedule": body.schedule, "at": time.fromisoformat(body.at) if body.at else None}
    return told | {what: value for what, value in said.items() if value is not None}
