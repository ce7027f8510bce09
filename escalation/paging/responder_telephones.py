"""Telephones of responders: which of the two that somebody may have is rung next.

The second is rung where nobody answered at the first, never both at once, and in its turn on the ladder. One that is
another responder's own first is rung for that one only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from contacts.queries import ResponderNear


def to_ring(
    near: Sequence[ResponderNear],
    refused: Collection[str] = (),
    last: Mapping[UUID, str] | None = None,
) -> list[ResponderNear]:
    """Everybody with the telephone that is rung now in front, in their order.

    ``refused`` are numbers that the provider does not ring: they come last. ``last`` is where each of those who have
    not answered was rung last.
    """
    owners = _owners(near)
    found = []
    for each in near:
        own = [number for number in each.numbers if owners[number] == each.responder_id] or each.numbers[:1]
        after = (last or {}).get(each.responder_id)
        turn = own.index(after) + 1 if after is not None and after in own else 0
        turns = sorted([*own[turn:], *own[:turn]], key=lambda number: number in refused)
        found.append(replace(each, numbers=(*turns, *(number for number in each.numbers if number not in own))))
    return found


def all_refused(each: ResponderNear, refused: Collection[str]) -> bool:
    """Whether the provider rings none of their telephones."""
    return all(number in refused for number in each.numbers)


def _owners(near: Sequence[ResponderNear]) -> Mapping[str, UUID]:
    """By number, for whom it is rung: whoever's first it is, or else the first who has it."""
    owners = {each.number: each.responder_id for each in reversed(near)}
    for each in near:
        for number in each.numbers[1:]:
            owners.setdefault(number, each.responder_id)
    return owners
