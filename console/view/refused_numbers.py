"""Telephone numbers that the provider refuses to ring: whose they are, and why, for the office to correct."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from console.view.house_fronts import Spot
from console.view.roster import Roster
from contacts.queries.numbers import NumberToCorrect
from ivr.ports.number_faults import NumberFault
from ivr.provider.number_faults import fault_of


@dataclass(frozen=True)
class NumberLine:
    """One number (E.164); ``spot`` is the resident's home, ``role`` what a responder is, the other one empty.

    ``recording_id`` is what the network said when it was rung last.
    """

    number: str
    name: str
    spot: Spot | None
    role: str
    fault: NumberFault
    recording_id: UUID | None = None


def number_lines(refused: Sequence[NumberToCorrect], roster: Roster, announced: Mapping[str, UUID]) -> list[NumberLine]:
    """The numbers in their order; ``announced`` are recordings by number."""
    return [
        NumberLine(
            number=each.number,
            name=each.name,
            spot=roster.people[each.resident_id].spot if each.resident_id else None,
            role=roster.helpers[each.responder_id].role if each.responder_id else "",
            fault=fault_of(each.code),
            recording_id=announced.get(each.number),
        )
        for each in refused
    ]
