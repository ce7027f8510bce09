"""The certificate of completeness: every promise about a round, checked again from what is stored of it.

Nothing here asks the code that has made the rows; whoever doubts the service reads the same rows and these few rules.
The digest is of all that was checked: two people who get the same one have checked the same.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.models import Outcome, Round
from campaigns.planning.terms import terms_of
from campaigns.queries import round_evidence
from campaigns.queries.round_evidence import AskedOne, Dial
from contacts.hours import Hours, hours_of
from contacts.models import Community
from core import clock, settings
from core.errors import NotFoundError
from core.short_ids import short
from ivr.models import RANG_NOBODY, Direction

SAID = frozenset({Outcome.OK, Outcome.NEEDS_SUPPLIES, Outcome.UNWELL, Outcome.WANTS_PERSON})
QUIET = frozenset({Outcome.OK, Outcome.EXCUSED, Outcome.WITHDRAWN})


class Rule(StrEnum):
    """What is checked, in this order."""

    COUNTED = "counted"
    """Everybody is in the round once, and enrolled = the sum of the outcomes + open."""
    DECIDED = "decided"
    """Whoever has an outcome has its instant; in a complete round nobody is open."""
    LOOKED_AFTER = "looked_after"
    """Whatever is not quiet has a case."""
    ANSWERED = "answered"
    """Whoever is said to have answered has: in a call that was answered, or in one to us, or by text."""
    ATTEMPTS = "attempts"
    """Nobody was rung oftener than the terms of the round allow."""
    HOURS = "hours"
    """Nobody was rung outside permitted hours."""
    AFTER_ANSWER = "after_answer"
    """Nobody was rung again after they had answered."""
    ONE_AT_A_TIME = "one_at_a_time"
    """No telephone was rung twice at the same time."""


@dataclass(frozen=True)
class Evidence:
    """What is stored of a round; ``has_calls`` is False once its calls are no longer kept."""

    round_id: UUID
    complete: bool
    attempts: int
    hours: Hours
    asked: Sequence[AskedOne]
    dials: Sequence[Dial]
    told: frozenset[UUID]
    has_calls: bool = True


@dataclass(frozen=True)
class Certificate:
    """What was checked: ``violations`` by rule, the names of residents (or numbers) for whom it does not hold.

    ``unchecked`` are rules for which the calls are no longer kept.
    """

    round_id: UUID
    enrolled: int
    open: int
    counts: Mapping[str, int]
    violations: Mapping[Rule, Sequence[str]]
    unchecked: Sequence[Rule]
    digest: str

    @property
    def holds(self) -> bool:
        """Whether every rule that could be checked holds."""
        return not any(self.violations.values())


def verify_round(session: Session, round_id: UUID) -> Certificate:
    """The certificate of a round; raises ``NotFoundError``."""
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFoundError("There is no round {value}.", field="round", value=short(round_id))
    kept_since = clock.now() - timedelta(days=settings.current().keep_calls_days)
    return verify(
        Evidence(
            round_id=round_id,
            complete=round_.completed_at is not None,
            attempts=terms_of(round_).attempts,
            hours=_hours(session, round_),
            asked=round_evidence.asked(session, round_id),
            dials=round_evidence.dials(session, round_id),
            told=round_evidence.told_by_caller(session, round_id),
            has_calls=round_.started_at > kept_since,
        )
    )


def verify(evidence: Evidence) -> Certificate:
    """The rules, one after the other, on plain values."""
    counts = Counter(each.outcome.value if each.outcome else "" for each in evidence.asked)
    still_open = counts.pop("", 0)
    checkable = [each for each in Rule if evidence.has_calls or each not in _OF_CALLS]
    return Certificate(
        round_id=evidence.round_id,
        enrolled=len(evidence.asked),
        open=still_open,
        counts={outcome.value: counts[outcome.value] for outcome in Outcome if counts[outcome.value]},
        violations={each: tuple(_RULES[each](evidence)) for each in checkable},
        unchecked=[each for each in Rule if each not in checkable],
        digest=_digest(evidence),
    )


def _counted(evidence: Evidence) -> Iterable[str]:
    times = Counter(each.resident_id for each in evidence.asked)
    return [each.name for each in evidence.asked if times[each.resident_id] > 1]


def _decided(evidence: Evidence) -> Iterable[str]:
    for each in evidence.asked:
        if (each.outcome is None and evidence.complete) or (each.outcome is not None and each.decided_at is None):
            yield each.name


def _looked_after(evidence: Evidence) -> Iterable[str]:
    return [each.name for each in evidence.asked
            if each.outcome is not None and each.outcome not in QUIET and each.case_id is None]  # fmt: skip


def _answered(evidence: Evidence) -> Iterable[str]:
    heard = {each.check_in_id for each in evidence.dials if each.answered_at} | evidence.told
    for each in evidence.asked:
        if each.outcome in SAID and (each.answered_at is None or each.check_in_id not in heard):
            yield each.name


def _attempts(evidence: Evidence) -> Iterable[str]:
    rung = Counter(each.check_in_id for each in _rung(evidence) if not each.is_lost)
    for each in evidence.asked:
        if max(each.attempts, rung[each.check_in_id]) > evidence.attempts:
            yield each.name


def _within_hours(evidence: Evidence) -> Iterable[str]:
    names = _names(evidence)
    return [names[each.check_in_id] for each in _rung(evidence)
            if each.dialled_at and not evidence.hours.permit(each.dialled_at)]  # fmt: skip


def _after_answer(evidence: Evidence) -> Iterable[str]:
    answered = {each.check_in_id: each.answered_at for each in evidence.asked if each.outcome in SAID}
    names = _names(evidence)
    for each in _rung(evidence):
        at = answered.get(each.check_in_id)
        if at is not None and each.dialled_at is not None and each.dialled_at > at and not each.is_lost:
            yield names[each.check_in_id]


def _one_at_a_time(evidence: Evidence) -> Iterable[str]:
    by_number: defaultdict[str, dict[UUID, tuple[datetime, datetime]]] = defaultdict(dict)
    for each in _rung(evidence):
        if each.dialled_at is not None and each.ended_at is not None:
            by_number[each.number][each.call_id] = (each.dialled_at, each.ended_at)
    for number, spans in by_number.items():
        if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans.values()))):
            yield number


def _rung(evidence: Evidence) -> list[Dial]:
    """Calls of ours that have rung a telephone, as far as anybody knows."""
    return [each for each in evidence.dials
            if each.direction == Direction.OUT and each.dialled_at and each.ending not in RANG_NOBODY]  # fmt: skip


def _names(evidence: Evidence) -> Mapping[UUID, str]:
    return {each.check_in_id: each.name for each in evidence.asked}


_RULES: Mapping[Rule, Callable[[Evidence], Iterable[str]]] = {
    Rule.COUNTED: _counted,
    Rule.DECIDED: _decided,
    Rule.LOOKED_AFTER: _looked_after,
    Rule.ANSWERED: _answered,
    Rule.ATTEMPTS: _attempts,
    Rule.HOURS: _within_hours,
    Rule.AFTER_ANSWER: _after_answer,
    Rule.ONE_AT_A_TIME: _one_at_a_time,
}
_OF_CALLS = frozenset({Rule.ANSWERED, Rule.ATTEMPTS, Rule.HOURS, Rule.AFTER_ANSWER, Rule.ONE_AT_A_TIME})


def _hours(session: Session, round_: Round) -> Hours:
    """The permitted hours when the round began; of one of before they were kept, those of now."""
    kept = (round_.terms or {}).get("hours")
    if kept is None:
        return hours_of(session.get_one(Community, round_.campaign.community_id))
    return Hours(time.fromisoformat(kept["opens"]), time.fromisoformat(kept["closes"]), ZoneInfo(kept["zone"]))


_CHANGES_LATER = frozenset({"name", "case_state", "case_finding", "case_note"})


def _digest(evidence: Evidence) -> str:
    told = sorted(str(each) for each in evidence.told)
    asked = [{key: value for key, value in vars(each).items() if key not in _CHANGES_LATER} for each in evidence.asked]
    rows = [*asked, *map(vars, evidence.dials), {"told": told}]
    written = json.dumps([str(evidence.round_id), rows], ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
