"""The judge: compares what the service made of a round with what happened on the wire and what was to be expected.

The wire (``wire.py``) and the table of behaviours say what is true; the service's own rows are only the accused.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import Anchor
from zaoan.rehearsal.replies import AT_ANY_HOUR, LATEST, UNWELL_KEY, replies
from zaoan.rehearsal.wire import KeyReport, Post, SpeedChange, WireCall
from zaoan.rehearsal.witness import SERVICE, if_learnt_late, testimonies

QUIET = frozenset({"ok", "excused", "withdrawn"})
ANSWER_KEYS = frozenset("0123")
ACCEPTING_KEYS = frozenset("19")
"""A responder takes one case, or all that they are told of."""
RUNG_AGAIN = frozenset({"hung_up", "voicemail", "busy", "no_answer"})
FORBIDDEN = 403
NO_POST = Post((), ())
UNDER_WAY = timedelta(seconds=1)
"""A request that had left the queue when an answer or a call came in can no longer be held back (real seconds)."""


@dataclass(frozen=True)
class Asked:
    """A responder's number (E.164) and the service's own id of the call that asks them, a part of that call's address.

    Which call is about whom only the service knows; whether it rang anybody, and what was pressed, the wire says.
    """

    number: str
    call: str


@dataclass(frozen=True)
class Made:
    """What the service made of one resident's morning; telephones in E.164, whom it asked in the order of asking."""

    resident: str
    phones: Sequence[str]
    behaviour: str
    attempts: int
    outcome: str | None
    expected: str
    case_kind: str | None
    case_state: str | None
    accepted_by: str | None
    asked: Sequence[Asked]
    case_id: str | None = None

    def document(self) -> dict[str, Any]:
        """One entry of the rehearsal's JSON."""
        case = {"kind": self.case_kind, "state": self.case_state, "accepted_by": self.accepted_by,
                "pages": len(self.asked)}  # fmt: skip
        return {
            "resident": self.resident,
            "phone": self.phones[0],
            "behaviour": self.behaviour,
            "attempts": self.attempts,
            "outcome": self.outcome,
            "expected": self.expected,
            "case": case if self.case_kind else None,
        }


HELD = "in the browser"
"""What a resident did whose telephone somebody held in the browser: nobody can know beforehand."""


def taken_over(each: Made) -> Made:
    """Somebody spoke for this resident in the browser: every promise still holds, but no outcome is foretold."""
    return replace(each, behaviour=HELD, expected=each.outcome or each.expected)


@dataclass(frozen=True)
class Rules:
    """The plan and the hours that the round had to keep; ``zone`` is the residents' own.

    ``anchors`` are those of the clock, the earliest first: it runs at real speed while a telephone is held. A machine
    that ``slept`` may have no time left for the whole plan. ``wakes`` is when the quiet hours of helpers end.
    """

    attempts: int
    opens: time
    closes: time
    zone: ZoneInfo
    anchors: Sequence[Anchor]
    slept: bool = False
    wakes: time = time(7)

    def local(self, real: datetime) -> time:
        """What a resident's clock showed at a real instant."""
        return self.clock(real).astimezone(self.zone).time()

    def clock(self, real: datetime) -> datetime:
        """What the service's clock showed at a real instant."""
        begun = [anchor for anchor in self.anchors if anchor.real <= real]
        anchor = begun[-1] if begun else self.anchors[0]
        return anchor.at(real)


def anchors(first: Anchor, changes: Sequence[SpeedChange]) -> Sequence[Anchor]:
    """Every anchor of a clock whose speed has changed; it never jumped."""
    found = [first]
    for change in changes:
        found.append(Anchor(change.at, found[-1].at(change.at), change.speed))
    return found


def as_witnessed(made: Sequence[Made], wire: Sequence[WireCall], rules: Rules) -> list[Made]:
    """What was made, with what was to be expected where faults changed a conversation: any outcome that is right."""
    by_number = _by_number(wire)
    judged: list[Made] = []
    for phones, together in households(made).items():
        calls = _of_their_own(phones, by_number)
        if not any(call.is_changed_by_a_fault for call in calls):
            judged += together
            continue
        heard, late = testimonies(calls, len(together)), if_learnt_late(calls, len(together))
        for each, testimony, later in zip(together, heard, late, strict=True):
            right = testimony.acceptable(rules.attempts) | later.acceptable(rules.attempts)
            judged.append(replace(each, expected=each.outcome if each.outcome in right else min(right)))
    return judged


def violations(made: Sequence[Made], wire: Sequence[WireCall], rules: Rules, post: Post = NO_POST) -> list[str]:
    """Every broken promise, in words; who holds a telephone in the browser has asked to be rung, whatever the plan."""
    by_number = _by_number(wire)
    found = [*_two_at_once(by_number), *_outside_hours(made, by_number, rules), *_too_many(made, by_number, rules)]
    found += [*_placed_twice(wire), *_sent_twice(post), *_believed(post)]
    for phones, together in households(made).items():
        found += _after_an_answer(phones, together, by_number, rules)
    for each in made:
        found += _wrong_outcome(each, by_number)
        found += _nobody_rung(each, by_number)
        found += () if rules.slept else _gave_up_early(each, by_number, rules)
    return found


def alert_seconds(made: Sequence[Made], wire: Sequence[WireCall]) -> Mapping[str, float | None]:
    """Real seconds from the key that says "unwell" reaching the service to the request that rings the first responder.

    Other keys can wait, and do: what is needed goes by text first, for minutes. None pass where the telephone of
    whoever is told of it was ringing already.
    """
    by_number = _by_number(wire)
    waits = sorted(wait for each in made for wait in _alert_waits(each, by_number))
    if not waits:
        return {"p50": None, "p99": None}
    if len(waits) == 1:
        return {"p50": waits[0], "p99": waits[0]}
    cuts = quantiles(waits, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3)}


def _two_at_once(by_number: Mapping[str, Sequence[WireCall]]) -> Iterator[str]:
    """Somebody's call to us forbids ringing them from when we were told of it."""
    for number, calls in by_number.items():
        for before, after in pairwise(calls):
            still_on = before.ended_at is None or after.requested_at < before.ended_at
            told_at = before.told_at if before.inbound else before.requested_at - UNDER_WAY
            known = told_at is not None and after.requested_at > told_at + UNDER_WAY
            if still_on and known and not after.inbound:
                yield f"two calls at once to {number}"


def _placed_twice(wire: Sequence[WireCall]) -> Iterator[str]:
    """Each call that the service wants has an address of its own: two calls with one address are one call, twice."""
    for url, times in Counter(call.url for call in wire if call.url).items():
        if times > 1:
            yield f"the call of {url} was placed {times} times"


def _sent_twice(post: Post) -> Iterator[str]:
    for report, times in Counter(post.text_reports).items():
        if times > 1:
            yield f"the text of {report} was sent {times} times"


def _believed(post: Post) -> Iterator[str]:
    for forgery in post.forgeries:
        if forgery.status not in {FORBIDDEN, None}:
            yield f"a forged {forgery.kind} callback about {forgery.number} was answered {forgery.status}, not 403"


def _outside_hours(made: Sequence[Made], by_number: Mapping[str, Sequence[WireCall]], rules: Rules) -> Iterator[str]:
    for phones in {tuple(each.phones) for each in made}:
        allowed = _replies(phones, by_number, rules, AT_ANY_HOUR)
        for call in _of_their_own(phones, by_number):
            at_night = not rules.opens <= rules.local(call.requested_at) < rules.closes
            if at_night and not call.inbound and call not in allowed:
                yield f"{call.number} was rung outside permitted hours, at {rules.local(call.requested_at):%H:%M}"


def _too_many(made: Sequence[Made], by_number: Mapping[str, Sequence[WireCall]], rules: Rules) -> Iterator[str]:
    for each in made:
        attempts = sum(not call.held for phone in each.phones for call in _outbound(by_number, phone))
        truth = len(_replies(each.phones, by_number, rules, LATEST)[: _unwell([each])])
        if attempts > rules.attempts + truth + _made_up_for(each, made, by_number):
            yield f"{each.resident} was rung {attempts} times, the plan allows {rules.attempts}"


def _made_up_for(each: Made, made: Sequence[Made], by_number: Mapping[str, Sequence[WireCall]]) -> int:
    """Calls that are no attempts, once for each who lives there: one before it was lost because nobody heard it."""
    calls = [call for phone in each.phones for call in _outbound(by_number, phone)]
    together = sum(other.phones == each.phones for other in made)
    return min(together, sum((call.unheard or call.words_lost) and call.ended_by != SERVICE for call in calls))


def _after_an_answer(
    phones: Sequence[str], together: Sequence[Made], by_number: Mapping[str, Sequence[WireCall]], rules: Rules
) -> Iterator[str]:
    """Once everybody at these telephones has answered, or has been silent at an open line, nobody rings again.

    Except once for each of them who is unwell, later, to tell them that nobody has come yet.
    """
    calls = _of_their_own(phones, by_number)
    settled = [testimony.settled_at for testimony in testimonies(calls, len(together))]
    instants = [instant for instant in settled if instant is not None]
    if len(instants) < len(together):
        return
    settled_at = max(instants) + UNDER_WAY
    late = [call for phone in phones for call in _outbound(by_number, phone)
            if call.requested_at > settled_at and not call.held]  # fmt: skip
    allowed = [call for call in _replies(phones, by_number, rules, LATEST) if call in late]
    for phone in dict.fromkeys(call.number for call in late if call not in allowed[: _unwell(together)]):
        yield f"{phone} was rung after an answer"


def _replies(
    phones: Sequence[str], by_number: Mapping[str, Sequence[WireCall]], rules: Rules, until: timedelta
) -> Sequence[WireCall]:
    return replies(_of_their_own(phones, by_number), rules.clock, until)


def _unwell(together: Sequence[Made]) -> int:
    return sum(each.outcome == "unwell" for each in together)


def _gave_up_early(each: Made, by_number: Mapping[str, Sequence[WireCall]], rules: Rules) -> Iterator[str]:
    attempts = sum(len(_outbound(by_number, phone)) for phone in each.phones)
    if each.outcome in RUNG_AGAIN and attempts < rules.attempts:
        yield f"{each.resident} was given up as {each.outcome} after {attempts} of {rules.attempts} attempts"


def _wrong_outcome(each: Made, by_number: Mapping[str, Sequence[WireCall]]) -> Iterator[str]:
    if each.outcome is None:
        yield f"{each.resident} has no outcome"
        return
    if each.outcome != each.expected:
        yield f"{each.resident} ({each.behaviour}) has the outcome {each.outcome}, expected {each.expected}"
    pressed = {report.key for phone in each.phones for call in by_number.get(phone, ()) for report in call.pressed}
    if each.outcome == "ok" and "1" not in pressed:
        yield f"{each.resident} is ok without an explicit 1"
    if (each.outcome in QUIET) == (each.case_kind is not None):
        has = "a case" if each.case_kind else "no case"
        yield f"{each.resident} has the outcome {each.outcome} and {has}"


def _nobody_rung(each: Made, by_number: Mapping[str, Sequence[WireCall]]) -> Iterator[str]:
    if each.case_kind is None:
        return
    rung = _rung_about(each, by_number)
    if not rung:
        yield f"nobody was rung about {each.resident}"
    if each.accepted_by is None:
        yield f"nobody has accepted the case of {each.resident}"
    elif rung and not any(_has_accepted(by_number.get(asked.number, ())) for asked in each.asked):
        yield f"the case of {each.resident} was accepted, and nobody who was asked has pressed 1 or 9"


def _has_accepted(calls: Sequence[WireCall]) -> bool:
    return any(report.key in ACCEPTING_KEYS for call in calls for report in call.key_reports)


def _alert_waits(each: Made, by_number: Mapping[str, Sequence[WireCall]]) -> Iterator[float]:
    alarms = [report for phone in each.phones for report in _answers(phone, by_number) if report.key == UNWELL_KEY]
    for alarm in alarms[:1]:
        told = [call for call in _rung_about(each, by_number) if call.ended_at is None or call.ended_at > alarm.sent_at]
        if told:
            yield max(0.0, (min(call.requested_at for call in told) - alarm.sent_at).total_seconds())


def _rung_about(each: Made, by_number: Mapping[str, Sequence[WireCall]]) -> list[WireCall]:
    """Calls that asked somebody about this resident; a call that connects two people was requested by no address."""
    return [
        call
        for asked in each.asked
        for call in _rung(by_number, asked.number)
        if call.parent is not None or asked.call in (call.url or "")
    ]


def _answers(phone: str, by_number: Mapping[str, Sequence[WireCall]]) -> list[KeyReport]:
    """Keys that mean something in a check-in, pressed at this telephone."""
    return [report for call in by_number.get(phone, ()) for report in call.key_reports if report.key in ANSWER_KEYS]


def _outbound(by_number: Mapping[str, Sequence[WireCall]], number: str) -> list[WireCall]:
    """Calls that the service requested; whom it connects with somebody in a call is rung for a person's wish."""
    return [call for call in _rung(by_number, number) if call.parent is None]


def _of_their_own(phones: Sequence[str], by_number: Mapping[str, Sequence[WireCall]]) -> list[WireCall]:
    """Calls in which residents can say how they are: not those that connect somebody with them."""
    return [call for phone in phones for call in by_number.get(phone, ()) if call.parent is None]


def _rung(by_number: Mapping[str, Sequence[WireCall]], number: str) -> list[WireCall]:
    return [call for call in by_number.get(number, ()) if not call.inbound]


def _by_number(wire: Sequence[WireCall]) -> Mapping[str, Sequence[WireCall]]:
    calls: defaultdict[str, list[WireCall]] = defaultdict(list)
    for call in sorted(wire, key=lambda each: each.requested_at):
        calls[call.number].append(call)
    return calls


def household_calls(phones: Sequence[str], wire: Sequence[WireCall]) -> list[WireCall]:
    """The calls of a household in which residents can say how they are, the earliest first."""
    return sorted(_of_their_own(phones, _by_number(wire)), key=lambda call: call.requested_at)


def households(made: Sequence[Made]) -> Mapping[tuple[str, ...], Sequence[Made]]:
    """Those who live with the same telephones."""
    found: defaultdict[tuple[str, ...], list[Made]] = defaultdict(list)
    for each in made:
        found[tuple(each.phones)].append(each)
    return found
