"""Telephone numbers that the provider refuses to ring: whose they are, and why, for the office to correct."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.view.house_fronts import Spot
from console.view.roster import Roster
from contacts.queries.numbers import NumberToCorrect

_REASONS = {
    "invalid": (13223, 13224, 21211, 21217),
    "country": (13226, 13227, 21215),
    "blocked": (13225, 21216),
    "unreachable": (21214,),
}
"""What the provider's codes come to for whoever keeps the list (see ``ivr.provider.twilio_errors``)."""
OTHER = "other"


@dataclass(frozen=True)
class NumberLine:
    """One number (E.164); ``spot`` is the resident's home, ``role`` what a responder is, the other one empty."""

    number: str
    name: str
    spot: Spot | None
    role: str
    reason: str


def reason(code: int) -> str:
    """Why a number is refused, as a word of the catalogue (``number:…``)."""
    return next((word for word, codes in _REASONS.items() if code in codes), OTHER)


def number_lines(refused: Sequence[NumberToCorrect], roster: Roster) -> list[NumberLine]:
    """The numbers in their order."""
    return [
        NumberLine(
            number=each.number,
            name=each.name,
            spot=roster.people[each.resident_id].spot if each.resident_id else None,
            role=roster.helpers[each.responder_id].role if each.responder_id else "",
            reason=reason(each.code),
        )
        for each in refused
    ]
