"""The time line of a case: what happened to it, when, and whose doing it was, from the event log.

The log tells people by their ids; their names are those by which they are known now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.queries import names
from core.actors import Actor, ActorKind
from core.i18n import Language, translate
from core.identity import queries as identity
from core.running import events
from core.running.events import Event

TOLD = {
    "case.opened": "opened the case: {fact}",
    "case.renamed": "learnt better what it is: {fact}",
    "case.worsened": "made it more urgent: {fact}",
    "case.reopened": "asked for somebody again: {fact}",
    "case.needs": "needs something: {fact}",
    "case.text_tied": "wrote a text about it",
    "case.accepted": "took the case",
    "case.given": "gave the case to {responder}",
    "case.on_site": "said that a helper is at the door",
    "case.closed": "closed the case: {fact}",
    "case.returned": "gave it back to the helpers: nobody had closed it in time",
    "case.handed_back": "gave it back to the helpers: {responder} is none of them any more",
    "case.connecting": "asked to be connected with the resident",
    "case.relative_not_told": "could not tell a relative by text",
    "case.family_not_told": "could not tell anybody of the family",
    "case.truth_told": "rang back and said that nobody has come yet",
    "case.truth_answered": "answered when they were rung back",
    "case.truth_unheard": "rang back, and nobody answered",
    "case.recording_deleted": "deleted the recording: its time was over",
    "page.asked": "rang {responder}",
    "page.declined": "cannot come",
    "page.unanswered": "had no answer from {responder}",
    "page.not_rung": "did not ring {responder} after all",
    "page.withdrawn": "did not need {responder} any more",
}
"""What is told of each kind of event; that a page was accepted is told by its case."""
UNTOLD = frozenset({"page.accepted"})
GIVEN = "case.given"
_FACTS = {
    "case.opened": ("kind", "case:"),
    "case.renamed": ("kind", "case:"),
    "case.worsened": ("kind", "case:"),
    "case.reopened": ("kind", "case:"),
    "case.needs": ("need", "need:"),
    "case.closed": ("finding", "finding:"),
}
"""Which fact completes the words, and by which prefix the catalogue knows it."""


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a case at ``at``. ``name`` is the actor's, empty where nobody knows it; ``word`` is
    a key of the catalogue with the gaps ``{responder}`` and ``{fact}``, itself a key."""

    at: datetime
    event: str
    actor: Actor
    name: str
    word: str
    responder: str = ""
    fact: str = ""

    def who(self, language: Language) -> str:
        """Whose doing it was, for a person to read."""
        return self.name or translate(language, f"actor:{self.actor.kind}")

    def what(self, language: Language) -> str:
        """What they did, as what follows their name."""
        fact = translate(language, self.fact) if self.fact else ""
        return translate(language, self.word, responder=self.responder or translate(language, "actor:responder"),
                         fact=fact)  # fmt: skip


def of_case(session: Session, case_id: UUID) -> list[Moment]:
    """The time line of one case, oldest first; two statements, and two more where users or programs did something."""
    happened = [event for event in events.of_cases(session, [case_id]) if event.kind in TOLD]
    people = {event.actor_id for event in happened} | {_responder(event) for event in happened}
    known = names.called(session, [each for each in people if each]) | _staff(session, happened)
    return [_moment(event, known) for event in happened]


def _staff(session: Session, happened: Sequence[Event]) -> dict[UUID, str]:
    """Of users and programs, who are in nobody's file, the names."""
    ids = {event.actor_id for event in happened if event.actor_kind in (ActorKind.USER, ActorKind.API)}
    wanted = [each for each in ids if each]
    return identity.called(session, wanted) | identity.tokens_called(session, wanted) if wanted else {}


def _moment(event: Event, known: Mapping[UUID, str]) -> Moment:
    actor, responder_id = event.actor, _responder(event)
    fact, prefix = _FACTS.get(event.kind, ("", ""))
    said = event.facts.get(fact)
    given = event.kind == "case.accepted" and actor.kind is not ActorKind.RESPONDER and responder_id
    return Moment(
        event.at,
        event.kind,
        actor,
        (known.get(actor.id, "") if actor.id else "" if actor.kind is ActorKind.SYSTEM else actor.name),
        TOLD[GIVEN if given else event.kind],
        known.get(responder_id, "") if responder_id else "",
        f"{prefix}{said}" if said else "",
    )


def _responder(event: Event) -> UUID | None:
    written = event.facts.get("responder")
    return UUID(written) if written else None
