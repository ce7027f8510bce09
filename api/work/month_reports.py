"""``/api/v1/reports``: what a month has come to, for whoever discusses it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.program import Program, looking
from campaigns.reports.monthly import month
from campaigns.reports.monthly.case_figures import OfKind, Wait
from campaigns.reports.monthly.figures import Calls, CallsOf, Figures, Rounds
from campaigns.reports.monthly.monthly_report import CaseLine, MonthlyReport, Unknown, monthly_report
from contacts.models import Community
from core import clock
from core.identity.visitor import Visitor
from escalation.findings import Finding
from escalation.models import CaseKind, CaseState, Need

router = APIRouter(prefix="/api/v1/reports", tags=["rounds"])


class RoundsOfMonth(BaseModel):
    """Rounds of one kind of campaign that were due in a month, and what came of their check-ins together."""

    rounds: int = Field(examples=[30])
    stopped: int = Field(description="How many of them staff have stopped.", examples=[0])
    asked: int = Field(description="The sum of `counts`.", examples=[720])
    answered: int = Field(description="Those in which the resident has said something.", examples=[655])
    counts: dict[str, int] = Field(
        description="Check-ins by outcome; `open` are those without one.",
        examples=[{"ok": 641, "unwell": 2, "needs_supplies": 12, "no_answer": 65}],
    )


class CallsOfSide(BaseModel):
    """Calls with one side: those that reached the network, and those in which somebody, or a machine, picked up."""

    made: int = Field(examples=[812])
    talked: int = Field(examples=[640])


class CallsOfMonth(BaseModel):
    """Calls that ended in a month. Of `days_as_totals` days some are no longer kept but as figures."""

    to_residents: CallsOfSide
    to_helpers: CallsOfSide
    to_us: CallsOfSide
    days_as_totals: int = Field(examples=[0])


class WaitDocument(BaseModel):
    """How long `count` cases took, in seconds, by nearest ranks; of none both are 0."""

    model_config = ConfigDict(title="Wait")

    count: int = Field(examples=[9])
    median: int = Field(examples=[95])
    ninth: int = Field(description="Nine in ten took so many seconds or less.", examples=[340])


class CasesOfMonth(BaseModel):
    """Cases that were opened in a month: how many nobody has closed so far, and how long the others took."""

    opened: int = Field(examples=[79])
    unclosed: int = Field(examples=[2])
    accepted: WaitDocument
    closed: WaitDocument


class KindOfMonth(CasesOfMonth):
    """Cases of one kind; `before`: how many were opened in the month before, null where nothing is known of it."""

    kind: CaseKind
    before: int | None = Field(examples=[71])


class BuildingOfMonth(BaseModel):
    """Cases about homes in one building; an empty name: in none."""

    building: str = Field(examples=["3"])
    opened: int = Field(examples=[14])
    unclosed: int = Field(examples=[0])
    kinds: dict[CaseKind, int] = Field(examples=[{"no_answer": 11, "unwell": 3}])


class CaseOfMonth(BaseModel):
    """A case of which a meeting may want to speak; `resident` is null unless names were asked for."""

    kind: CaseKind
    state: CaseState
    finding: Finding | None
    building: str = Field(examples=["3"])
    resident: str | None = Field(examples=["王桂兰"])
    opened_at: datetime
    first_accepted_at: datetime | None
    closed_at: datetime | None
    pages: int = Field(description="How often a responder was rung about it.", examples=[4])


class OftenOfMonth(BaseModel):
    """A resident with three cases or more."""

    building: str = Field(examples=["3"])
    resident: str | None = Field(examples=["王桂兰"])
    cases: int = Field(examples=[5])


class RequestsOfMonth(BaseModel):
    """What was asked of the office: things, somebody to talk to, messages that were left."""

    needs: dict[Need, int] = Field(examples=[{"groceries": 8, "medicine": 4}])
    supplies: CasesOfMonth
    talks: CasesOfMonth
    messages: CasesOfMonth


class MonthBefore(BaseModel):
    """The same figures of the month before."""

    month: str = Field(examples=["2026-10"])
    check_ins: RoundsOfMonth
    notices: RoundsOfMonth
    calls: CallsOfMonth | None
    cases: CasesOfMonth


class MonthReport(BaseModel):
    """What a month has come to, as it is stored at `made_at`. `unknown` says what it cannot tell, with how many."""

    month: str = Field(examples=["2026-11"])
    made_at: datetime
    check_ins: RoundsOfMonth
    notices: RoundsOfMonth
    days: dict[date, dict[str, int]] = Field(description="By day that had a round, check-ins by outcome.",
                                             examples=[{"2026-11-01": {"ok": 22, "no_answer": 2}}])  # fmt: skip
    calls: CallsOfMonth | None = Field(description="Null where several communities share the telephone.")
    cases: CasesOfMonth
    before: MonthBefore | None
    kinds: list[KindOfMonth]
    buildings: list[BuildingOfMonth]
    findings: dict[Finding, int] = Field(examples=[{"fine": 61, "helped": 14}])
    requests: RequestsOfMonth
    hardest: list[CaseOfMonth] = Field(description="The ten that took longest.")
    often: list[OftenOfMonth]
    unresolved: int = Field(description="Cases of this month and before that nobody has closed.", examples=[2])
    oldest: list[CaseOfMonth] = Field(description="The ten oldest of these.")
    unknown: dict[Unknown, int] = Field(examples=[{"calls_one_by_one": 12}])


@router.get("/{month}")
def get_month_report(
    program: Program,
    written: Annotated[str, Path(alias="month", description="A month of community time.", examples=["2026-11"])],
    names: Annotated[bool, Query(description="Whether residents are named.")] = False,
) -> MonthReport:
    """A month for its joint meeting: rounds, answers, calls, cases, requests, and what is not closed."""
    with looking(program) as session:
        return month_document(_report(session, program, written, names))


def _report(session: Session, program: Visitor, written: str, names: bool) -> MonthlyReport:
    zone = ZoneInfo(session.get_one(Community, program.community_id).timezone)
    return monthly_report(session, program.community_id, month.read(written, clock.now(), zone), names=names)


def month_document(report: MonthlyReport) -> MonthReport:
    """The report as a document."""
    now, before = report.now, report.before
    return MonthReport(
        month=str(report.month),
        made_at=report.made_at,
        check_ins=_rounds(now.check_ins),
        notices=_rounds(now.notices),
        days={day: _counts(counts) for day, counts in now.days.items()},
        calls=_calls(now.calls) if now.calls else None,
        cases=_cases(now.cases),
        before=_before(before) if before else None,
        kinds=[KindOfMonth(kind=each.kind, before=each.before if before else None, **_cases(each.now).model_dump())
               for each in report.kinds],
        buildings=[BuildingOfMonth(building=each.building, opened=each.opened, unclosed=each.unclosed,
                                   kinds=dict(each.kinds)) for each in report.buildings],
        findings=dict(report.findings),
        requests=RequestsOfMonth(needs=dict(report.requests.needs), supplies=_cases(report.requests.supplies),
                                 talks=_cases(report.requests.talks), messages=_cases(report.requests.messages)),
        hardest=[_case(each) for each in report.hardest],
        often=[OftenOfMonth(building=each.building, resident=each.resident, cases=each.cases) for each in report.often],
        unresolved=report.unresolved,
        oldest=[_case(each) for each in report.oldest],
        unknown=dict(report.unknown),
    )  # fmt: skip


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    return {outcome or "open": count for outcome, count in counts.items()}


def _rounds(rounds: Rounds) -> RoundsOfMonth:
    return RoundsOfMonth(rounds=rounds.rounds, stopped=rounds.stopped, asked=rounds.asked, answered=rounds.answered,
                         counts=_counts(rounds.counts))  # fmt: skip


def _before(before: Figures) -> MonthBefore:
    return MonthBefore(month=str(before.month), check_ins=_rounds(before.check_ins), notices=_rounds(before.notices),
                       calls=_calls(before.calls) if before.calls else None, cases=_cases(before.cases))  # fmt: skip


def _calls(calls: Calls) -> CallsOfMonth:
    return CallsOfMonth(to_residents=_side(calls.to_residents), to_helpers=_side(calls.to_helpers),
                                  to_us=_side(calls.to_us), days_as_totals=calls.days_as_totals)  # fmt: skip


def _side(calls: CallsOf) -> CallsOfSide:
    return CallsOfSide(made=calls.made, talked=calls.talked)


def _cases(of: OfKind) -> CasesOfMonth:
    return CasesOfMonth(opened=of.opened, unclosed=of.unclosed, accepted=_wait(of.accepted), closed=_wait(of.closed))


def _wait(wait: Wait) -> WaitDocument:
    return WaitDocument(count=wait.count, median=wait.median, ninth=wait.ninth)


def _case(line: CaseLine) -> CaseOfMonth:
    case = line.case
    return CaseOfMonth(kind=case.kind, state=case.state, finding=case.finding, building=line.building,
                       resident=line.resident, opened_at=case.opened_at, first_accepted_at=case.first_accepted_at,
                       closed_at=case.closed_at, pages=case.pages)  # fmt: skip
