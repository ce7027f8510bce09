"""The plain reading of a rule: of one resident, from plain values, without a database.

It says the same as the SQL in ``campaigns.queries.audiences``; a property test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from campaigns.audiences.rules import (
    Aged,
    AllOf,
    AnyOf,
    Everyone,
    Flagged,
    InRound,
    LivesIn,
    Not,
    OnList,
    Rule,
    Speaks,
)
from contacts.models import Flag

AT_LEAST = {Flag.AGED_80: 80, Flag.AGED_90: 90}
"""What a flag says of somebody's age."""


@dataclass(frozen=True)
class Person:
    """A resident as rules see them: ``area_ids`` are all areas around their home; rounds by how they ended there."""

    flags: frozenset[str]
    language: str
    birth_year: int | None = None
    area_ids: frozenset[UUID] = frozenset()
    lists: frozenset[UUID] = frozenset()
    answered_in: frozenset[UUID] = frozenset()
    silent_in: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Day:
    """When a rule is read: the ``year`` in community time, and the latest round of each campaign."""

    year: int
    latest: Mapping[UUID, UUID] = field(default_factory=dict)


def meets(rule: Rule, person: Person, day: Day) -> bool:
    """Whether the rule means this resident."""
    match rule:
        case Everyone():
            return True
        case Flagged(any_of=flags):
            return not person.flags.isdisjoint(flags)
        case Aged():
            return _is_aged(rule, person, day.year)
        case LivesIn(any_of=areas):
            return not person.area_ids.isdisjoint(areas)
        case Speaks(any_of=languages):
            return person.language in languages
        case OnList(list_id=list_id):
            return list_id in person.lists
        case InRound():
            return _was_in(rule, person, day)
        case AnyOf(of=inner):
            return any(meets(each, person, day) for each in inner)
        case AllOf(of=inner):
            return all(meets(each, person, day) for each in inner)
        case Not(of=one):
            return not meets(one, person, day)


def _is_aged(rule: Aged, person: Person, year: int) -> bool:
    if person.birth_year is not None:
        age = year - person.birth_year
        return (rule.least is None or rule.least <= age) and (rule.most is None or age <= rule.most)
    least = max((AT_LEAST[flag] for flag in AT_LEAST if flag in person.flags), default=-1)
    return rule.most is None and rule.least is not None and least >= rule.least


def _was_in(rule: InRound, person: Person, day: Day) -> bool:
    round_id = rule.round_id or day.latest.get(rule.campaign_id or UUID(int=0))
    return round_id in (person.answered_in if rule.answered else person.silent_in)
