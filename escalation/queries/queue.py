"""Every SELECT of the office's queue of cases: the ones that are asked for, a page of them at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, text
from sqlalchemy.orm import Session

from contacts import queries as contacts
from core.actors import Actor
from core.running.events import OF_CASES, Event
from escalation.models import Case, CaseKind


class Show(StrEnum):
    """``open``: nobody has closed them; ``mine``: of those, which the visitor has had a hand in; ``closed``: lately."""

    OPEN = "open"
    MINE = "mine"
    CLOSED = "closed"


@dataclass(frozen=True)
class Wanted:
    """Which cases of a community are asked for; ``closed_since`` is for those that are closed."""

    community_id: UUID
    show: Show
    actor: Actor
    closed_since: datetime
    kind: CaseKind | None = None
    building_id: UUID | None = None


def queue(session: Session, wanted: Wanted, first: int, limit: int) -> Sequence[Case]:
    """From the ``first`` on (0 is the first), the most urgent first, then the oldest; closed ones the latest first.

    One more than ``limit``, where there are more. What was merged into another case stands with that one.
    """
    theirs = select(Case).where(Case.community_id == wanted.community_id, Case.merged_into_id.is_(None))
    found = _asked_for(theirs, wanted)
    if wanted.show is Show.CLOSED:
        found = found.order_by(Case.closed_at.desc(), Case.id)
    else:
        found = found.order_by(Case.urgency, Case.opened_at, Case.id)
    return session.scalars(found.offset(first).limit(limit + 1)).all()


def _asked_for(found: Select[Case], wanted: Wanted) -> Select[Case]:
    if wanted.show is Show.CLOSED:
        found = found.where(Case.closed_at.is_not(None), Case.closed_at >= wanted.closed_since)
    else:
        found = found.where(Case.is_unclosed)
    if wanted.show is Show.MINE:
        found = found.where(_touched_by(wanted.actor))
    if wanted.kind is not None:
        found = found.where(Case.kind == wanted.kind)
    if wanted.building_id is not None:
        found = found.where(Case.resident_id.in_(contacts.residents_within([wanted.building_id])))
    return found


def _touched_by(actor: Actor) -> ColumnElement[bool]:
    """The actor has taken it for somebody, written on it, or done anything else about it."""
    by = Event.actor_id == actor.id if actor.id else (Event.actor_id.is_(None) & _called(actor.name))
    return exists().where(Event.subject_id == Case.id, text(OF_CASES), Event.actor_kind == actor.kind, by)


def _called(name: str) -> ColumnElement[bool]:
    """Of those without a row the log knows the name, and of the visitor of a demo not even that."""
    return Event.actor_name == name if name else Event.actor_name.is_(None)
