"""The rehearsal: N residents drawn from a seed live through a complete round, and the judge looks at what came out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from campaigns import round_tally
from core.running.installation import Purpose
from core.storage.database import reading
from zaoan.rehearsal.asleep import as_slept, asleep_violations
from zaoan.rehearsal.families import add_families, families, roles_of
from zaoan.rehearsal.faults import plan, times_struck
from zaoan.rehearsal.helpers.choices import Helpers
from zaoan.rehearsal.helpers.rung import above_their_limit, limits, rung, with_helpers
from zaoan.rehearsal.judge import alert_seconds, as_witnessed, taken_over, violations
from zaoan.rehearsal.morning import NOTICE, Morning, morning, rules_of, what_was_made
from zaoan.rehearsal.running import RunningService
from zaoan.rehearsal.sleeps import When
from zaoan.rehearsal.suspension import (
    Sleep,
    fall_asleep,
    let_no_other_round_begin,
    wait_until_over,
    wait_until_some_are_rung,
)
from zaoan.rehearsal.town import draw_town
from zaoan.rehearsal.wire import Post, TextSent, WireCall, read_post, read_texts, read_wire

NARROW_LINE = {"line_calls_per_second": 2, "line_calls_at_once": 6}
"""A round takes long enough on it that some have been rung and others have not."""
EARLIER = timedelta(hours=1)
"""How long before the round the machine falls asleep (clock time)."""
LINE = {"line_calls_per_second": 30, "line_calls_at_once": 30}


def rehearse(
    residents: int, seed: int, speed: float, faults: Sequence[str] = (), helpers: Helpers | None = None
) -> dict[str, Any]:
    """The rehearsal's whole report; ``violations`` is empty when every promise was kept, whatever ``faults`` struck.

    ``helpers`` is what everybody does who could be asked; without it that is drawn, too.
    """
    started = monotonic()
    town = draw_town(residents, seed)
    town = with_helpers(town, helpers) if helpers else town
    with TemporaryDirectory(prefix="zaoan-town-") as directory:
        files = town.write(Path(directory))
        with morning(town, files, LINE, Purpose.REHEARSAL, speed, plan(faults, seed)) as under_way:
            over = under_way.wait()
            struck = {"faults": times_struck(faults, under_way.service.exchange_log)} if faults else {}
            return (
                _with_responders(under_way, verdict(under_way, over))
                | struck
                | {"wall_seconds": round(monotonic() - started, 1)}
            )


def _with_responders(under_way: Morning, report: dict[str, Any]) -> dict[str, Any]:
    """The same with how often each responder was rung."""
    town, wire, rules = under_way.town, read_wire(under_way.service.exchange_log), rules_of(under_way)
    told = limits()
    found = [*report["violations"], *above_their_limit(town, wire, told, rules)]
    return report | {"violations": found, "responders": [each.document() for each in rung(town, wire, told, rules)]}


def rehearse_asleep(residents: int, seed: int, speed: float, length: timedelta, when: When) -> dict[str, Any]:
    """The report of a morning over which the machine sleeps for ``length`` of the clock."""
    started = monotonic()
    town = draw_town(residents, seed)
    slept: list[Sleep] = []

    def before_round(service: RunningService) -> None:
        add_families(town)
        if when is When.BEFORE:
            slept.append(fall_asleep(service, when, length, speed))

    line = LINE if when is When.BEFORE else NARROW_LINE
    with TemporaryDirectory(prefix="zaoan-town-") as directory:
        files = town.write(Path(directory))
        notice = EARLIER if when is When.BEFORE else NOTICE
        with morning(
            town, files, line, Purpose.REHEARSAL, speed, before_round=before_round, notice=notice, late_until=None
        ) as under_way:
            if when is When.MIDDLE:
                wait_until_some_are_rung(under_way.round_id)
                let_no_other_round_begin()
                slept.append(fall_asleep(under_way.service, when, length, speed))
            over = wait_until_over(under_way)
            told = {"suspended": {"when": when.value, "hours": round(length / timedelta(hours=1), 2)}}
            return verdict(under_way, over, slept[0]) | told | {"wall_seconds": round(monotonic() - started, 1)}


def verdict(under_way: Morning, over: bool, slept: Sleep | None = None) -> dict[str, Any]:
    """What the judge says about a morning, in which the machine may have ``slept``."""
    log = under_way.service.exchange_log
    return judged(under_way, over, read_wire(log), read_post(log), slept, read_texts(log) if slept else ())


def judged(
    under_way: Morning,
    over: bool,
    wire: Sequence[WireCall],
    post: Post,
    slept: Sleep | None = None,
    texts: Sequence[TextSent] = (),
) -> dict[str, Any]:
    """The same of a morning of which this is what happened on the wire."""
    held = {call.number for call in wire if call.held}
    rules = replace(rules_of(under_way), slept=slept is not None)
    made = what_was_made(under_way)
    made = as_slept(made, wire, rules, slept) if slept else as_witnessed(made, wire, rules)
    made = [each if held.isdisjoint(each.phones) else taken_over(each) for each in made]
    found = violations(made, wire, rules, post)
    if slept:
        found += asleep_violations(made, wire, texts, families(under_way.town), roles_of(), rules)
    with reading() as session:
        report = round_tally.report(session, under_way.round_id)
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
