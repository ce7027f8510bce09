"""The history of a resident's file and of a home's, newest first, also of what was moved, divided or made one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.history.moments import Moment, moments
from contacts.models import Resident
from contacts.queries import duplicates
from core.running import events
from core.running.events import Event

MOVED = "resident.moved"
CONTINUED = frozenset({"household.moved", "household.split", "household.merged"})


@dataclass(frozen=True)
class _Stay:
    """A home in which somebody lived, between two events; None: from their enrolment, and until today."""

    household_id: UUID
    after: int | None
    until: int | None

    def covers(self, event: Event) -> bool:
        return (self.after is None or event.id > self.after) and (self.until is None or event.id <= self.until)


def of_resident(session: Session, resident: Resident) -> list[Moment]:
    """Everything that was changed of a resident's file, of those who are one with them, and of their homes while they
    lived there."""
    own = events.of_files(session, [resident.id, *duplicates.merged_into(session, resident.id)])
    stays = _stays(resident, [event for event in own if event.kind == MOVED and event.subject_id == resident.id])
    of_homes = events.of_files(session, [each.household_id for each in stays])
    theirs = [event for event in of_homes
              if any(each.household_id == event.subject_id and each.covers(event) for each in stays)]  # fmt: skip
    return _newest_first(session, [*own, *theirs])


def of_household(session: Session, household_id: UUID) -> list[Moment]:
    """Everything that was changed of a home, and of those whose people came from there as a household."""
    found: dict[int, Event] = {}
    _follow(session, household_id, None, found, {household_id})
    return _newest_first(session, found.values())


def _follow(session: Session, household_id: UUID, until: int | None, found: dict[int, Event], seen: set[UUID]) -> None:
    """Where a household came from, its history goes on until then."""
    for event in events.of_files(session, [household_id]):
        if until is not None and event.id > until:
            continue
        found[event.id] = event
        before = event.facts.get("from") if event.kind in CONTINUED else None
        if before and UUID(before) not in seen:
            seen.add(UUID(before))
            _follow(session, UUID(before), event.id, found, seen)


def _stays(resident: Resident, moves: Sequence[Event]) -> list[_Stay]:
    """The homes in which somebody has lived, the first one first; what the log does not tell is left out."""
    stays, began = [], None
    for event in moves:
        if left := event.facts.get("before"):
            stays.append(_Stay(UUID(left), began, event.id))
        began = event.id
    return [*stays, _Stay(resident.household_id, began, None)]


def _newest_first(session: Session, found: Iterable[Event]) -> list[Moment]:
    return moments(session, sorted(found, key=lambda event: event.id, reverse=True))
