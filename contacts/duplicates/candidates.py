"""Candidates: pairs of residents who may be one person. They are offered to staff, and nothing is done with them.

Couples share a telephone and namesakes live in every community, so neither alone makes a pair: whoever has a telephone
in common is offered where their names are alike or their homes differ, and namesakes where they live in one building.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries
from contacts.models import Resident
from contacts.profiles import chain, named
from contacts.queries import duplicates
from contacts.queries.duplicates import Housed


class Likeness(StrEnum):
    """What two residents have in common."""

    TELEPHONE = "telephone"
    NAME = "name"
    BUILDING = "building"
    HOME = "home"


@dataclass(frozen=True)
class Pair:
    """Two residents, the one enrolled first in front, and what they have in common."""

    first: Resident
    second: Resident
    likeness: tuple[Likeness, ...]


class Alike(NamedTuple):
    """The same by their ids."""

    first_id: UUID
    second_id: UUID
    likeness: tuple[Likeness, ...]


def alike(session: Session, community_id: UUID) -> list[Alike]:
    """Everybody of a community who may have been written down twice, the likeliest first; a few statements.

    Those of whom staff have said that they are two people (``telling_apart``) are not among them.
    """
    with_one_telephone = set(duplicates.with_one_telephone(session, community_id))
    ids = set(with_one_telephone)
    for namesakes in duplicates.namesakes(session, community_id):
        ids |= set(combinations(namesakes, 2))
    ids -= duplicates.told_apart(session, community_id)
    if not ids:
        return []
    people = duplicates.housed(session, sorted({each for pair in ids for each in pair}))
    buildings = _buildings(session, community_id)
    found = (Alike(*pair, _likeness(people[pair[0]], people[pair[1]], buildings, pair in with_one_telephone))
             for pair in ids)  # fmt: skip
    return sorted((each for each in found if is_offered(each.likeness)), key=lambda each: (-len(each.likeness), *each))


def candidates(session: Session, community_id: UUID) -> list[Pair]:
    """The same with all that is written down about their homes and telephones."""
    return in_full(session, alike(session, community_id))


def in_full(session: Session, found: Sequence[Alike]) -> list[Pair]:
    """These pairs with their residents, homes and telephones."""
    people = duplicates.residents_at_home(session, sorted({one for each in found for one in each[:2]}))
    return [Pair(people[each.first_id], people[each.second_id], each.likeness) for each in found]


def _buildings(session: Session, community_id: UUID) -> dict[UUID, str]:
    """By area, the building that it is or is in; empty where there is none."""
    tree = queries.areas(session, community_id)
    return {area_id: named(chain(area_id, tree))[0] for area_id in tree}


def _likeness(
    first: Housed, second: Housed, buildings: Mapping[UUID, str], has_one_telephone: bool
) -> tuple[Likeness, ...]:
    here, there = buildings[first.area_id], buildings[second.area_id]
    holds = {
        Likeness.TELEPHONE: has_one_telephone,
        Likeness.NAME: first.name == second.name,
        Likeness.BUILDING: bool(here) and here == there,
        Likeness.HOME: first.household_id == second.household_id,
    }
    return tuple(each for each in Likeness if holds[each])


def is_offered(found: Sequence[Likeness]) -> bool:
    """Whether what two residents have in common is more than couples and namesakes have."""
    common = set(found)
    if Likeness.TELEPHONE in common:
        return Likeness.NAME in common or Likeness.HOME not in common
    return {Likeness.NAME, Likeness.BUILDING} <= common
