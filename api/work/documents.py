"""Campaigns, rounds, check-ins, cases, pages and calls as documents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api import queries
from campaigns import round_reports
from campaigns.audience import audience_of
from campaigns.models import Campaign, CampaignKind, CampaignState, CheckIn, Outcome, Reason, Round
from campaigns.rounds import lateness
from core import clock
from escalation import queries as escalation
from escalation.cases import time_line
from escalation.models import Case, CaseKind, CaseState, Finding, Page, PageState
from ivr.models import Call, CallState, Direction, Ending


class Audience(BaseModel):
    """Whom a round that began now would ring."""

    people: int
    left_out: dict[str, int] = Field(description="How many are meant and not rung, by reason.")


class CampaignLine(BaseModel):
    """Whom to ring, when, and what for."""

    model_config = ConfigDict(title="CampaignLine")

    id: UUID
    name: str = Field(examples=["早安问候"])
    kind: CampaignKind
    message: str | None
    state: CampaignState
    flags: list[str] | None = Field(description="For whoever carries one of these; null: for everybody.")
    at: str | None = Field(description="Community time.", examples=["08:00"])
    attempts: int
    retry_minutes: int
    ring_seconds: int
    early_minutes: int
    late: str | None
    machine_detection: bool
    next_round_at: datetime | None


class CampaignFile(CampaignLine):
    """A campaign with whom it would ring now."""

    model_config = ConfigDict(title="Campaign")

    audience: Audience


class RoundDocument(BaseModel):
    """One occurrence of a campaign, and the proof that nobody was forgotten: `enrolled` = sum of `counts` + `open`."""

    model_config = ConfigDict(title="Round")

    id: UUID
    campaign_id: UUID
    campaign: str
    kind: CampaignKind
    due_at: datetime
    started_at: datetime
    deadline: datetime
    enrolled: int
    open: int
    complete: bool
    counts: dict[str, int] = Field(description="Check-ins by outcome.", examples=[{"ok": 21, "no_answer": 2}])
    stopped_at: datetime | None
    stopped_because: Reason | None


class CheckInDocument(BaseModel):
    """One resident in one round; `case` is what a person has to deal with, if anything."""

    model_config = ConfigDict(title="CheckIn")

    id: UUID
    resident_id: UUID
    resident: str
    outcome: Outcome | None = Field(description="Null while it is open. In a notice `ok` means: has heard it.")
    reason: Reason | None
    attempts: int
    answered_at: datetime | None
    decided_at: datetime | None
    case: UUID | None
    calls: list[UUID]


class Moment(BaseModel):
    """One thing that happened to a case."""

    at: datetime
    event: str
    actor_kind: str
    who: str
    responder: str


class CaseLine(BaseModel):
    """Something that a person has to deal with."""

    model_config = ConfigDict(title="CaseLine")

    id: UUID
    kind: CaseKind
    state: CaseState
    resident_id: UUID | None
    needs: list[str]
    people: int | None = Field(description="Of `not_asked`: how many residents it is about.")
    opened_at: datetime
    accepted_by: UUID | None
    accepted_at: datetime | None
    closed_at: datetime | None
    finding: Finding | None
    pages: int = Field(description="How often a responder was asked.")


class CaseFile(CaseLine):
    """A case with its note, what was written about it, and what happened to it."""

    model_config = ConfigDict(title="Case")

    note: str
    caller: str | None
    texts: list[str]
    time_line: list[Moment]


class PageDocument(BaseModel):
    """One attempt to reach one responder about one case; only `accepted` is delivered."""

    model_config = ConfigDict(title="PageToResponder")

    id: UUID
    case_id: UUID
    responder_id: UUID
    call_id: UUID
    state: PageState
    asked_at: datetime
    ended_at: datetime | None


class CallDocument(BaseModel):
    """One telephone attempt; what was said in it is its check-in's or its case's to tell."""

    model_config = ConfigDict(title="Call")

    id: UUID
    direction: Direction
    owner: str
    number: str
    state: CallState
    ending: Ending | None
    due_at: datetime
    dialled_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    by_machine: bool


def campaign_lines(campaigns: Sequence[Campaign]) -> list[CampaignLine]:
    """Many campaigns."""
    return [CampaignLine(**_campaign(each)) for each in campaigns]


def campaign_file(session: Session, campaign: Campaign) -> CampaignFile:
    """One campaign."""
    audience = audience_of(session, campaign, clock.now())
    left_out = {reason.value: count for reason, count in audience.left_out.items()}
    return CampaignFile(**_campaign(campaign), audience=Audience(people=audience.people, left_out=left_out))


def campaign_version(campaign: Campaign) -> CampaignLine:
    """What a change of a campaign is a change of; whom it rings changes by itself."""
    return CampaignLine(**_campaign(campaign))


def round_documents(session: Session, rounds: Sequence[Round]) -> list[RoundDocument]:
    """Rounds with how they stand."""
    return [_round(session, each) for each in rounds]


def check_in_documents(session: Session, round_id: UUID, check_ins: Sequence[CheckIn]) -> list[CheckInDocument]:
    """Some check-ins of a round, with their cases; those who were not asked share one."""
    ids = [each.id for each in check_ins]
    own = {case.check_in_id: case.id for case in escalation.cases_of_check_ins(session, ids)}
    shared, calls = escalation.case_of_round(session, round_id), queries.calls_of_check_ins(session, ids)
    return [_check_in(each, own, shared, calls) for each in check_ins]


def case_lines(cases: Sequence[Case]) -> list[CaseLine]:
    """Many cases."""
    return [CaseLine(**_case(each)) for each in cases]


def case_file(session: Session, case: Case) -> CaseFile:
    """One case in full."""
    written = escalation.texts_of_cases(session, [case.id]).get(case.id, ())
    moments = [Moment(at=each.at, event=each.event, actor_kind=each.actor.kind, who=each.name, responder=each.responder)
               for each in time_line.of_case(session, case.id)]  # fmt: skip
    return CaseFile(**_case(case), note=case.note, caller=case.caller, texts=[text.body for _, text in written],
                    time_line=moments)  # fmt: skip


def page_documents(pages: Sequence[Page]) -> list[PageDocument]:
    """Pages to responders."""
    return [PageDocument.model_validate(each, from_attributes=True) for each in pages]


def call_document(call: Call) -> CallDocument:
    """One call."""
    return CallDocument.model_validate(call, from_attributes=True)


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "kind": campaign.kind,
        "message": campaign.message or None,
        "state": campaign.state,
        "flags": campaign.flags,
        "at": f"{campaign.at:%H:%M}" if campaign.at else None,
        "attempts": campaign.attempts,
        "retry_minutes": campaign.retry_minutes,
        "ring_seconds": campaign.ring_seconds,
        "early_minutes": campaign.early_minutes,
        "late": lateness.spelled(campaign.late_until),
        "machine_detection": campaign.machine_detection,
        "next_round_at": campaign.next_round_at,
    }


def _round(session: Session, round_: Round) -> RoundDocument:
    report = round_reports.report(session, round_.id)
    return RoundDocument(
        id=round_.id, campaign_id=round_.campaign_id, campaign=round_.campaign.name, kind=report.kind,
        due_at=round_.occurrence, started_at=round_.started_at, deadline=round_.deadline, enrolled=report.enrolled,
        open=report.open, complete=report.complete, counts=report.counts, stopped_at=round_.stopped_at,
        stopped_because=round_.stopped_because,
    )  # fmt: skip


def _check_in(
    check_in: CheckIn, own: Mapping[UUID | None, UUID], shared: Case | None, calls: Mapping[UUID, list[UUID]]
) -> CheckInDocument:
    case = (shared.id if shared else None) if check_in.outcome == Outcome.NOT_ASKED else own.get(check_in.id)
    return CheckInDocument(
        id=check_in.id, resident_id=check_in.resident_id, resident=check_in.resident.name, outcome=check_in.outcome,
        reason=check_in.reason, attempts=check_in.attempts, answered_at=check_in.answered_at,
        decided_at=check_in.decided_at, case=case, calls=calls.get(check_in.id, []),
    )  # fmt: skip


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "kind": case.kind,
        "state": case.state,
        "resident_id": case.resident_id,
        "needs": case.needs,
        "people": case.people,
        "opened_at": case.opened_at,
        "accepted_by": case.accepted_by_id,
        "accepted_at": case.accepted_at,
        "closed_at": case.closed_at,
        "finding": case.finding,
        "pages": case.past_pages + sum(page.state != PageState.NOT_RUNG for page in case.pages),
    }
