"""What the cases of a month are counted by: their kinds, how long they took, and where they were."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from uuid import UUID

from escalation.findings import Finding
from escalation.models import CaseKind, CaseState, Need
from escalation.queries.cases_of_month import Key, Opened


@dataclass(frozen=True)
class Wait:
    """How long ``count`` cases took, in seconds: half of them ``median`` or less, nine in ten ``ninth`` or less."""

    count: int = 0
    median: int = 0
    ninth: int = 0


@dataclass(frozen=True)
class OfKind:
    """Cases of one kind, or of all: how many were opened, how many of them nobody has closed so far, and how long it
    took until a responder accepted and until somebody closed."""

    opened: int
    unclosed: int
    accepted: Wait
    closed: Wait


def of_kinds(cases: Sequence[Opened]) -> Mapping[CaseKind, OfKind]:
    """Those of each kind that there is, in the order of the kinds."""
    by_kind: dict[str, list[Opened]] = {}
    for each in cases:
        by_kind.setdefault(each[0], []).append(each)
    return {kind: together(by_kind[kind]) for kind in CaseKind if kind in by_kind}


def together(cases: Sequence[Opened]) -> OfKind:
    """All of them."""
    accepted = [after for _, _, _, _, after, *_ in cases if after is not None]
    closed = [lasted for _, state, _, _, _, lasted, *_ in cases if state == CaseState.CLOSED]
    return OfKind(len(cases), len(cases) - len(closed), wait(accepted), wait(closed))


def wait(seconds: list[int]) -> Wait:
    """By nearest ranks: of ``n`` the ``ceil(n / 2)``-th, and the ``ceil(9 n / 10)``-th."""
    if not seconds:
        return Wait()
    ordered, count = sorted(seconds), len(seconds)
    return Wait(count, ordered[(count + 1) // 2 - 1], ordered[(count * 9 + 9) // 10 - 1])


def findings(cases: Sequence[Opened]) -> Mapping[Finding, int]:
    """What was found, in the order of the findings."""
    counted = Counter(each[2] for each in cases)
    return {each: counted[each] for each in Finding if counted[each]}


def needs(cases: Sequence[Opened]) -> Mapping[Need, int]:
    """How many needed each thing, of those who needed something."""
    alike = Counter(each[7] for each in cases if each[0] == CaseKind.NEEDS_SUPPLIES)
    counted = Counter[str]()
    for needed, count in alike.items():
        for each in json.loads(needed):
            counted[each] += count
    return {each: counted[each] for each in Need if counted[each]}


def often(cases: Sequence[Opened], least: int, limit: int) -> Sequence[tuple[Key, int]]:
    """The residents with at least so many cases, the most first."""
    counted = Counter(each[3] for each in cases if each[3] is not None)
    found = [(resident, count) for resident, count in counted.items() if count >= least]
    return nsmallest(limit, found, key=lambda each: (-each[1], str(each[0])))


def hardest(cases: Sequence[Opened], limit: int) -> Sequence[UUID]:
    """Those that took, or have taken so far, the longest."""
    found = nsmallest(limit, cases, key=lambda each: (-each[5], str(each[6])))
    return [UUID(str(each[6])) for each in found]
