"""Campaigns, rounds, check-ins, cases, pages and calls as documents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api import queries
from campaigns import round_tally
from campaigns.audience import AudienceReport, audience_of, rule_of
from campaigns.audiences.rules import Rule
from campaigns.changes.campaign_checks import CampaignCheck, Problem
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, CampaignKind, CampaignState, CheckIn, Outcome, Reason, Round
from campaigns.rounds import lateness
from campaigns.schedules.occurrences import upcoming
from campaigns.schedules.plans import Schedule
from contacts.models import Community
from core import clock
from escalation import queries as escalation
from escalation.cases import time_line
from escalation.deeds.offers import Offer, offers
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Page, PageState
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
    rule: Rule = Field(description="Whom it is for.", examples=[{"kind": "flags", "any_of": ["lives_alone"]}])
    schedule: Schedule = Field(description="When rounds begin, in community time.",
                               examples=[{"kind": "daily", "times": ["08:00:00"]}])  # fmt: skip
    spread_minutes: int
    deadline_minutes: int
    attempts: int
    retry_minutes: int
    ring_seconds: int
    early_minutes: int
    late: str | None
    machine_detection: bool
    next_round_at: datetime | None


class CampaignFile(CampaignLine):
    """A campaign with whom it would ring now, and when its next rounds would begin."""

    model_config = ConfigDict(title="Campaign")

    audience: Audience
    upcoming: list[datetime]


class LineTime(BaseModel):
    """What the lines need for a round, in seconds, beside how long there is; and what would do."""

    needs_seconds: float
    there_is_seconds: float
    fits: bool
    calls_at_once: int
    calls_per_second: float


class CampaignCheckDocument(BaseModel):
    """What would come of a campaign as it stands; with `problems` it is not activated unless it is meant so."""

    model_config = ConfigDict(title="CampaignCheck")

    problems: list[Problem]
    audience: Audience
    telephones: int
    next_round_at: datetime | None
    line: LineTime
    residents_without_helpers: int


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
    note: str = Field(description="What they have written.")
    of_other: bool = Field(description="It happened to a case that was merged into this one.")


class CaseLine(BaseModel):
    """Something that a person has to deal with."""

    model_config = ConfigDict(title="CaseLine")

    id: UUID
    kind: CaseKind
    state: CaseState
    resident_id: UUID | None
    needs: list[str]
    people: int | None = Field(description="Of `not_asked` and `silence_cluster`: how many residents it is about.")
    opened_at: datetime
    accepted_by: UUID | None
    accepted_at: datetime | None
    moved_at: datetime | None = Field(description="Since when it is in its state, as whoever has it has said.")
    handing_to: UUID | None = Field(description="The responder who is asked to take it over.")
    closed_at: datetime | None
    finding: Finding | None
    merged_into: UUID | None = Field(description="The case that goes on for this one, which then has no finding.")
    pages: int = Field(description="How often a responder was asked.")


class CaseFile(CaseLine):
    """A case with its note, what was written about it, and what happened to it."""

    model_config = ConfigDict(title="Case")

    note: str
    caller: str | None
    texts: list[str]
    offers: list[Offer] = Field(
        description="What the finding suggests, and nobody does by itself: `end_check_ins` (`residents/{id}/remove`), "
        "`mark_number` (`residents/{id}/phones`)."
    )
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
    zone = ZoneInfo(session.get_one(Community, campaign.community_id).timezone)
    audience = _audience(audience_of(session, campaign, clock.now()))
    return CampaignFile(**_campaign(campaign), audience=audience,
                        upcoming=upcoming(schedule_of(campaign), zone, clock.now()))  # fmt: skip


def check_document(found: CampaignCheck) -> CampaignCheckDocument:
    """What a check has found."""
    line = LineTime(needs_seconds=found.line.needs.total_seconds(), fits=found.line.fits,
                    there_is_seconds=found.line.there_is.total_seconds(), calls_at_once=found.line.calls_at_once,
                    calls_per_second=found.line.per_second)  # fmt: skip
    return CampaignCheckDocument(problems=list(found.problems), audience=_audience(found.audience),
                                 telephones=found.telephones, next_round_at=found.next_round_at, line=line,
                                 residents_without_helpers=len(found.gaps))  # fmt: skip


def campaign_version(campaign: Campaign) -> CampaignLine:
    """What a change of a campaign is a change of; whom it rings changes by itself."""
    return CampaignLine(**_campaign(campaign))


def round_documents(session: Session, rounds: Sequence[Round]) -> list[RoundDocument]:
    """Rounds with how they stand."""
    return [_round(session, each) for each in rounds]


def check_in_documents(session: Session, round_id: UUID, check_ins: Sequence[CheckIn]) -> list[CheckInDocument]:
    """Some check-ins of a round, with their cases; those who were not asked share one."""
    ids = [each.id for each in check_ins]
    found = escalation.cases_of_check_ins(session, ids)
    own = {case.check_in_id: case.merged_into_id or case.id for case in found}
    shared, calls = escalation.case_of_round(session, round_id), queries.calls_of_check_ins(session, ids)
    return [_check_in(each, own, shared, calls) for each in check_ins]


def case_lines(cases: Sequence[Case]) -> list[CaseLine]:
    """Many cases."""
    return [CaseLine(**_case(each)) for each in cases]


def case_file(session: Session, case: Case) -> CaseFile:
    """One case in full."""
    written = escalation.texts_of_cases(session, [case.id]).get(case.id, ())
    moments = [Moment(at=each.at, event=each.event, actor_kind=each.actor.kind, who=each.name, responder=each.responder,
                      note=each.note, of_other=each.of_other)
               for each in time_line.of_case(session, case.id)]  # fmt: skip
    return CaseFile(**_case(case), note=case.note, caller=case.caller, texts=[text.body for _, text in written],
                    offers=list(offers(session, case)), time_line=moments)  # fmt: skip


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
        "rule": rule_of(campaign),
        "schedule": schedule_of(campaign),
        "spread_minutes": campaign.spread_minutes,
        "deadline_minutes": campaign.deadline_minutes,
        "attempts": campaign.attempts,
        "retry_minutes": campaign.retry_minutes,
        "ring_seconds": campaign.ring_seconds,
        "early_minutes": campaign.early_minutes,
        "late": lateness.spelled(campaign.late_until),
        "machine_detection": campaign.machine_detection,
        "next_round_at": campaign.next_round_at,
    }


def _audience(report: AudienceReport) -> Audience:
    return Audience(people=report.people, left_out={reason.value: count for reason, count in report.left_out.items()})


def _round(session: Session, round_: Round) -> RoundDocument:
    report = round_tally.report(session, round_.id)
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
        "moved_at": case.moved_at,
        "handing_to": case.handing_to_id,
        "closed_at": case.closed_at,
        "finding": case.finding,
        "merged_into": case.merged_into_id,
        "pages": case.past_pages + sum(page.state != PageState.NOT_RUNG for page in case.pages),
    }
