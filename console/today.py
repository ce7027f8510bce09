"""What the page of today shows: the latest round, who has answered what, and the cases that need a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries as campaigns
from campaigns import rounds
from campaigns.models import CheckIn, Round
from contacts import queries as contacts
from contacts.community import the_community
from contacts.models import Responder
from contacts.queries import ResidentProfile
from core import clock
from escalation import queries as escalation
from escalation.models import Case, CaseState, PageState


@dataclass(frozen=True)
class CheckInLine:
    """One resident's morning; ``outcome`` is empty while it is open."""

    called: str
    name: str
    place: str
    outcome: str
    attempts: int
    at: str


@dataclass(frozen=True)
class CaseLine:
    """One case that is not closed."""

    case_id: UUID
    kind: str
    state: str
    called: str
    place: str
    opened: str
    accepted_by: str
    being_asked: Sequence[str]
    times_asked: int


@dataclass(frozen=True)
class Today:
    """The whole page; ``round`` is None before the first round. ``reached`` are the check-ins that have an outcome."""

    community: str
    now: str
    round: rounds.RoundReport | None
    campaign: str
    reached: int
    check_ins: Sequence[CheckInLine]
    cases: Sequence[CaseLine]


def today(session: Session) -> Today:
    """Today as it stands now."""
    community = the_community(session)
    zone = ZoneInfo(community.timezone)
    latest = next(iter(campaigns.rounds(session, limit=1)), None)
    asked = campaigns.check_ins(session, latest.id) if latest else ()
    open_cases = [case for case in escalation.cases(session, None, None) if case.state != CaseState.CLOSED]
    people = {check_in.resident_id for check_in in asked} | {case.resident_id for case in open_cases}
    profiles = contacts.resident_profiles(session, list(people))
    responders = contacts.responders(session, _responder_ids(open_cases))
    report = rounds.report(session, latest.id) if latest else None
    return Today(
        community=community.name,
        now=_local(clock.now(), zone),
        round=report,
        campaign=latest.campaign.name if latest else "",
        reached=report.enrolled - report.open if report else 0,
        check_ins=_check_in_lines(latest, asked, profiles, zone),
        cases=[_case_line(case, profiles[case.resident_id], responders, zone) for case in open_cases],
    )


def _check_in_lines(
    round_: Round | None, asked: Sequence[CheckIn], profiles: Mapping[UUID, ResidentProfile], zone: ZoneInfo
) -> Sequence[CheckInLine]:
    lines = [_check_in_line(check_in, profiles[check_in.resident_id], zone) for check_in in asked] if round_ else []
    return sorted(lines, key=lambda line: (line.place, line.name))


def _check_in_line(check_in: CheckIn, profile: ResidentProfile, zone: ZoneInfo) -> CheckInLine:
    at = check_in.answered_at or check_in.decided_at
    return CheckInLine(
        called=profile.called,
        name=profile.name,
        place=profile.place,
        outcome=check_in.outcome or "",
        attempts=check_in.attempts,
        at=_local(at, zone) if at else "",
    )


def _case_line(case: Case, profile: ResidentProfile, responders: Mapping[UUID, Responder], zone: ZoneInfo) -> CaseLine:
    being_asked = [page.responder_id for page in case.pages if page.state == PageState.CALLING]
    return CaseLine(
        case_id=case.id,
        kind=case.kind,
        state=case.state,
        called=profile.called,
        place=profile.place,
        opened=_local(case.opened_at, zone),
        accepted_by=responders[case.accepted_by_id].name if case.accepted_by_id else "",
        being_asked=[responders[responder_id].name for responder_id in being_asked],
        times_asked=len(case.pages),
    )


def _responder_ids(cases: Sequence[Case]) -> list[UUID]:
    paged = {page.responder_id for case in cases for page in case.pages}
    return list(paged | {case.accepted_by_id for case in cases if case.accepted_by_id})


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")
