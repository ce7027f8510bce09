"""The gentle remarks on the page of today: who is not as they usually are, and in what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from campaigns.looking.remark_words import RemarkLine
from console.view.house_fronts import Spot
from console.view.roster import Roster


@dataclass(frozen=True)
class RemarkedPerson:
    """Somebody with what was remarked about them, the latest last."""

    resident_id: UUID
    name: str
    spot: Spot | None
    remarks: Sequence[RemarkLine]


def remarked_people(remarked: Mapping[UUID, Sequence[RemarkLine]], roster: Roster) -> list[RemarkedPerson]:
    """Everybody about whom something was remarked, in the order of their doors."""
    known = [(roster.people[each], lines) for each, lines in remarked.items() if each in roster.people]
    ordered = sorted(known, key=lambda each: each[0].rank)
    return [RemarkedPerson(person.resident_id, person.called, person.spot, lines) for person, lines in ordered]
