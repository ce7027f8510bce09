"""What is unusual for one person, from nothing but their own rounds: gentle remarks, and never a case.

1. *Later*: they answered at least half an hour later after the start of the round than they usually do, and by four
   times as much as that usually varies (median and median absolute deviation of at least ten answers in four weeks, of
   the same campaign). By how much everybody in the round was later is taken off first: a slow line says nothing of
   anybody.
2. *More calls*: it took two or more, and more than in every one of at least twenty answered rounds in four weeks.
3. *Unwell again*: they said that they are unwell, for the second time in a week or oftener.
4. *First silence*: nothing was said, after two months and thirty rounds in all of which they had answered.
5. *Silent rounds*: nothing was said for the third round running, or more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from statistics import median
from uuid import UUID

from campaigns.models import Outcome
from campaigns.noticed import RemarkKind
from campaigns.outcomes import SAID

USUAL = timedelta(days=28)
"""So far back goes what is usual."""
WEEK = timedelta(days=7)
LATER_BY = timedelta(minutes=30)
VARIATIONS = 4
FEWEST_ANSWERS = 10
FEWEST_FOR_CALLS = 20
SILENT_ROUNDS = 3
LONG_WITHOUT_SILENCE = timedelta(days=60)
FEWEST_WITHOUT_SILENCE = 30
LONGEST_MEMORY = timedelta(days=180)
ENOUGH_PEOPLE = 20
"""Of fewer people nobody can tell whether the round itself was slow."""


@dataclass(frozen=True, slots=True)
class Past:
    """One round that has asked a resident: when it began, of which campaign, and what came of it."""

    campaign_id: UUID
    started_at: datetime
    outcome: Outcome
    attempts: int
    answered_at: datetime | None

    @property
    def has_answered(self) -> bool:
        """Whether they have said anything."""
        return self.outcome in SAID

    @property
    def delay(self) -> timedelta | None:
        """How long after the start of the round they answered; None where nobody did, or they had rung us before."""
        if not self.has_answered or self.answered_at is None or self.answered_at <= self.started_at:
            return None
        return self.answered_at - self.started_at


@dataclass(frozen=True)
class Remarked:
    """One remark; ``facts`` fill the gaps of its words: numbers, and instants in ISO form."""

    kind: RemarkKind
    facts: Mapping[str, int | str]


@dataclass(frozen=True)
class Lateness:
    """By how much somebody answered later than usual, and how much that varies in ``rounds`` answers."""

    by: timedelta
    varies: timedelta
    rounds: int


def lateness(history: Sequence[Past]) -> Lateness | None:
    """Of the last of these rounds, the earliest first; None where nothing can be said."""
    now = history[-1]
    usual = [each.delay for each in _before(history) if each.campaign_id == now.campaign_id and each.delay]
    if now.delay is None or len(usual) < FEWEST_ANSWERS:
        return None
    middle = _middle(usual)
    return Lateness(now.delay - middle, _middle([abs(each - middle) for each in usual]), len(usual))


def slowness(everybody: Sequence[Lateness]) -> timedelta:
    """By how much the round itself was later than usual: that of the one in the middle, never less than nothing."""
    if len(everybody) < ENOUGH_PEOPLE:
        return timedelta(0)
    return max(timedelta(0), _middle([each.by for each in everybody]))


def remarks(history: Sequence[Past], slow: timedelta, memory: Sequence[Past] = ()) -> list[Remarked]:
    """What is unusual in the last of these rounds, the earliest first; ``memory`` is the same history, but for as long
    as ``LONGEST_MEMORY``, of those who ``may_be_a_first_silence``."""
    found = [_later(history, slow), _more_calls(history), _unwell_again(history), _first_silence(memory),
             _silent_rounds(history)]  # fmt: skip
    return [each for each in found if each is not None]


def may_be_a_first_silence(history: Sequence[Past]) -> bool:
    """Whether it is worth looking further back than what is usual."""
    return not history[-1].has_answered and len(history) > 1 and all(each.has_answered for each in history[:-1])


def _later(history: Sequence[Past], slow: timedelta) -> Remarked | None:
    late = lateness(history)
    if late is None or late.by - slow < max(LATER_BY, VARIATIONS * late.varies):
        return None
    return Remarked(
        RemarkKind.LATER, {"minutes": round((late.by - slow) / timedelta(minutes=1)), "rounds": late.rounds}
    )


def _more_calls(history: Sequence[Past]) -> Remarked | None:
    now, usual = history[-1], [each.attempts for each in _before(history) if each.has_answered]
    if not now.has_answered or now.attempts < 2 or len(usual) < FEWEST_FOR_CALLS or now.attempts <= max(usual):
        return None
    return Remarked(RemarkKind.MORE_CALLS, {"calls": now.attempts, "rounds": len(usual)})


def _unwell_again(history: Sequence[Past]) -> Remarked | None:
    since = history[-1].started_at - WEEK
    times = sum(each.outcome is Outcome.UNWELL and each.started_at > since for each in history)
    if history[-1].outcome is not Outcome.UNWELL or times < 2:
        return None
    return Remarked(RemarkKind.UNWELL_AGAIN, {"times": times})


def _first_silence(memory: Sequence[Past]) -> Remarked | None:
    if not memory or memory[-1].has_answered:
        return None
    answered = list(takewhile(lambda each: each.has_answered, reversed(memory[:-1])))
    if len(answered) < FEWEST_WITHOUT_SILENCE:
        return None
    since = answered[-1].started_at
    if memory[-1].started_at - since < LONG_WITHOUT_SILENCE:
        return None
    return Remarked(RemarkKind.FIRST_SILENCE, {"since": since.isoformat(), "rounds": len(answered)})


def _silent_rounds(history: Sequence[Past]) -> Remarked | None:
    silent = list(takewhile(lambda each: not each.has_answered, reversed(history)))
    if len(silent) < SILENT_ROUNDS:
        return None
    return Remarked(RemarkKind.SILENT_ROUNDS, {"rounds": len(silent), "since": silent[-1].started_at.isoformat()})


def _middle(times: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(each.total_seconds() for each in times))


def _before(history: Sequence[Past]) -> Sequence[Past]:
    """Those that count for what is usual."""
    since = history[-1].started_at - USUAL
    return [each for each in history[:-1] if each.started_at >= since]
