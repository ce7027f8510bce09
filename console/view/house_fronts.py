"""House fronts: homes laid out as a street sees them, floor upon floor. Plain values only."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

_ROOM = re.compile(r"(?P<floor>\d{1,2})-?(?P<door>\d{2})[A-Z]?")
EVERY_FLOOR_UP_TO = 7
"""In higher houses only the floors on which somebody is asked are shown."""
DOORS_UP_TO = 4
"""Units with more doors on a floor show only the doors behind which somebody is asked."""
ANNEX_DOORS = 6

H = TypeVar("H")


@dataclass(frozen=True)
class Floor(Generic[H]):
    """One floor of one unit from left to right, None where nobody is asked; ``number`` is None for odd room names."""

    number: int | None
    homes: Sequence[H | None]


@dataclass(frozen=True)
class Unit(Generic[H]):
    """One staircase with its floors, the highest first; ``name`` is empty where the house has no units."""

    name: str
    doors: int
    floors: Sequence[Floor[H]]


@dataclass(frozen=True)
class Front(Generic[H]):
    """One house; ``name`` is empty for homes that no building is known of."""

    name: str
    units: Sequence[Unit[H]]

    @property
    def doors(self) -> int:
        """How many windows stand side by side."""
        return sum(unit.doors for unit in self.units)


@dataclass(frozen=True)
class Spot:
    """Where a home is: names as they are in the database."""

    building: str
    unit: str
    room: str


def fronts(homes: Iterable[H], spot: Callable[[H], Spot]) -> list[Front[H]]:
    """The houses of these homes in the order of their numbers; no home is ever left out."""
    sorted_homes = sorted(homes, key=lambda home: _order(spot(home).building))
    return [
        _front(name, list(of_building), spot)
        for name, of_building in groupby(sorted_homes, key=lambda home: spot(home).building)
    ]


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts 2 before 10 and A, whatever a name mixes."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def _front(name: str, homes: Sequence[H], spot: Callable[[H], Spot]) -> Front[H]:
    by_unit = sorted(homes, key=lambda home: _order(spot(home).unit))
    numbers = _floor_numbers([spot(home).room for home in homes])
    units = groupby(by_unit, key=lambda home: spot(home).unit)
    return Front(name, [_unit(unit, list(of_unit), numbers, spot) for unit, of_unit in units])


def _unit(name: str, homes: Sequence[H], numbers: Sequence[int], spot: Callable[[H], Spot]) -> Unit[H]:
    placed = {key: home for home in homes if (key := _floor_and_door(spot(home).room))}
    odd = [home for home in homes if placed.get(_floor_and_door(spot(home).room) or (0, 0)) is not home]
    doors = _doors({door for _, door in placed})
    floors = [Floor(number, [placed.get((number, door)) for door in doors]) for number in numbers if doors]
    width = len(doors) or min(ANNEX_DOORS, len(odd))
    return Unit(name, width, floors + _annex(sorted(odd, key=lambda home: natural(spot(home).room)), width))


def _annex(odd: Sequence[H], width: int) -> list[Floor[H]]:
    """Homes whose room tells no floor, or that share a door with another: rows at the foot of the house."""
    rows = [list(odd[start : start + width]) for start in range(0, len(odd), width or 1)]
    return [Floor(None, [*row, *[None] * (width - len(row))]) for row in rows]


def _floor_numbers(rooms: Sequence[str]) -> Sequence[int]:
    known = {key[0] for room in rooms if (key := _floor_and_door(room))}
    highest = max(known, default=0)
    shown = range(1, highest + 1) if highest <= EVERY_FLOOR_UP_TO else known
    return sorted(set(shown) | known, reverse=True)


def _doors(known: set[int]) -> Sequence[int]:
    highest = max(known, default=0)
    shown = range(1, max(2, highest) + 1) if 0 < highest <= DOORS_UP_TO else known
    return sorted(set(shown) | known)


def _floor_and_door(room: str) -> tuple[int, int] | None:
    found = _ROOM.fullmatch(room)
    return (int(found["floor"]), int(found["door"])) if found else None


def _order(name: str) -> tuple[bool, tuple[tuple[int, int, str], ...]]:
    return (not name, natural(name))
