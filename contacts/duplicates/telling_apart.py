"""Telling apart: two files that look like one person's are two people's, and staff say so once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.duplicates.joining import held_both
from contacts.models import Resident, ResidentsToldApart
from contacts.queries import duplicates
from core import clock
from core.actors import Actor
from core.running import events
from core.running.events import Event

APART, OFFERED_AGAIN = "resident.told_apart", "resident.offered_again"


@dataclass(frozen=True)
class Apart:
    """Two people who look alike; ``said`` is whose word it was, None where the log does not tell it any more."""

    first: Resident
    second: Resident
    at: datetime
    said: Event | None


def tell_apart(session: Session, actor: Actor, one_id: UUID, other_id: UUID) -> tuple[Resident, Resident]:
    """From now on the two are no longer offered as one person; saying it again changes nothing.

    They can be made one file all the same (``joining``), where it turns out to have been wrong. Raises as
    ``held_both`` does.
    """
    held = held_both(session, one_id, other_id)
    first, second = sorted(held, key=lambda each: each.id)
    if session.get(ResidentsToldApart, (first.id, second.id)) is None:
        session.add(ResidentsToldApart(first_id=first.id, second_id=second.id, at=clock.now()))
        events.append(session, actor, APART, first.id, other=str(second.id))
        events.append(session, actor, APART, second.id, other=str(first.id))
    return held


def take_back(session: Session, actor: Actor, one_id: UUID, other_id: UUID) -> tuple[Resident, Resident]:
    """The two may be one person after all, and are offered again; where nobody had said otherwise nothing changes.

    Raises as ``held_both`` does.
    """
    held = held_both(session, one_id, other_id)
    first, second = sorted(held, key=lambda each: each.id)
    said = session.get(ResidentsToldApart, (first.id, second.id))
    if said is not None:
        session.delete(said)
        session.flush()
        events.append(session, actor, OFFERED_AGAIN, first.id, other=str(second.id))
        events.append(session, actor, OFFERED_AGAIN, second.id, other=str(first.id))
    return held


def told_apart(session: Session, community_id: UUID, most: int, offset: int = 0) -> list[Apart]:
    """Some of those of whom it was said, the latest first, with whose word it was."""
    pairs = duplicates.latest_told_apart(session, community_id, most, offset)
    people = duplicates.residents_at_home(session, sorted({one for each in pairs for one in _ids(each)}))
    said = _said(session, [each.first_id for each in pairs])
    return [Apart(people[each.first_id], people[each.second_id], each.at, said.get(_ids(each))) for each in pairs]


def _ids(pair: ResidentsToldApart) -> tuple[UUID, UUID]:
    return pair.first_id, pair.second_id


def _said(session: Session, ids: Sequence[UUID]) -> Mapping[tuple[UUID, UUID], Event]:
    """The last word about each pair, by the lower id and the other."""
    happened = [each for each in events.of_files(session, ids) if each.kind == APART]
    return {(each.subject_id, UUID(str(each.facts["other"]))): each for each in happened if each.subject_id}
