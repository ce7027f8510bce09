"""The report of a month: its figures beside those before, by kind and building, what was hard, and what is left."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.reports.monthly.figures import Figures, Wait, figures
from campaigns.reports.monthly.month import Month, month_at
from campaigns.reports.round_report import natural
from contacts import queries as contacts
from contacts.models import Area, Community
from contacts.profiles import chain, named
from core import clock
from escalation.models import CaseKind, Finding
from escalation.queries import cases_of_month
from escalation.queries.cases_of_month import CaseInBrief, Span

HARDEST, OFTEN = 10, 3
"""So many of the hardest cases are told, and who has had so many cases."""


class Unknown(StrEnum):
    """What a report cannot tell, or cannot tell any more."""

    CALLS_ONE_BY_ONE = "calls_one_by_one"
    """Some calls are kept as figures alone, so that nobody can look at one of them."""
    CALLS_OF_COMMUNITY = "calls_of_community"
    """Several communities share the telephone, which does not know whose a call was."""
    HOMES = "homes"
    """Cases that are about nobody's home: about several residents, a caller, or somebody who was erased."""
    MONTH_BEFORE = "month_before"
    """Nothing is stored of the month before."""
    REST_OF_MONTH = "rest_of_month"
    """It is not over."""


@dataclass(frozen=True)
class KindLine:
    """Cases of one kind: how many were opened, now and in the month before, and how many of them are not closed."""

    kind: CaseKind
    opened: int
    before: int
    unclosed: int
    accepted: Wait
    closed: Wait


@dataclass(frozen=True)
class BuildingLine:
    """Cases about homes of one building, in the spelling of the database; empty where there is none."""

    building: str
    opened: int
    unclosed: int
    kinds: Mapping[CaseKind, int]


@dataclass(frozen=True)
class CaseLine:
    """One case of which a meeting may want to speak; ``resident`` is None unless names were asked for."""

    case: CaseInBrief
    building: str
    resident: str | None


@dataclass(frozen=True)
class OftenLine:
    """A resident with many cases."""

    building: str
    resident: str | None
    cases: int


@dataclass(frozen=True)
class Requests:
    """What was asked of us: things that were needed, somebody to talk to, messages that were left for the office.

    Each as how many there were, and how many of them nobody has closed; ``needs`` counts each thing by itself.
    """

    supplies: tuple[int, int]
    needs: Mapping[str, int]
    talks: tuple[int, int]
    messages: tuple[int, int]


@dataclass(frozen=True)
class MonthlyReport:
    """Everything about one month of a community, as it is stored at ``made_at``."""

    community: str
    region: str
    zone: ZoneInfo
    month: Month
    made_at: datetime
    now: Figures
    before: Figures | None
    kinds: Sequence[KindLine]
    buildings: Sequence[BuildingLine]
    findings: Mapping[Finding, int]
    requests: Requests
    hardest: Sequence[CaseLine]
    often: Sequence[OftenLine]
    unresolved: int
    oldest: Sequence[CaseLine]
    unknown: Mapping[Unknown, int]
    has_names: bool


def monthly_report(session: Session, community_id: UUID, month: Month, *, names: bool = False) -> MonthlyReport:
    """The report of a month that has begun; nobody is named unless ``names``."""
    community = session.get_one(Community, community_id)
    zone, at = ZoneInfo(community.timezone), clock.now()
    span = Span(community_id, month.begins(zone), month.ends(zone))
    now, earlier = (figures(session, community_id, zone, each) for each in (month, month.before))
    before = None if earlier.is_empty else earlier
    tree = contacts.areas(session, community_id)
    unresolved, oldest = cases_of_month.unresolved(session, span, HARDEST)
    hardest = cases_of_month.hardest(session, span, at, HARDEST)
    often = cases_of_month.most_often(session, span, OFTEN, HARDEST)
    buildings = _buildings(now, tree)
    return MonthlyReport(
        community.name, community.region, zone, month, at, now, before, _kinds(now, before), buildings,
        cases_of_month.findings(session, span), _requests(now, cases_of_month.needs(session, span)),
        [_line(each, tree, names) for each in hardest],
        [OftenLine(_building(area_id, tree), name if names else None, cases) for _, name, area_id, cases in often],
        unresolved, [_line(each, tree, names) for each in oldest],
        _unknown(now, before, buildings, is_over=month < month_at(at, zone)), names,
    )  # fmt: skip


def _kinds(now: Figures, before: Figures | None) -> Sequence[KindLine]:
    opened, unclosed = Counter[CaseKind](), Counter[CaseKind]()
    for each in now.tallies:
        opened[each.kind] += each.count
        unclosed[each.kind] += 0 if each.is_closed else each.count
    earlier = Counter[CaseKind]()
    for each in before.tallies if before else ():
        earlier[each.kind] += each.count
    return [KindLine(kind, opened[kind], earlier[kind], unclosed[kind], now.waits.accepted.get(kind, Wait()),
                     now.waits.closed.get(kind, Wait()))
            for kind in CaseKind if opened[kind] or earlier[kind]]  # fmt: skip


def _buildings(now: Figures, tree: Mapping[UUID, Area]) -> Sequence[BuildingLine]:
    """In the order in which people count them, those of no building at the end."""
    kinds: dict[str, Counter[CaseKind]] = {}
    unclosed = Counter[str]()
    for each in now.tallies:
        building = _building(each.area_id, tree)
        kinds.setdefault(building, Counter())[each.kind] += each.count
        unclosed[building] += 0 if each.is_closed else each.count
    ordered = sorted(kinds, key=lambda name: (not name, natural(name)))
    return [BuildingLine(each, kinds[each].total(), unclosed[each], kinds[each]) for each in ordered]


def _requests(now: Figures, needs: Mapping[str, int]) -> Requests:
    counted = Counter[str]()
    for together, count in needs.items():
        counted.update(dict.fromkeys(json.loads(together), count))
    return Requests(_asked(now, CaseKind.NEEDS_SUPPLIES), counted, _asked(now, CaseKind.WANTS_PERSON),
                    _asked(now, CaseKind.MESSAGE))  # fmt: skip


def _asked(now: Figures, kind: CaseKind) -> tuple[int, int]:
    of_kind = [each for each in now.tallies if each.kind == kind]
    return sum(each.count for each in of_kind), sum(each.count for each in of_kind if not each.is_closed)


def _line(case: CaseInBrief, tree: Mapping[UUID, Area], names: bool) -> CaseLine:
    return CaseLine(case, _building(case.area_id, tree), case.name if names else None)


def _building(area_id: UUID | None, tree: Mapping[UUID, Area]) -> str:
    return named(chain(area_id, tree))[0] if area_id else ""


def _unknown(
    now: Figures, before: Figures | None, buildings: Sequence[BuildingLine], *, is_over: bool
) -> Mapping[Unknown, int]:
    """Each with its number, which is 1 where there is nothing to count."""
    found = {
        Unknown.REST_OF_MONTH: not is_over,
        Unknown.CALLS_OF_COMMUNITY: now.calls is None,
        Unknown.CALLS_ONE_BY_ONE: now.calls.days_as_totals if now.calls else 0,
        Unknown.HOMES: sum(each.opened for each in buildings if not each.building),
        Unknown.MONTH_BEFORE: before is None,
    }
    return {what: int(count) for what, count in found.items() if count}
