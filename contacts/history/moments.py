"""Moments of a history: what happened, when, and whose doing it was, in words.

The log says what was changed, and not what it was: that is about people, and the log outlives their data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.file_labels import label_of
from contacts.queries import names
from core.actors import Actor, ActorKind
from core.i18n import Language, translate
from core.identity import queries as identity
from core.running.events import Event

TOLD = {
    "resident.enrolled": "enrolled the resident",
    "resident.changed": "changed: {what}",
    "resident.moved": "wrote down another home",
    "resident.paused": "paused the calls: {first_day} to {last_day}",
    "resident.resumed": "ended a pause",
    "resident.removed": "removed the resident: {because}",
    "resident.restored": "took the removal back",
    "resident.stopped_calls": "wished no more calls",
    "resident.merged": "made one file of two",
    "resident.link_given": "gave a relative the link to their page",
    "resident.links_ended": "ended links to the page of relatives",
    "resident.told_apart": "said who is somebody else",
    "resident.offered_again": "took back that it is somebody else",
    "resident.exported": "had all that is kept about the resident written out",
    "resident.erased": "erased all that was known of the resident",
    "consent.given": "recorded a consent",
    "consent.withdrawn": "recorded that the consent is withdrawn",
    "consent.refused": "recorded a refusal",
    "household.created": "wrote down the home",
    "household.changed": "changed the home: {what}",
    "household.moved": "moved the whole household",
    "household.split": "divided the household",
    "household.merged": "made one household of two",
}
"""What is told of each kind of event, behind the name of whose doing it was; other kinds change no file."""


@dataclass(frozen=True)
class Moment:
    """One change of a file; ``number`` grows from each to the next.

    ``subject_id`` is whose file it was, or which home's. ``what`` is which part of it, empty where it was all of it;
    ``name`` is the actor's, empty where nobody knows it.
    """

    number: int
    at: datetime
    event: str
    subject_id: UUID
    what: str
    actor: Actor
    name: str
    facts: Mapping[str, Any]

    def who(self, language: Language) -> str:
        """Whose doing it was, for a person to read."""
        return self.name or translate(language, f"actor:{self.actor.kind}")

    def words(self, language: Language) -> str:
        """What they did, as what follows their name."""
        because = self.facts.get("because")
        return translate(
            language, TOLD[self.event], what=translate(language, label_of(self.what)),
            first_day=self.facts.get("first_day"), last_day=self.facts.get("last_day") or "…",
            because=translate(language, f"reason:{_REASONS.get(str(because), because)}") if because else "",
        )  # fmt: skip


_REASONS = {"other": "removed"}
"""A removal's reason as the catalogue knows it."""


def moments(session: Session, happened: Sequence[Event]) -> list[Moment]:
    """What is told of these events; a statement for each kind of actor."""
    told = [event for event in happened if event.kind in TOLD and event.subject_id]
    known = _names(session, told)
    return [_moment(event, known) for event in told]


def _names(session: Session, told: Sequence[Event]) -> dict[UUID, str]:
    ids = list({event.actor_id for event in told if event.actor_id})
    staff = list({event.actor_id for event in told if event.actor_id and event.actor_kind in _STAFF})
    known = names.called(session, ids)
    return known | identity.called(session, staff) | identity.tokens_called(session, staff) if staff else known


_STAFF = (ActorKind.USER, ActorKind.API)


def _moment(event: Event, known: Mapping[UUID, str]) -> Moment:
    if event.subject_id is None:
        raise ValueError(f"{event.kind} {event.id} happened to nobody")
    actor = event.actor
    name = known.get(actor.id, "") if actor.id else "" if actor.kind is ActorKind.SYSTEM else actor.name
    return Moment(event.id, event.at, event.kind, event.subject_id, str(event.facts.get("what", "")), actor, name,
                  event.facts)  # fmt: skip
