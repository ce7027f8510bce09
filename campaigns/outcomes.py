"""The rules of outcomes: what was said outranks how a call ended, and nothing but an explicit answer is OK."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaigns.models import CampaignKind, Outcome, Reason
from contacts.hours import Hours
from escalation.models import CaseKind
from ivr.models import Ending

SAID = (Outcome.UNWELL, Outcome.WANTS_PERSON, Outcome.NEEDS_SUPPLIES, Outcome.OK)
"""What can be said, the most worrying first."""
REACHED = (Outcome.NO_KEY, Outcome.HUNG_UP, Outcome.VOICEMAIL, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.UNREACHABLE)
"""How far a call can get when nothing is said, the furthest first."""
QUIET = frozenset({Outcome.OK, Outcome.EXCUSED, Outcome.WITHDRAWN})
UNASKED = frozenset({Outcome.EXCUSED, Outcome.WITHDRAWN})
"""Ends of a check-in that is not asked, or not any more, for a ``Reason``."""
_LEFT = frozenset({Reason.MOVED_AWAY, Reason.DECEASED, Reason.REMOVED, Reason.MERGED, Reason.NO_CONSENT})
_WITHOUT_ANSWER = {
    Ending.BUSY: Outcome.BUSY,
    Ending.NO_ANSWER: Outcome.NO_ANSWER,
    Ending.CANCELLED: Outcome.NO_ANSWER,
    Ending.FAILED: Outcome.UNREACHABLE,
    Ending.REFUSED: Outcome.UNREACHABLE,
}


def outcome_for(reason: Reason) -> Outcome:
    """How a check-in ends that is not asked any more: whoever is looked after no more is ``withdrawn``."""
    return Outcome.WITHDRAWN if reason in _LEFT else Outcome.EXCUSED


def reached(ending: Ending, *, by_machine: bool) -> Outcome:
    """How far a call got in which the resident said nothing; "completed" only means that something answered."""
    if ending is Ending.COMPLETED:
        return Outcome.VOICEMAIL if by_machine else Outcome.HUNG_UP
    return _WITHOUT_ANSWER.get(ending, Outcome.NO_ANSWER)


def furthest(contacts: Iterable[Outcome]) -> Outcome:
    """The furthest of several contacts, at least one."""
    return min(contacts, key=REACHED.index)


def at_the_end(furthest_so_far: Outcome | None, *, rung: bool, numbers_left: bool) -> Outcome:
    """The outcome of a check-in without an answer for which nobody is rung any more.

    Only of whoever has no number that the provider rings, or where the network failed each time, nobody can be
    reached. Whoever was never rung was not asked, whatever else is known of their other numbers.
    """
    if furthest_so_far not in {None, Outcome.UNREACHABLE}:
        return furthest_so_far or Outcome.NO_ANSWER
    if not numbers_left:
        return Outcome.UNREACHABLE
    if not rung:
        return Outcome.NOT_ASKED
    return furthest_so_far or Outcome.NO_ANSWER


def after_saying(decided: Outcome | None, said: Outcome) -> Outcome:
    """The outcome once ``said`` was said.

    A decided outcome only ever becomes more worrying: an ``unwell`` is never overwritten by a later ``ok``, and a late
    ``ok`` does not send away the person who is already looking after a silence. Silence never outranks what was said.
    """
    if decided in {None, Outcome.NOT_ASKED}:  # nobody was rung, so nobody looks after them in particular
        return said
    if decided in SAID:
        return min(decided, said, key=SAID.index) if said in SAID else decided
    return decided if said is Outcome.OK else said


def case_kind(kind: CampaignKind, outcome: Outcome) -> CaseKind:
    """What a person has to deal with after an outcome that is not quiet.

    A silence in a check-in may be a fall. Whoever was silent when a notice was told has only not heard it for certain.
    """
    if kind is CampaignKind.NOTICE and outcome in REACHED:
        return CaseKind.NOTICE_NOT_HEARD
    return CaseKind(outcome.value)


def concerns_relatives(kind: CampaignKind, outcome: Outcome) -> bool:
    """Whether the outcome says how the resident is: whether they have heard a notice is nobody else's business.

    Of whoever was not asked it says nothing either.
    """
    if outcome in {Outcome.EXCUSED, Outcome.WITHDRAWN, Outcome.NOT_ASKED}:
        return False
    return kind is CampaignKind.CHECK_IN or (outcome in SAID and outcome is not Outcome.OK)


@dataclass(frozen=True)
class Plan:
    """How often and how far apart a resident is rung, in which hours, and until when (``last_dial``).

    ``pauses`` are those of results that have one of their own (None: nobody is rung again after it), ``retry`` that of
    all others, and ``other_number``, where it is given, that before another telephone is tried. The provider is asked
    at least ``lead`` before the hours close and before ``last_dial``.
    """

    attempts: int
    retry: timedelta
    last_dial: datetime
    hours: Hours
    lead: timedelta = timedelta(0)
    pauses: Mapping[Outcome, timedelta | None] = field(default_factory=dict)
    other_number: timedelta | None = None

    def next_dial(self, earliest: datetime) -> datetime | None:
        """The first instant from ``earliest`` on at which the plan lets a resident be rung; None when there is none."""
        at = self.hours.next_permitted(earliest)
        closing = self.hours.closing(at)
        if at > closing - self.lead:
            at = self.hours.next_permitted(closing)
        return at if at < self.last_dial - self.lead else None


def number_to_try(numbers: Sequence[str], refused: Collection[str], last: tuple[str, Outcome] | None) -> str | None:
    """The telephone of the next attempt, after the ``last`` one rung and how far that call got.

    Where a person was reached they are rung again; otherwise the next in its turn is tried, and never one that the
    provider refuses. None when there is none left.
    """
    if last is None or last[0] not in numbers:
        turns = list(numbers)
    else:
        here = numbers.index(last[0]) + (last[1] is not Outcome.HUNG_UP)
        turns = [*numbers[here:], *numbers[:here]]
    return next(iter(numbers_left(turns, refused)), None)


def numbers_left(numbers: Sequence[str], refused: Collection[str]) -> Sequence[str]:
    """Those of the telephones that the provider has not refused."""
    return [number for number in numbers if number not in refused]


def pause_after(plan: Plan, ending: Ending, contact: Outcome, *, elsewhere: bool = False) -> timedelta | None:
    """How long nobody rings after a call that ended so, and got so far, without an answer; None: nobody rings again.

    A number that the provider refuses, and a call that was never dialled, have disturbed nobody. ``elsewhere``: another
    telephone is tried next.
    """
    if ending in {Ending.REFUSED, Ending.NOT_WANTED}:
        return timedelta(0)
    pause = plan.pauses.get(contact, plan.retry)
    return plan.other_number if elsewhere and pause is not None and plan.other_number is not None else pause


def next_attempt(plan: Plan, attempts: int, numbers_left: int, contact: Outcome, earliest: datetime) -> datetime | None:
    """When to ring again, not before ``earliest``, after an attempt without an answer; None when it is time to decide.

    A silence at an open line may be a fall: it is not rung again but looked after at once.
    """
    if contact is Outcome.NO_KEY or numbers_left == 0 or attempts >= plan.attempts:
        return None
    return plan.next_dial(earliest)
