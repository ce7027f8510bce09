"""Gaps: when nobody is on duty for a building, found before they come. Plain values only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from escalation.roster.duty import Roster, manned

AHEAD = timedelta(days=7)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Place:
    """Where somebody lives: the ``area_ids`` around them, nearest first, and what their ``building`` is called."""

    building: str
    area_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class DutyGap:
    """From ``begins`` until ``ends`` (UTC) nobody is on duty for some home of the ``buildings``."""

    begins: datetime
    ends: datetime
    buildings: tuple[str, ...]


def gaps(
    roster: Roster,
    places: Iterable[Place],
    looked_after: Mapping[UUID, Collection[UUID]],
    begins: datetime,
    ends: datetime,
) -> list[DutyGap]:
    """All gaps from ``begins`` until ``ends``, the earliest first; buildings without anybody at the same time together.

    ``looked_after`` are the areas of each responder who counts (none: everything). Where nothing is planned there is
    no gap.
    """
    if not roster.shifts:
        return []
    on_duty = {who: times for who, times in manned(roster, begins, ends).items() if who in looked_after}
    by_area = _by_area({who: looked_after[who] for who in on_duty})
    lacking: defaultdict[str, list[Span]] = defaultdict(list)
    known: dict[frozenset[UUID], list[Span]] = {}
    able: frozenset[UUID]
    for place in places:
        able = frozenset().union(*(by_area.get(each, ()) for each in (None, *place.area_ids)))
        if able not in known:
            known[able] = list(_left([each for who in able for each in on_duty[who]], begins, ends))
        lacking[place.building] += known[able]
    together: defaultdict[Span, set[str]] = defaultdict(set)
    for building, spans in lacking.items():
        for each in _joined(spans):
            together[each].add(building)
    return [DutyGap(*each, tuple(sorted(names, key=_natural))) for each, names in sorted(together.items())]


def _by_area(looked_after: Mapping[UUID, Collection[UUID]]) -> Mapping[UUID | None, Collection[UUID]]:
    """Who looks after each area, and, under None, after everything."""
    found: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    for who, areas in looked_after.items():
        for each in areas or (None,):
            found[each].append(who)
    return found


def _left(spans: Sequence[Span], begins: datetime, ends: datetime) -> Iterator[Span]:
    """What the spans leave free of the whole."""
    for first, last in _joined(spans):
        if first > begins:
            yield begins, first
        begins = max(begins, last)
    if begins < ends:
        yield begins, ends


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as may be, in order."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _natural(building: str) -> tuple[bool, int, str]:
    return (not building.isdigit(), int(building) if building.isdigit() else 0, building)
