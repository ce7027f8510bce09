"""Telephone numbers that the provider refuses to ring: whose they are, and why, for the office to correct."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from console.view.house_fronts import Spot
from console.view.roster import Roster
from contacts.queries.numbers import NumberToCorrect

_REASONS = {
    "invalid": (13223, 13224, 21211, 21217),
    "country": (13226, 13227, 21215),
    "blocked": (13225, 21216),
    "unreachable": (21214,),
    "not_in_service": (1, 22, 28, 404, 410, 484, 604),
}
"""What the codes of a provider (``ivr.provider.twilio.errors``) or of the network come to for who keeps the list."""
OTHER = "other"


@dataclass(frozen=True)
class NumberLine:
    """One number (E.164); ``spot`` is the resident's home, ``role`` what a responder is, the other one empty.

    ``recording_id`` is what the network said when it was rung last.
    """

    number: str
    name: str
    spot: Spot | None
    role: str
    reason: str
    recording_id: UUID | None = None


def reason(code: int) -> str:
    """Why a number is refused, as a word of the catalogue (``number:…``)."""
    return next((word for word, codes in _REASONS.items() if code in codes), OTHER)


def number_lines(refused: Sequence[NumberToCorrect], roster: Roster, announced: Mapping[str, UUID]) -> list[NumberLine]:
    """The numbers in their order; ``announced`` are recordings by number."""
    return [
        NumberLine(
            number=each.number,
            name=each.name,
            spot=roster.people[each.resident_id].spot if each.resident_id else None,
            role=roster.helpers[each.responder_id].role if each.responder_id else "",
            reason=reason(each.code),
            recording_id=announced.get(each.number),
        )
        for each in refused
    ]
