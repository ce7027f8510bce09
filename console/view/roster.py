"""Who lives where, and who can help: the part of a page that hardly ever changes, kept for all pages of the process."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from console.view.house_fronts import Spot, natural
from contacts import queries as contacts
from contacts.models import AreaKind, Responder
from contacts.places import spoken_place
from contacts.queries import homes as queries_homes
from contacts.queries.homes import AtHome, Directory, Place
from escalation.paging import reach
from escalation.paging.reach import Gap
from ivr import queries as telephone

KEPT_SECONDS = 20.0
"""Real seconds after which the roster is read again although no page was opened anew."""
DANGERS_KEPT_SECONDS = 5.0
"""The same for whom no helper could be rung about: that may change by a single number that the provider refuses."""


class Person(NamedTuple):
    """A resident as pages name them; ``building_id`` is the area of their house, None where it is not known.

    ``around`` are the areas in which their home lies, nearest first; ``rank`` is its place along the street.
    """

    resident_id: UUID
    name: str
    called: str
    spot: Spot
    building_id: UUID | None
    around: tuple[UUID, ...]
    numbers: Sequence[str]
    access_notes: str
    rank: int = 0


@dataclass(frozen=True)
class Helper:
    """A responder, who looks after ``area_ids`` (none: everything) and can be chosen to take a case while they
    ``help``; whoever was removed is still named where they were asked. ``abilities`` are keys of the catalogue: what
    they speak beside the language of our calls, and what they can do."""

    responder_id: UUID
    name: str
    role: str
    numbers: tuple[str, ...]
    area_ids: frozenset[UUID]
    helps: bool = True
    abilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """Everybody, by id, along the street; ``dangers`` are those whom no helper could be rung about.

    ``at_home`` are, by resident, numbers of helpers that are theirs or of who lives with them; ``source`` is what the
    people were made of.
    """

    people: Mapping[UUID, Person]
    helpers: Mapping[UUID, Helper]
    at_home: Mapping[UUID, frozenset[str]]
    our_numbers: frozenset[str]
    dangers: Sequence[Gap]
    source: tuple[Directory, Mapping[UUID, Place]]


@dataclass(frozen=True)
class _Kept:
    """A roster, and until when it and its dangers are good, in real seconds."""

    community_id: UUID
    roster: Roster
    until: float
    dangers_until: float


class Rosters:
    """The roster of a community, read again when it is old, when a page is opened anew, or for somebody not in it."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._kept: _Kept | None = None

    def of(self, session: Session, community_id: UUID, named: Collection[UUID], *, anew: bool) -> Roster:
        """The roster, in which everybody who is ``named`` is; a few statements or none, however many live here."""
        with self._turn:
            now, kept = monotonic(), self._kept
            if kept and kept.community_id != community_id:
                kept = None
            if anew or kept is None or kept.until < now or not all(map(kept.roster.people.__contains__, named)):
                before = kept.roster if kept else None
                kept = _Kept(community_id, read(session, community_id, before), now + KEPT_SECONDS, 0.0 if anew or not
                             kept else kept.dangers_until)  # fmt: skip
            if kept.dangers_until < now:
                roster = replace(kept.roster, dangers=reach.gaps_of(session, community_id))
                kept = replace(kept, roster=roster, dangers_until=now + DANGERS_KEPT_SECONDS)
            self._kept = kept
            return kept.roster

    def forget(self) -> None:
        """Another database is in use."""
        self._kept = None


def read(session: Session, community_id: UUID, before: Roster | None = None) -> Roster:
    """The roster as it stands, with the dangers of ``before``; of people who are the same nothing is made again."""
    source = queries_homes.directory(session, community_id), queries_homes.places(session, community_id)
    people = before.people if before and before.source == source else people_of(*source)
    everybody = [*contacts.all_responders(session, community_id), *contacts.removed_responders(session, community_id)]
    helpers = {each.id: Helper(each.id, each.name, each.role, each.numbers, each.area_ids, each.removed_at is None,
                               _abilities(each))
               for each in everybody}  # fmt: skip
    at_home, ours = queries_homes.helpers_at_home(session, community_id), telephone.our_numbers(session)
    return Roster(people, helpers, at_home, ours, before.dangers if before else (), source)


def people_of(directory: Directory, places: Mapping[UUID, Place]) -> dict[UUID, Person]:
    """Everybody of the directory, along the street."""
    areas = Areas(places)
    people = [_person(each, areas, directory.numbers.get(each.resident_id, ())) for each in directory.people]
    people.sort(key=lambda each: along_the_street(each.spot, each.name))
    return {each.resident_id: each._replace(rank=rank) for rank, each in enumerate(people)}


def _person(home: AtHome, areas: "Areas", numbers: Sequence[str]) -> Person:
    here = areas.around(home.area_id)
    return Person(home.resident_id, home.name, home.called, Spot(here.building, here.unit, home.room),
                  here.building_id, here.area_ids, numbers, home.access_notes)  # fmt: skip


@dataclass(frozen=True)
class Here:
    """What lies around a home."""

    building: str
    unit: str
    building_id: UUID | None
    area_ids: tuple[UUID, ...]


class Areas:
    """Which house and staircase an area lies in, looked up once for each."""

    def __init__(self, places: Mapping[UUID, Place]) -> None:
        self._places = places
        self._known: dict[UUID, Here] = {}

    def around(self, area_id: UUID) -> Here:
        """What lies around whoever lives in this area."""
        if area_id not in self._known:
            self._known[area_id] = self._look(area_id)
        return self._known[area_id]

    def _look(self, area_id: UUID) -> Here:
        ids = [area_id]
        while parent_id := self._places[ids[-1]].parent_id:
            ids.append(parent_id)
        by_kind = {self._places[each].kind: each for each in ids}
        names = {kind: self._places[each].name for kind, each in by_kind.items()}
        return Here(names.get(AreaKind.BUILDING, ""), names.get(AreaKind.UNIT, ""), by_kind.get(AreaKind.BUILDING),
                     tuple(ids))  # fmt: skip


def along_the_street(spot: Spot, name: str) -> tuple[object, ...]:
    """A key that puts people in the order of their doors; whose house is not known comes last."""
    return not spot.building, _natural(spot.building), _natural(spot.unit), _natural(spot.room), name


@lru_cache(maxsize=50_000)
def place_in(language: str, spot: Spot) -> str:
    """A home as it is spoken of in this language."""
    return spoken_place(language, spot.building, spot.unit, spot.room)


_natural = lru_cache(maxsize=10_000)(natural)


def _abilities(responder: Responder) -> tuple[str, ...]:
    return (*(f"speaks:{each}" for each in responder.languages), *(f"skill:{each}" for each in responder.skills))
