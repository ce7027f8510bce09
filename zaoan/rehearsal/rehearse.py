"""The rehearsal: N residents drawn from a seed live through a complete round, and the judge looks at what came out."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from campaigns import rounds
from core.database import reading
from core.installation import Purpose
from zaoan.rehearsal.faults import plan, times_struck
from zaoan.rehearsal.judge import alert_seconds, as_witnessed, taken_over, violations
from zaoan.rehearsal.morning import Morning, morning, rules_of, what_was_made
from zaoan.rehearsal.town import draw_town
from zaoan.rehearsal.wire import read_post, read_wire

LINE = {"line_calls_per_second": 30, "line_calls_at_once": 30}


def rehearse(residents: int, seed: int, speed: float, faults: Sequence[str] = ()) -> dict[str, Any]:
    """The rehearsal's whole report; ``violations`` is empty when every promise was kept, whatever ``faults`` struck."""
    started = monotonic()
    town = draw_town(residents, seed)
    with TemporaryDirectory(prefix="zaoan-town-") as directory:
        files = town.write(Path(directory))
        with morning(town, files, LINE, Purpose.REHEARSAL, speed, plan(faults, seed)) as under_way:
            over = under_way.wait()
            struck = {"faults": times_struck(faults, under_way.service.exchange_log)} if faults else {}
            return verdict(under_way, over) | struck | {"wall_seconds": round(monotonic() - started, 1)}


def verdict(under_way: Morning, over: bool) -> dict[str, Any]:
    """What the judge says about a morning."""
    wire = read_wire(under_way.service.exchange_log)
    held = {call.number for call in wire if call.held}
    rules = rules_of(under_way)
    made = as_witnessed(what_was_made(under_way), wire, rules)
    made = [each if held.isdisjoint(each.phones) else taken_over(each) for each in made]
    found = violations(made, wire, rules, read_post(under_way.service.exchange_log))
    with reading() as session:
        report = rounds.report(session, under_way.round_id)
    if not over:
        found.insert(0, "the morning did not end: the round is not complete, or a case was never accepted")
    if report.enrolled != len(under_way.town.expected()):
        found.insert(0, f"{report.enrolled} enrolled, {len(under_way.town.expected())} expected")
    return {
        "round": {
            "enrolled": report.enrolled,
            "open": report.open,
            "complete": report.complete,
            "counts": report.counts,
        },
        "check_ins": [each.document() for each in made],
        "violations": found,
        "alert_seconds": alert_seconds(made, wire),
    }
