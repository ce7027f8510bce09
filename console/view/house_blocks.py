"""A large community folded by house: one line for each, with how many are how, and whoever needs a person by name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from console.view.mornings import CheckInLine
from console.view.signs import FROM_WELL, Sign

ELSEWHERE = "elsewhere"
"""The key of the homes that no house is known of."""


@dataclass(frozen=True)
class Block:
    """One house; ``key`` names it in addresses, ``name`` is as in the database, ``needing`` need somebody now."""

    key: str
    name: str
    signs: Sequence[tuple[Sign, int]]
    needing: Sequence[CheckInLine]
    lines: Sequence[CheckInLine]


def blocks(lines: Iterable[CheckInLine]) -> list[Block]:
    """The houses of these lines in the order in which they come; nobody is ever left out."""
    by_house: dict[UUID | None, list[CheckInLine]] = {}
    for line in lines:
        by_house.setdefault(line.person.building_id, []).append(line)
    return [_block(building_id, of_house) for building_id, of_house in by_house.items()]


def counted(lines: Iterable[CheckInLine]) -> list[tuple[Sign, int]]:
    """Which signs are to be seen on how many, the best first."""
    counts = Counter([line.sign for line in lines])
    return [(sign, counts[sign]) for sign in FROM_WELL if counts[sign]]


def _block(building_id: UUID | None, lines: Sequence[CheckInLine]) -> Block:
    key = building_id.hex[-12:] if building_id else ELSEWHERE
    needing = [line for line in lines if line.needs_somebody]
    return Block(key, lines[0].spot.building, counted(lines), needing, lines)
