"""The promises after a morning of kills, judged by what happened on the wire."""

from dataclasses import dataclass
from itertools import combinations

from zaoan.rehearsal.judge import QUIET, taken_over, violations
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

    def __str__(self):
        lost = (
            f"forgotten {len(self.forgotten)}, rung twice {len(self.rung_twice)}, alerts lost {len(self.alerts_lost)}"
        )
        return f"kills {self.kills}, {lost}"


def toll(survivor):
    """Where conversations were cut off no outcome is foretold, but every promise holds."""
    morning = survivor.morning
    wire = read_wire(morning.service.exchange_log)
    made = [taken_over(each) for each in what_was_made(morning)]
    return Toll(
        kills=len(survivor.kills),
        forgotten=[each.resident for each in made if each.outcome is None or unattended(each)],
        rung_twice=list(rung_twice(wire)),
        alerts_lost=list(alerts_lost(made, wire)),
        violations=violations(made, wire, rules_of(morning)),
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
