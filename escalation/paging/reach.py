"""Reach: for whom there is nobody whose telephone could be rung, found before anything has happened.

A responder counts who has one of the policy's roles, looks after the home's area, and whose number the provider has not
just refused and is neither the resident's own nor one of our lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import AreaKind, Role
from contacts.places import spoken_building
from contacts.queries import campaign_audience as audience
from contacts.queries import homes as queries_homes
from contacts.queries.homes import Place
from core import clock
from core.i18n import Language, translate
from escalation.models import ABOUT_MANY, CaseKind
from escalation.paging import looks
from escalation.policies import Table, kinds_of
from escalation.policy_lookup import policies_of
from ivr import queries as telephone

ABOUT_NOBODY = frozenset({CaseKind.MESSAGE}) | ABOUT_MANY
"""Kinds of cases that need not be about one resident: anybody of the role in the community will do."""
MOST_PLACES = 5


@dataclass(frozen=True)
class Helper:
    """A telephone that can be rung; no ``area_ids``: the whole community."""

    role: Role
    area_ids: frozenset[UUID]
    number: str


@dataclass(frozen=True)
class Homes:
    """The residents of one area: how many, the ``area_ids`` that contain it (itself first), and its building.

    ``own`` are, by resident, those numbers of theirs that are a helper's as well.
    """

    area_ids: tuple[UUID, ...]
    residents: int
    building: str
    own: Mapping[UUID, frozenset[str]]


@dataclass(frozen=True)
class Gap:
    """Nobody can be rung about these ``kinds`` of cases of so many ``residents``; 0: wherever it comes from."""

    kinds: tuple[CaseKind, ...]
    residents: int
    buildings: tuple[str, ...] = ()


def gaps_of(
    session: Session, community_id: UUID, meant: ColumnElement[bool] | None = None, campaign_id: UUID | None = None
) -> list[Gap]:
    """For whom of a campaign's audience (None: of everybody who has agreed) nobody could be rung; none is as it should
    be. At most nine statements, whatever the number of residents."""
    homes, helpers = homes_and_helpers(session, community_id, meant)
    return gaps(homes, helpers, policies_of(session).table(community_id, campaign_id))


def homes_and_helpers(
    session: Session, community_id: UUID, meant: ColumnElement[bool] | None = None
) -> tuple[Sequence[Homes], Sequence[Helper]]:
    """Where those who are meant live (None: everybody who has agreed), and whose telephones could be rung."""
    found = contacts.all_responders(session, community_id)
    numbers = [number for each in found for number in each.numbers]
    dumb = contacts.refused_since(session, numbers, clock.now() - looks.REFUSAL_REMEMBERED)
    dumb |= {line.number for line in telephone.all_lines(session)}
    helpers = [Helper(each.role, each.area_ids, number)
               for each in found for number in each.numbers if number not in dumb]  # fmt: skip
    return _homes(session, community_id, true() if meant is None else meant, numbers), helpers


def gaps(homes: Sequence[Homes], helpers: Sequence[Helper], policies: Table) -> list[Gap]:
    """What no helper covers by these policies, the most residents first; nobody lives anywhere: nothing."""
    if not homes:
        return []
    by_roles: dict[frozenset[Role], list[CaseKind]] = {}
    for kind in kinds_of(policies, lambda policy: policy.rings):
        by_roles.setdefault(policies[kind].roles, []).append(kind)
    found: dict[tuple[int, tuple[str, ...]], list[CaseKind]] = {}
    for roles, kinds in by_roles.items():
        able = [helper for helper in helpers if helper.role in roles]
        anywhere = [kind for kind in kinds if kind in ABOUT_NOBODY and not able]
        somewhere = [kind for kind in kinds if kind not in ABOUT_NOBODY]
        uncovered = _uncovered(homes, able)
        if somewhere and uncovered[0]:
            found.setdefault(uncovered, []).extend(somewhere)
        if anywhere:
            found.setdefault((0, ()), []).extend(anywhere)
    return sorted((Gap(tuple(kinds), *where) for where, kinds in found.items()), key=lambda gap: -gap.residents)


def describe(gap: Gap, language: Language) -> str:
    """One sentence about a gap."""
    shown = [spoken_building(language, each) for each in gap.buildings[:MOST_PLACES]]
    shown += ["…"] if len(gap.buildings) > MOST_PLACES else []
    kinds = [translate(language, f"when:{kind}") for kind in gap.kinds]
    gaps_ = {"residents": gap.residents, "places": shown or "-", "kinds": kinds}
    if gap.residents == 0:
        return translate(language, "No telephone can be rung when {kinds}.", kinds=kinds)
    if CaseKind.UNWELL in gap.kinds:
        return translate(language, WHATEVER, **gaps_)
    return translate(language, "No helper can be rung for {residents} residents ({places}) when {kinds}.", **gaps_)


WHATEVER = "Whatever happens to {residents} residents ({places}), there is no helper whose telephone can be rung."
WAY_OUT = (
    "Register somebody who looks after them, with a telephone of their own: `zaoan import FILE --kind responders`."
)


def _uncovered(homes: Sequence[Homes], helpers: Sequence[Helper]) -> tuple[int, tuple[str, ...]]:
    count, buildings = 0, dict[str, None]()
    by_area: dict[UUID | None, set[str]] = {}
    for helper in helpers:
        for area_id in helper.area_ids or (None,):
            by_area.setdefault(area_id, set()).add(helper.number)
    for each in homes:
        able = set[str]().union(*(by_area.get(area_id, ()) for area_id in (None, *each.area_ids)))
        alone = sum(able <= own for own in each.own.values()) if able else each.residents
        if alone:
            count += alone
            buildings[each.building] = None
    return count, tuple(name for name in sorted(buildings, key=_natural) if name)


def _natural(building: str) -> tuple[bool, int, str]:
    return (not building.isdigit(), int(building) if building.isdigit() else 0, building)


def _homes(session: Session, community_id: UUID, meant: ColumnElement[bool], numbers: Sequence[str]) -> list[Homes]:
    tree = queries_homes.places(session, community_id)
    counted = audience.by_area(session, community_id, meant)
    own: dict[UUID, dict[UUID, frozenset[str]]] = {}
    for area_id, resident_id, number in audience.numbers_at_homes(session, community_id, meant, numbers):
        theirs = own.setdefault(area_id, {})
        theirs[resident_id] = theirs.get(resident_id, frozenset()) | {number}
    return [
        Homes(around, residents, _building(around, tree), own.get(area_id, {}))
        for area_id, residents in counted.items()
        for around in [_around(area_id, tree)]
    ]


def _around(area_id: UUID, tree: Mapping[UUID, Place]) -> tuple[UUID, ...]:
    found = [area_id]
    while parent_id := tree[found[-1]].parent_id:
        found.append(parent_id)
    return tuple(found)


def _building(around: Sequence[UUID], tree: Mapping[UUID, Place]) -> str:
    return next((tree[each].name for each in around if tree[each].kind == AreaKind.BUILDING), "")
