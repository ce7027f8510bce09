"""The report of a month: its figures beside those before, by kind and building, what was hard, and what is left."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.reports.monthly import case_figures
from campaigns.reports.monthly.case_figures import OfKind, together
from campaigns.reports.monthly.figures import Figures, figures
from campaigns.reports.monthly.month import Month, month_at
from campaigns.reports.round_report import natural
from contacts import queries as contacts
from contacts.models import Community
from contacts.profiles import chain, named
from core import clock
from escalation.findings import Finding
from escalation.models import CaseKind, CaseState, Need
from escalation.queries import cases_of_month
from escalation.queries.cases_of_month import CaseInBrief, Key, Opened, Span

SHOWN, OFTEN = 10, 3
"""So many of the hardest and of the oldest cases are told, and who has had so many cases."""
NONE = together([])
"""What is counted of a kind of which there was none."""


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
    """Cases of one kind, and how many of it were opened in the month before."""

    kind: CaseKind
    now: OfKind
    before: int


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
    """What was asked of us: things that were needed, each counted by itself in ``needs``; somebody to talk to; messages
    that were left for the office."""

    needs: Mapping[Need, int]
    supplies: OfKind
    talks: OfKind
    messages: OfKind


@dataclass(frozen=True)
class MonthlyReport:
    """Everything about one month of a community, as it is stored at ``made_at``."""

    community: str
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
    (span, cases, now), (*_, earlier) = [
        _counted(session, community_id, zone, at, each) for each in (month, month.before)
    ]
    before = None if earlier.is_empty else earlier
    tree = contacts.areas(session, community_id)
    buildings = {each: named(chain(each, tree))[0] for each in tree}
    places = _places(session, community_id, buildings)
    unresolved = cases_of_month.unresolved(session, span)
    oldest = cases_of_month.in_brief(session, unresolved[:SHOWN])
    hardest = cases_of_month.in_brief(session, case_figures.hardest(cases, SHOWN))
    lines, of_kinds = _buildings(cases, places), case_figures.of_kinds(cases)
    return MonthlyReport(
        community.name, zone, month, at, now, before, _kinds(of_kinds, before), lines, case_figures.findings(cases),
        _requests(cases, of_kinds), [_line(each, buildings, names) for each in hardest],
        _often(session, cases, places, names), len(unresolved), [_line(each, buildings, names) for each in oldest],
        _unknown(now, before, lines, is_over=month < month_at(at, zone)), names,
    )  # fmt: skip


def _counted(
    session: Session, community_id: UUID, zone: ZoneInfo, at: datetime, month: Month
) -> tuple[Span, Sequence[Opened], Figures]:
    span = Span(community_id, month.begins(zone), month.ends(zone))
    cases = cases_of_month.opened(session, span, at)
    return span, cases, figures(session, span, zone, month, cases)


_Places = Mapping[Key | None, str]
"""By resident the building in which they live, in the spelling of the database; not those who live in none."""


def _places(session: Session, community_id: UUID, buildings: Mapping[UUID, str]) -> _Places:
    homes = cases_of_month.homes(session, community_id)
    of_area = {each: buildings[UUID(str(each))] for each in set(homes.values())}
    return {who: of_area[area] for who, area in homes.items()}


def _kinds(of_kinds: Mapping[CaseKind, OfKind], before: Figures | None) -> Sequence[KindLine]:
    earlier = before.kinds if before else {}
    return [KindLine(kind, of_kinds.get(kind, NONE), earlier.get(kind, 0))
            for kind in CaseKind if kind in of_kinds or kind in earlier]  # fmt: skip


def _buildings(cases: Sequence[Opened], places: _Places) -> Sequence[BuildingLine]:
    """In the order in which people count them, those of no building at the end."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    unclosed = Counter[str]()
    for kind, state, _, resident, *_ in cases:
        building = places.get(resident, "")
        kinds[building][kind] += 1
        if state != CaseState.CLOSED:
            unclosed[building] += 1
    return [BuildingLine(each, kinds[each].total(), unclosed[each],
                         {kind: kinds[each][kind] for kind in CaseKind if kinds[each][kind]})
            for each in sorted(kinds, key=lambda name: (not name, natural(name)))]  # fmt: skip


def _requests(cases: Sequence[Opened], of_kinds: Mapping[CaseKind, OfKind]) -> Requests:
    asked = (CaseKind.NEEDS_SUPPLIES, CaseKind.WANTS_PERSON, CaseKind.MESSAGE)
    return Requests(case_figures.needs(cases), *(of_kinds.get(each, NONE) for each in asked))


def _often(session: Session, cases: Sequence[Opened], places: _Places, names: bool) -> Sequence[OftenLine]:
    found = case_figures.often(cases, OFTEN, SHOWN)
    ids = {each: UUID(str(each)) for each, _ in found}
    called = cases_of_month.names(session, ids.values()) if names else {}
    return [OftenLine(places.get(each, ""), called.get(ids[each]), count) for each, count in found]


def _line(case: CaseInBrief, buildings: Mapping[UUID, str], names: bool) -> CaseLine:
    return CaseLine(case, buildings[case.area_id] if case.area_id else "", case.name if names else None)


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
