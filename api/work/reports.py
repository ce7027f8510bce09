"""The report of a round as a document: by building and flag, in time, each exception, and what is unusual in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from campaigns.looking.cluster_words import ClusterLine
from campaigns.looking.remark_words import RemarkLine
from campaigns.models import Outcome
from campaigns.noticed import Common, RemarkKind
from campaigns.reports import round_report, verification
from campaigns.reports.round_report import FullReport, Share
from campaigns.reports.round_table import round_table
from contacts.models import Community
from core.i18n import Language


class ShareDocument(BaseModel):
    """How the residents of one grid or building, or with one flag, fared."""

    name: str
    enrolled: int
    answered: int
    silent: int


class MomentOfRound(BaseModel):
    """What happened in the ten minutes from `at` on."""

    at: datetime
    calls: int
    answered: int
    decided: int


class ExceptionDocument(BaseModel):
    """A resident whom a person has, or had, to look after."""

    resident_id: UUID
    resident: str
    outcome: Outcome | None
    attempts: int
    case: UUID | None
    case_state: str | None
    finding: str | None


class RoundBefore(BaseModel):
    """An earlier round of the same campaign."""

    id: UUID
    due_at: datetime
    enrolled: int
    counts: dict[str, int]


class SilenceClusterDocument(BaseModel):
    """An unusual share of one building, exchange or line that was not reached."""

    common: Common
    name: str = Field(description="The building, the exchange in E.164 without the last four digits, or our number.")
    silent: int
    rung: int
    others_silent: int
    others_rung: int
    residents: list[str]
    case: UUID


class RemarkDocument(BaseModel):
    """Something unusual for one resident, as their own rounds show; `facts` are its numbers and instants."""

    kind: RemarkKind
    resident_id: UUID
    round_id: UUID
    at: datetime
    facts: dict[str, Any]


class RoundReport(BaseModel):
    """Everything about one round: `enrolled` is the sum of `counts` and `open`."""

    id: UUID
    campaign: str
    due_at: datetime
    started_at: datetime
    deadline: datetime
    completed_at: datetime | None
    version: int | None
    audience: str
    enrolled: int
    open: int
    counts: dict[str, int]
    attempts: dict[str, int] = Field(description="By number of calls, how many residents had so many.")
    by_grid: list[ShareDocument]
    by_building: list[ShareDocument]
    by_flag: list[ShareDocument]
    time_line: list[MomentOfRound]
    exceptions: list[ExceptionDocument]
    before: list[RoundBefore]
    silence_clusters: list[SilenceClusterDocument]
    remarks: list[RemarkDocument]
    holds: bool = Field(description="Whether every promise about the round holds, checked from what is stored.")
    digest: str


class Printer(Protocol):
    """Makes a PDF of a round's report; pages are made on another floor, so whoever makes the application names it."""

    def __call__(self, round_id: UUID, language: Language) -> bytes:
        """The PDF; raises ``NotFoundError``, and a ``UserError`` with the status 503 where none can be made."""


def report_table(session: Session, round_id: UUID, language: Language) -> bytes:
    """Everybody in a round as CSV, in community time; raises ``NotFoundError``."""
    full = round_report.full_report(session, round_id, language)
    zone = ZoneInfo(session.get_one(Community, full.community_id).timezone)
    return round_table(full, zone, language)


def report_document(session: Session, round_id: UUID, language: Language) -> RoundReport:
    """The report of a round; raises ``NotFoundError``."""
    full = round_report.full_report(session, round_id, language)
    certificate = verification.verify_round(session, round_id)
    return RoundReport(
        id=full.round_id,
        campaign=full.campaign,
        due_at=full.due_at,
        started_at=full.started_at,
        deadline=full.deadline,
        completed_at=full.completed_at,
        version=full.version,
        audience=full.audience.sentence,
        enrolled=full.enrolled,
        open=full.open,
        counts=dict(full.counts),
        attempts={str(attempts): people for attempts, people in full.attempts.items()},
        by_grid=_shares(full.grids),
        by_building=_shares(full.buildings),
        by_flag=_shares(full.flags),
        time_line=[MomentOfRound(at=each.at, calls=each.rung, answered=each.answered, decided=each.decided)
                   for each in full.time_line],
        exceptions=_exceptions(full),
        before=[RoundBefore(id=each.round_id, due_at=each.due_at, enrolled=each.enrolled, counts=dict(each.counts))
                for each in full.before],
        silence_clusters=[_cluster(each) for each in full.clusters],
        remarks=remark_documents(full.remarks),
        holds=certificate.holds,
        digest=certificate.digest,
    )  # fmt: skip


def remark_documents(remarks: Sequence[RemarkLine]) -> list[RemarkDocument]:
    """Many remarks."""
    return [RemarkDocument(kind=each.kind, resident_id=each.resident_id, round_id=each.round_id, at=each.at,
                           facts=dict(each.facts)) for each in remarks]  # fmt: skip


def _shares(shares: Sequence[Share]) -> list[ShareDocument]:
    return [ShareDocument(name=each.name, enrolled=each.enrolled, answered=each.answered, silent=each.silent)
            for each in shares]  # fmt: skip


def _exceptions(full: FullReport) -> list[ExceptionDocument]:
    return [ExceptionDocument(resident_id=each.resident_id, resident=each.name, outcome=each.outcome,
                              attempts=each.attempts, case=each.case_id, case_state=each.case_state,
                              finding=each.case_finding)
            for each in (line.asked for line in full.exceptions)]  # fmt: skip


def _cluster(each: ClusterLine) -> SilenceClusterDocument:
    return SilenceClusterDocument(common=each.common, name=each.name, silent=each.silent, rung=each.rung,
                                  others_silent=each.others_silent, others_rung=each.others_rung,
                                  residents=list(each.names), case=each.case_id)  # fmt: skip
