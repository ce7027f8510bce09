"""The promises after a morning of kills, judged by what happened on the wire."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import inf

from sqlalchemy import select

from campaigns import queries
from core.storage.database import reading
from ivr.models import Call, CallTurn
from zaoan.rehearsal.judge import ANSWER_KEYS, QUIET, taken_over, violations
from zaoan.rehearsal.morning import rules_of, what_was_made
from zaoan.rehearsal.wire import read_wire

ALARMS = {"3": "unwell", "0": "wants_person", "2": "needs_supplies"}


@dataclass(frozen=True)
class Toll:
    """What a morning of kills has cost; every list must be empty."""

    kills: int
    forgotten: list
    rung_twice: list
    alerts_lost: list
    violations: list
    waits: list
    """For each key that nobody acknowledged: clock seconds of a living service until it was known, or asked again."""

    def __str__(self):
        lost = (
            f"forgotten {len(self.forgotten)}, rung twice {len(self.rung_twice)}, alerts lost {len(self.alerts_lost)}"
        )
        waited = sorted(self.waits)
        longest = f", the longest after {waited[-1]:.0f} s of the clock" if waited else ""
        return f"kills {self.kills}, {lost}, keys lost {len(waited)}{longest}"


def toll(survivor, *, tells_later=False):
    """Where conversations were cut off no outcome is foretold, but every promise holds.

    Of a provider that only ``tells_later`` whether it asked in vain, each call is lost that lived while nobody of us
    did: it is made up for, and no attempt of the plan.
    """
    morning = survivor.morning
    wire = read_wire(morning.service.exchange_log)
    if tells_later:
        for call in wire:
            call.words_lost |= was_alone(survivor.lives, call)
    made = [taken_over(each) for each in what_was_made(morning)]
    return Toll(
        kills=len(survivor.kills),
        forgotten=[each.resident for each in made if each.outcome is None or unattended(each)],
        rung_twice=list(rung_twice(wire)),
        alerts_lost=list(alerts_lost(made, wire)),
        violations=violations(made, wire, rules_of(morning)),
        waits=list(waits(survivor, wire)),
    )


def unattended(each):
    """Not well, and nobody has it."""
    return each.outcome not in QUIET and each.accepted_by is None


def rung_twice(wire):
    """Numbers that our calls reached twice at the same time."""
    ours = [call for call in wire if not call.inbound]
    for one, other in combinations(ours, 2):
        if one.number == other.number and overlap(one, other):
            yield one.number


def overlap(one, other):
    first, second = sorted((one, other), key=lambda call: call.requested_at)
    return first.ended_at is None or second.requested_at < first.ended_at


def alerts_lost(made, wire):
    """Keys that are not OK, that the service has acknowledged, and that led to nobody's case."""
    for each in made:
        acknowledged = [
            report.key
            for call in wire
            if call.number in each.phones
            for report in call.key_reports
            if report.acknowledged and report.key in ALARMS
        ]
        shared = sum(other.phones == each.phones for other in made)
        if acknowledged and shared == 1 and each.outcome in QUIET:
            yield f"{each.resident} pressed {acknowledged} and is {each.outcome}"


def waits(survivor, wire):
    """How long each key of a resident waited that the service has not acknowledged.

    Once in a check-in a call that was cut off is made up for at once; who is cut off again waits for the plan. What is
    said beside an answer that is known already (what somebody needs who needs something) is a person's to ask.
    """
    morning = survivor.morning
    cut_off = set()
    answered = {each.numbers[0]: each for each in check_ins_of(morning)}
    heard = keys_heard()
    for call in sorted(wire, key=lambda each: each.requested_at):
        if call.inbound or call.parent or call.number not in answered:
            continue
        was_cut_off_before = call.number in cut_off
        if was_alone(survivor.lives, call):
            cut_off.add(call.number)
        if was_cut_off_before:
            continue
        for report in call.key_reports:
            if report.acknowledged or report.key not in ANSWER_KEYS:
                continue
            decided = answered[call.number].answered_at
            if decided is not None and real(morning, decided) <= report.sent_at:
                continue
            known = [each.requested_at for each in wire
                     if each.number == call.number and each.requested_at > report.sent_at]  # fmt: skip
            if decided is not None:
                known.append(real(morning, decided))
            known += [real(morning, at) for at in heard[call.number, report.key]]
            known = [at for at in known if at > report.sent_at]
            yield lived(survivor.lives, report.sent_at, min(known)) * morning.speed if known else inf


def was_alone(lives, call):
    """Whether the call lived at an instant at which no service did."""
    gaps = [(gone, back) for (_, gone), (back, _) in pairwise(lives)]
    return any(call.requested_at < back and (call.ended_at is None or call.ended_at > gone) for gone, back in gaps)


def keys_heard():
    """When each key was stored as heard in a call with each telephone, by the clock."""
    heard = defaultdict(list)
    with reading() as session:
        for number, key, at in session.execute(
            select(Call.number, CallTurn.key, CallTurn.at).join(Call, Call.id == CallTurn.call_id)
        ):
            heard[number, key].append(at)
    return heard


def real(morning, instant):
    """When the clock showed this instant, in real time; nobody has changed its speed."""
    return morning.began.real + (instant - morning.began.clock) / morning.speed


def check_ins_of(morning):
    with reading() as session:
        return list(queries.check_ins(session, morning.round_id))


def lived(lives, since, until):
    """Real seconds in which a service lived between two instants."""
    both = ((max(ready, since), min(gone, until)) for ready, gone in lives)
    return sum(max(0.0, (end - begin).total_seconds()) for begin, end in both)
