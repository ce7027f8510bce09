"""Candidates: pairs of residents who may be one person. They are offered to staff, and nothing is done with them.

Couples share a telephone and namesakes live in every community, so neither alone makes a pair: whoever has a telephone
in common is offered where their names are alike or their homes differ, and namesakes where they live in one building.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries
from contacts.models import Area, Resident
from contacts.profiles import address_of
from contacts.queries import duplicates


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


def candidates(session: Session, community_id: UUID) -> list[Pair]:
    """Everybody of a community who may have been written down twice, the likeliest first; a few statements.

    Those of whom staff have said that they are two people (``telling_apart``) are not among them.
    """
    ids = set(duplicates.with_one_telephone(session, community_id))
    for alike in duplicates.namesakes(session, community_id):
        ids |= set(combinations(alike, 2))
    ids -= duplicates.told_apart(session, community_id)
    people = duplicates.residents_at_home(session, sorted({each for pair in ids for each in pair}))
    tree = queries.areas(session, community_id)
    pairs = [Pair(people[one], people[other], likeness(people[one], people[other], tree)) for one, other in ids]
    offered = [each for each in pairs if is_offered(each.likeness)]
    return sorted(offered, key=lambda pair: (-len(pair.likeness), pair.first.id, pair.second.id))


def likeness(first: Resident, second: Resident, tree: Mapping[UUID, Area]) -> tuple[Likeness, ...]:
    """What two residents have in common; ``tree`` holds the areas around their homes."""
    here, there = (address_of(each.household, tree) for each in (first, second))
    numbers = ({phone.number for phone in each.phones} for each in (first, second))
    holds = {
        Likeness.TELEPHONE: bool(set.intersection(*numbers)),
        Likeness.NAME: first.name == second.name,
        Likeness.BUILDING: bool(here.building) and here.building == there.building,
        Likeness.HOME: first.household_id == second.household_id,
    }
    return tuple(each for each in Likeness if holds[each])


def is_offered(found: Sequence[Likeness]) -> bool:
    """Whether what two residents have in common is more than couples and namesakes have."""
    common = set(found)
    if Likeness.TELEPHONE in common:
        return Likeness.NAME in common or Likeness.HOME not in common
    return {Likeness.NAME, Likeness.BUILDING} <= common
