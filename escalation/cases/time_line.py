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
from escalation import queries

TOLD = {
    "case.opened": "opened the case: {fact}",
    "case.renamed": "learnt better what it is: {fact}",
    "case.worsened": "made it more urgent: {fact}",
    "case.reopened": "asked for somebody again: {fact}",
    "case.joined": "told us once more: {fact}",
    "case.noted": "wrote a note",
    "case.needs": "needs something: {fact}",
    "case.text_tied": "wrote a text about it",
    "case.accepted": "took the case",
    "case.given": "gave the case to {responder}",
    "case.on_the_way": "said that a helper is on the way",
    "case.on_site": "said that a helper is at the door",
    "case.on_phone": "said that a helper is talking with them on the telephone",
    "case.goes_on": "is still looking after it",
    "case.reminded": "rang {responder} and asked how it goes",
    "case.handing_over": "asked {responder} to take it over",
    "case.handed_over": "handed it over to {responder}",
    "case.not_handed_over": "did not hand it over: {responder} has not taken it",
    "case.given_back": "gave it back to the helpers: {responder} cannot look after it",
    "case.merged": "merged another case into it: {fact}",
    "case.merged_away": "merged it into another case",
    "case.rung_again": "had the resident rung again",
    "case.ring_answered": "had the resident on the telephone",
    "case.ring_unheard": "rang the resident again, and nobody answered",
    "case.closed": "closed the case: {fact}",
    "case.returned": "gave it back to the helpers: nobody had gone on with it in time",
    "case.handed_back": "gave it back to the helpers: {responder} is none of them any more",
    "case.holder_rung": "had {responder} rung, to be connected with the resident",
    "case.connecting": "asked to be connected with the resident",
    "case.relative_not_told": "could not tell a relative by text",
    "case.family_not_told": "could not tell anybody of the family",
    "case.truth_told": "rang back and said that nobody has come yet",
    "case.truth_answered": "answered when they were rung back",
    "case.truth_unheard": "rang back, and nobody answered",
    "case.recording_deleted": "deleted the recording: its time was over",
    "page.asked": "rang {responder}",
    "page.written": "wrote to {responder}",
    "page.declined": "cannot come",
    "page.unanswered": "had no answer from {responder}",
    "page.not_rung": "did not ring {responder} after all",
    "page.withdrawn": "did not need {responder} any more",
}
"""What is told of each kind of event; that a page was accepted is told by its case."""
UNTOLD = frozenset({"page.accepted"})
GIVEN = "case.given"
BY_HAND = "opened the case again"
_FACTS = {
    "case.opened": ("kind", "case:"),
    "case.renamed": ("kind", "case:"),
    "case.worsened": ("kind", "case:"),
    "case.reopened": ("kind", "case:"),
    "case.joined": ("kind", "case:"),
    "case.merged": ("kind", "case:"),
    "case.needs": ("need", "need:"),
    "case.closed": ("finding", "finding:"),
}
"""Which fact completes the words, and by which prefix the catalogue knows it."""


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a case at ``at``. ``name`` is the actor's, empty where nobody knows it; ``word`` is
    a key of the catalogue with the gaps ``{responder}`` and ``{fact}``, itself a key. ``note`` is what they wrote;
    ``of_other`` says that it happened to a case that was merged into this one."""

    at: datetime
    event: str
    actor: Actor
    name: str
    word: str
    responder: str = ""
    fact: str = ""
    note: str = ""
    of_other: bool = False

    def who(self, language: Language) -> str:
        """Whose doing it was, for a person to read."""
        return self.name or translate(language, f"actor:{self.actor.kind}")

    def what(self, language: Language) -> str:
        """What they did, as what follows their name."""
        fact = translate(language, self.fact) if self.fact else ""
        return translate(language, self.word, responder=self.responder or translate(language, "actor:responder"),
                         fact=fact)  # fmt: skip


def of_case(session: Session, case_id: UUID) -> list[Moment]:
    """The time line of one case, and of those that were merged into it, oldest first.

    A constant number of statements; one more where somebody has written notes, two where users or programs did
    something.
    """
    ids = [case_id, *(each.id for each in queries.merged_into(session, case_id))]
    happened = [event for event in events.of_cases(session, ids) if event.kind in TOLD and not _echoes(event, case_id)]
    people = {event.actor_id for event in happened} | {_responder(event) for event in happened}
    known = names.called(session, [each for each in people if each]) | _staff(session, happened)
    written = queries.notes(session, ids) if any(_note(event) for event in happened) else {}
    return [_moment(event, known, written, case_id) for event in happened]


def _echoes(event: Event, case_id: UUID) -> bool:
    """Whether the case that goes on tells the same."""
    return event.kind == "case.merged_away" and event.subject_id != case_id


def _staff(session: Session, happened: Sequence[Event]) -> dict[UUID, str]:
    """Of users and programs, who are in nobody's file, the names."""
    ids = {event.actor_id for event in happened if event.actor_kind in (ActorKind.USER, ActorKind.API)}
    wanted = [each for each in ids if each]
    return identity.called(session, wanted) | identity.tokens_called(session, wanted) if wanted else {}


def _moment(event: Event, known: Mapping[UUID, str], written: Mapping[UUID, str], case_id: UUID) -> Moment:
    actor, responder_id = event.actor, _responder(event)
    fact, prefix = _FACTS.get(event.kind, ("", ""))
    said = event.facts.get(fact)
    note_id = _note(event)
    return Moment(
        event.at,
        event.kind,
        actor,
        (known.get(actor.id, "") if actor.id else "" if actor.kind is ActorKind.SYSTEM else actor.name),
        _word(event),
        known.get(responder_id, "") if responder_id else "",
        f"{prefix}{said}" if said else "",
        written.get(note_id, "") if note_id else "",
        event.subject_id != case_id,
    )


def _word(event: Event) -> str:
    """What was done; the same event has other words where somebody else than usual has done it."""
    if event.kind == "case.accepted" and event.actor.kind is not ActorKind.RESPONDER and _responder(event):
        return TOLD[GIVEN]
    return BY_HAND if event.kind == "case.reopened" and _note(event) else TOLD[event.kind]


def _note(event: Event) -> UUID | None:
    written = event.facts.get("note")
    return UUID(written) if written else None


def _responder(event: Event) -> UUID | None:
    written = event.facts.get("responder")
    return UUID(written) if written else None
