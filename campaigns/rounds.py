"""Rounds: one occurrence of a campaign, with exactly one check-in for everybody in its audience."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.early import said_by, take_over, waiting
from campaigns.models import Campaign, CampaignKind, CheckIn, EarlyAnswer, Outcome, Reason, Round
from contacts import queries as contacts
from contacts.hours import Hours, instant
from contacts.models import Community
from contacts.queries import Enrolled
from core import clock, events
from core.errors import NotFoundError
from core.ids import new_id
from core.wakeups import wake

CAMPAIGNS = "campaigns.tick"
"""The name of the wake-up for whatever of a campaign is due."""
BATCH = 1000


def start_round(session: Session, campaign: Campaign, community: Community, hours: Hours, due: datetime) -> Round:
    """The round that was due at ``due``, with all its check-ins, in one unit of work: all of it exists, or nothing."""
    now = clock.now()
    today = now.astimezone(hours.zone).date()
    audience = contacts.audience(session, community.id, campaign.flags, today)
    asks = campaign.kind == CampaignKind.CHECK_IN
    early = waiting(session, campaign, due, {enrolled.resident_id for enrolled in audience}) if asks else {}
    firsts = [_first_attempt(enrolled, now, today, hours) for enrolled in audience]
    round_ = Round(
        id=new_id(),
        campaign_id=campaign.id,
        occurrence=due,
        started_at=now,
        deadline=max(firsts, default=now) + timedelta(minutes=campaign.deadline_minutes),
    )
    session.add(round_)
    session.flush()
    rows = [
        _row(enrolled, round_, first, early.get(enrolled.resident_id, ()))
        for enrolled, first in zip(audience, firsts, strict=True)
    ]
    for batch in _batches(rows):
        session.execute(insert(CheckIn), batch)
    word = "round.started" if asks else "notice.started"
    events.append(session, word, round_.id, campaign=campaign.name, enrolled=len(audience))
    for check_in in queries.check_ins_of(session, round_.id, list(early)):
        take_over(session, check_in, early[check_in.resident_id])
    complete_if_done(session, round_.id)
    wake(session, CAMPAIGNS)
    return round_


def complete_if_done(session: Session, round_id: UUID) -> bool:
    """Notes that a round is complete once every check-in has its outcome."""
    session.flush()
    if queries.has_open_check_in(session, round_id):
        return False
    completed = session.execute(
        update(Round).where(Round.id == round_id, Round.completed_at.is_(None)).values(completed_at=clock.now())
    )
    if completed.rowcount:  # type: ignore[attr-defined]
        kind = session.get_one(Round, round_id).campaign.kind
        events.append(session, "round.completed" if kind == CampaignKind.CHECK_IN else "notice.completed", round_id)
    return True


@dataclass(frozen=True)
class RoundReport:
    """The proof that nobody was forgotten: ``enrolled`` = the sum of ``counts`` + ``open``."""

    round_id: UUID
    kind: CampaignKind
    enrolled: int
    open: int
    complete: bool
    counts: dict[str, int] = field(default_factory=dict)


def report(session: Session, round_id: UUID) -> RoundReport:
    """How a round stands; raises ``NotFoundError``."""
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFoundError("There is no round {value}.", field="round", value=round_id)
    counts = queries.counts(session, round_id)
    still_open = counts.pop("", 0)
    ordered = {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]}
    return RoundReport(
        round_id,
        CampaignKind(round_.campaign.kind),
        still_open + counts.total(),
        still_open,
        round_.completed_at is not None,
        ordered,
    )


def _first_attempt(enrolled: Enrolled, now: datetime, today: date, hours: Hours) -> datetime:
    """Whoever wished for a later time today, within permitted hours, is rung then; everybody else now."""
    wished = instant(today, enrolled.call_time, hours.zone) if enrolled.call_time else now
    return max(now, wished) if hours.permit(wished) else now


def _row(enrolled: Enrolled, round_: Round, first: datetime, early: Sequence[EarlyAnswer]) -> dict[str, Any]:
    """Whoever has rung us already has answered; of the others, whoever is paused today is excused."""
    said = said_by(early) if early else None
    outcome = said.outcome if said else Outcome.EXCUSED if enrolled.paused else None
    return {
        "id": new_id(),
        "round_id": round_.id,
        "resident_id": enrolled.resident_id,
        "numbers": list(enrolled.numbers),
        "refused": [],
        "outcome": outcome,
        "answered_at": said.at if said else None,
        "decided_at": round_.started_at if outcome else None,
        "attempts": 0,
        "next_attempt_at": None if outcome else first,
        "reason": Reason.PAUSED if outcome is Outcome.EXCUSED else None,
    }


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
