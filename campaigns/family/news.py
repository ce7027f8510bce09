"""How a resident is today, as their family is told who asks: on the telephone, or on their page. Nothing else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.midnight import midnight
from campaigns.models import CheckIn, Outcome, Reason
from campaigns.outcomes import QUIET, REACHED
from campaigns.queries import contacts_made
from core import clock
from escalation import queries as escalation
from escalation.models import Case

HELPED = frozenset({"needs_supplies", "unwell", "wants_person", "no_key", "not_reached", "unreachable"})
"""Sentences after which a relative wants to know who helps."""
_SAID_OTHERWISE = {"needs_supplies", "unwell", "wants_person"}
"""What a resident may have told us of their own accord today, in no round."""
_TOLD = {Outcome.OK, Outcome.NEEDS_SUPPLIES, Outcome.UNWELL, Outcome.WANTS_PERSON, Outcome.NO_KEY,
         Outcome.NOT_ASKED}  # fmt: skip


@dataclass(frozen=True)
class News:
    """Which ``sentence`` (of the prompts ``relative.…``) tells how a resident is today, the instant ``at`` that it
    speaks of, and the ``case`` that came of it."""

    sentence: str
    at: datetime | None = None
    case: Case | None = None

    @property
    def is_helped(self) -> bool:
        """Whether a relative wants to know who helps, and somebody is to."""
        return self.case is not None and self.sentence in HELPED


def news_of(session: Session, resident_id: UUID, zone: ZoneInfo) -> News:
    """How they are today (community time), by the latest round and by what they have told us in none."""
    today = midnight(zone, clock.now())
    check_in = queries.latest_check_in(session, resident_id, today)
    ringing = check_in is not None and any(call.is_active for call in contacts_made.live_calls(session, check_in.id))
    sentence, at = result(check_in, on_the_telephone=ringing)
    case = escalation.case_of_check_in(session, check_in.id) if check_in else None
    loose = None if case else escalation.latest_case_about(session, resident_id)
    if loose is not None and loose.kind in _SAID_OTHERWISE and loose.opened_at >= today:
        return News(loose.kind, loose.opened_at, loose)
    return News(sentence, at, case)


def result(check_in: CheckIn | None, *, on_the_telephone: bool = False) -> tuple[str, datetime | None]:
    """Which sentence tells how a resident is today, and the instant it speaks of.

    Whoever has not been rung is not said to have been, and nobody is promised a call that is not planned.
    """
    if check_in is None:
        return "none", None
    rung = check_in.attempts > 0 or on_the_telephone
    if check_in.outcome is None:
        return ("waiting" if check_in.next_attempt_at else "not_yet") if rung else "none", None
    outcome, at = check_in.outcome, check_in.answered_at or check_in.decided_at
    if check_in.reason == Reason.FAMILY_SPOKE:
        return "family_spoke", at
    if outcome in REACHED and check_in.answered_at is not None:  # too late to change the outcome
        return "ok", at
    if outcome in _TOLD:
        return outcome.value, at
    return (_not_rung(check_in), None) if outcome in QUIET and not rung else _not_answered(outcome, at)


def _not_rung(check_in: CheckIn) -> str:
    """Only a pause was agreed upon before."""
    was_agreed = check_in.outcome == Outcome.EXCUSED and check_in.reason in {None, Reason.PAUSED}
    return "away" if was_agreed else "not_rung"


def _not_answered(outcome: Outcome, at: datetime | None) -> tuple[str, datetime | None]:
    if outcome in QUIET:
        return "not_yet", None
    return ("unreachable", None) if outcome is Outcome.UNREACHABLE else ("not_reached", at)
