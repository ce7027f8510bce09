"""Every SELECT of what a round is judged and reported by: its check-ins, its calls and its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from campaigns.models import CheckIn, CheckInCall, EarlyAnswer, Outcome, Round
from contacts.models import Resident
from core.running.events import BY_CALLERS, Event
from escalation.models import Case
from ivr.models import Call, Direction, Ending

_LED_TO = aliased(Case)
"""The case that a check-in has opened, which may have been merged into another one."""


@dataclass(frozen=True)
class AskedOne:
    """One resident in a round: what came of it, and the case that looks after them (None: there is none)."""

    check_in_id: UUID
    resident_id: UUID
    name: str
    outcome: Outcome | None
    attempts: int
    answered_at: datetime | None
    decided_at: datetime | None
    reason: str | None
    case_id: UUID | None = None
    case_state: str | None = None
    case_finding: str | None = None
    case_note: str = ""


@dataclass(frozen=True)
class Dial:
    """One call about one check-in; ``is_lost``: through our own fault nobody heard what was said in it."""

    call_id: UUID
    check_in_id: UUID
    direction: Direction
    number: str
    dialled_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    is_lost: bool


def asked(session: Session, round_id: UUID) -> list[AskedOne]:
    """Everybody in a round, in the order of enrolment; those who were not asked share the round's case."""
    shared = session.scalars(select(Case).where(Case.round_id == round_id)).one_or_none()
    found = session.execute(
        select(CheckIn, Resident.name, Case)
        .join(Resident, Resident.id == CheckIn.resident_id)
        .join(_LED_TO, _LED_TO.check_in_id == CheckIn.id, isouter=True)
        .join(Case, Case.id == func.coalesce(_LED_TO.merged_into_id, _LED_TO.id), isouter=True)
        .where(CheckIn.round_id == round_id)
        .order_by(CheckIn.resident_id)
    )
    return [_asked(check_in, name, case or _shared(check_in, shared)) for check_in, name, case in found]


def dials(session: Session, round_id: UUID) -> list[Dial]:
    """Every call about a check-in of a round, the earliest first."""
    found = session.execute(
        select(Call.id, CheckInCall.check_in_id, Call.direction, Call.number, Call.dialled_at, Call.answered_at,
               Call.ended_at, Call.ending, CheckInCall.is_lost)
        .join(CheckInCall, CheckInCall.call_id == Call.id)
        .join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
        .where(CheckIn.round_id == round_id)
        .order_by(Call.dialled_at, Call.id)
    )  # fmt: skip
    return [Dial(*row) for row in found]


def told_by_caller(session: Session, round_id: UUID) -> frozenset[UUID]:
    """The check-ins of a round of which a resident has told us of their own accord, by call or by text."""
    ids = select(CheckIn.id).where(CheckIn.round_id == round_id)
    early = session.scalars(select(EarlyAnswer.check_in_id).where(EarlyAnswer.check_in_id.in_(ids)))
    told = session.scalars(select(Event.subject_id).where(Event.subject_id.in_(ids), text(BY_CALLERS)))
    return frozenset(each for each in (*early, *told) if each is not None)


def rounds_before(session: Session, round_: Round, count: int) -> Sequence[Round]:
    """The latest rounds of the same campaign before this one, the newest first."""
    earlier = select(Round).where(Round.campaign_id == round_.campaign_id, Round.occurrence < round_.occurrence)
    return session.scalars(earlier.order_by(Round.occurrence.desc()).limit(count)).all()


def _shared(check_in: CheckIn, shared: Case | None) -> Case | None:
    return shared if check_in.outcome == Outcome.NOT_ASKED else None


def _asked(check_in: CheckIn, name: str, case: Case | None) -> AskedOne:
    return AskedOne(
        check_in.id, check_in.resident_id, name, Outcome(check_in.outcome) if check_in.outcome else None,
        check_in.attempts, check_in.answered_at, check_in.decided_at, check_in.reason,
        case.id if case else None, case.state if case else None, case.finding if case else None,
        case.note if case else "",
    )  # fmt: skip
