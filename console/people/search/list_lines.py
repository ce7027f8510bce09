"""Who is on the list of residents: whom somebody looks for, narrowed by what is chosen, along the street, by pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from console.people.search.sought import Sought, is_at, is_called, lives_there
from console.view.house_fronts import Spot
from console.view.roster import Areas, along_the_street
from contacts import ages
from contacts.models import Community, LeftOut, Pause
from contacts.queries import campaign_audience, people_lists
from contacts.queries import homes as queries_homes
from contacts.queries.people_lists import ListedPerson, ListedPhone
from core import clock

A_PAGE = 50


class Standing(StrEnum):
    """How somebody stands with us today, in as few words as a list has room for."""

    RUNG = "rung"
    PAUSED = "paused"
    NO_NUMBER = "no_number"
    NOT_AGREED = "not_agreed"
    GONE = "gone"


_STANDINGS: Mapping[LeftOut, Standing] = {
    LeftOut.PAUSED: Standing.PAUSED,
    LeftOut.NO_NUMBER: Standing.NO_NUMBER,
    LeftOut.NO_CONSENT: Standing.NOT_AGREED,
    LeftOut.WITHDRAWN: Standing.NOT_AGREED,
}


@dataclass(frozen=True)
class Choice:
    """What the list is narrowed to; empty for everybody who is looked after. ``page`` counts from 1."""

    sought: Sought
    standing: str = ""
    flag: str = ""
    building: str = ""
    language: str = ""
    page: int = 1


class Found(NamedTuple):
    """Somebody on the list, with where they live."""

    person: ListedPerson
    spot: Spot
    standing: Standing


@dataclass(frozen=True)
class Line:
    """One line of the page; ``age`` is what they are or become this year, None where nobody knows."""

    person: ListedPerson
    spot: Spot
    standing: Standing
    age: int | None
    phones: Sequence[ListedPhone]
    flags: Sequence[str]
    pause: Pause | None


@dataclass(frozen=True)
class Listing:
    """One page of whoever was found. ``counts`` are those of the whole community, whatever was looked for."""

    lines: Sequence[Line]
    found: int
    first: int
    page: int
    pages: int
    counts: Mapping[Standing, int]
    buildings: Sequence[str]
    flags: Sequence[str]

    @property
    def looked_after(self) -> int:
        """Everybody but who was removed."""
        return sum(count for standing, count in self.counts.items() if standing is not Standing.GONE)


def listing(session: Session, community: Community, choice: Choice) -> Listing:
    """The page that was chosen; as many statements however many live here."""
    today = clock.now().astimezone(ZoneInfo(community.timezone)).date()
    everybody = _everybody(session, community, today)
    chosen = _in_order(session, community, everybody, choice)
    pages = max(1, -(-len(chosen) // A_PAGE))
    page = min(max(1, choice.page), pages)
    first = (page - 1) * A_PAGE
    return Listing(
        lines=_lines(session, chosen[first : first + A_PAGE], today),
        found=len(chosen),
        first=first + 1,
        page=page,
        pages=pages,
        counts=Counter(each.standing for each in everybody),
        buildings=_buildings(everybody),
        flags=sorted(campaign_audience.carried_flags(session, community.id)),
    )


def found_ids(session: Session, community: Community, choice: Choice) -> list[UUID]:
    """Whoever is found, on all pages, along the street."""
    today = clock.now().astimezone(ZoneInfo(community.timezone)).date()
    found = _in_order(session, community, _everybody(session, community, today), choice)
    return [each.person.resident_id for each in found]


def _in_order(session: Session, community: Community, everybody: Sequence[Found], choice: Choice) -> list[Found]:
    chosen = _chosen(session, community, everybody, choice)
    return sorted(chosen, key=lambda each: along_the_street(each.spot, each.person.name))


def _everybody(session: Session, community: Community, today: date) -> list[Found]:
    areas = Areas(queries_homes.places(session, community.id))
    left_out = campaign_audience.left_out(session, community.id, today)
    return [Found(each, _spot(each, areas), _standing(each, left_out))
            for each in people_lists.everybody(session, community.id)]  # fmt: skip


def _spot(person: ListedPerson, areas: Areas) -> Spot:
    here = areas.around(person.area_id)
    return Spot(here.building, here.unit, person.room)


def _standing(person: ListedPerson, left_out: Mapping[UUID, LeftOut]) -> Standing:
    if person.is_gone:
        return Standing.GONE
    why = left_out.get(person.resident_id)
    return Standing.RUNG if why is None else _STANDINGS[why]


def _chosen(session: Session, community: Community, everybody: Sequence[Found], choice: Choice) -> list[Found]:
    """The cheap conditions first; names are compared last, and telephones read only where digits were typed."""
    carriers = people_lists.flagged_with(session, community.id, choice.flag) if choice.flag else frozenset()
    numbers = people_lists.numbers(session, community.id) if choice.sought.digits else {}
    return [
        each
        for each in everybody
        if _stands_so(each, choice.standing)
        and (not choice.building or each.spot.building == choice.building)
        and (not choice.language or each.person.language == choice.language)
        and (not choice.flag or each.person.resident_id in carriers)
        and lives_there(choice.sought, each.spot)
        and is_at(choice.sought, each.spot.room, numbers.get(each.person.resident_id, ()))
        and is_called(choice.sought, (each.person.name, each.person.called), each.person.reading)
    ]


def _stands_so(found: Found, standing: str) -> bool:
    return found.standing == standing if standing else found.standing is not Standing.GONE


def _lines(session: Session, found: Sequence[Found], today: date) -> list[Line]:
    ids = [each.person.resident_id for each in found]
    phones, flags = people_lists.phones_of(session, ids), people_lists.flags_of(session, ids)
    pauses = people_lists.pauses_now(session, ids, today)
    return [
        Line(each.person, each.spot, each.standing, ages.age(each.person.birth_year, today.year),
             phones.get(resident_id, ()), flags.get(resident_id, ()), pauses.get(resident_id))
        for each, resident_id in zip(found, ids, strict=True)
    ]  # fmt: skip


def _buildings(everybody: Sequence[Found]) -> list[str]:
    first = {each.spot.building: each.spot for each in everybody if each.spot.building}
    ordered = sorted(first.values(), key=lambda spot: along_the_street(Spot(spot.building, "", ""), ""))
    return [spot.building for spot in ordered]
