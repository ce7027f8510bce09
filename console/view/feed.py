"""The last happenings: the event log in human words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries as campaigns
from core.running import events
from core.running.events import Event
from escalation import queries as escalation
from escalation.models import ABOUT_MANY, Case, CaseKind

LINES = 12
LOOK_BACK = 150
"""So many events are read to find ``LINES`` that a person wants to hear of."""
NOTHING_SAID = frozenset({"excused", "withdrawn"})
NOBODY_TO_RING = "A round started that has nobody to ring"
_WORDS = {
    "round.started": "The round started",
    "round.late": "late:late",
    "round.postponed": "late:postponed",
    "round.extended": "late:extended",
    "round.not_asked": "late:not_asked",
    "round.stopped": "stopped the round:",
    "round.completed": "The round is complete",
    "notice.started": "A notice is being told",
    "notice.completed": "The notice is over",
    "check_in.decided": "said:",
    "notice.heard": "{called} has heard the notice",
    "check_in.not_answered": "contact:",
    "check_in.heard_again": "heard again:",
    "check_in.call_lost": "The call to {called} was lost by us; they are rung again at once",
    "resident.rang_in": "{called} rang in",
    "resident.texted": "texted:",
    "text.received": "written by:",
    "texts.refused": "Somebody wants no more texts",
    "resident.paused": "{called} is not rung for a while",
    "resident.resumed": "{called} is rung again",
    "resident.removed": "removed:",
    "resident.restored": "{called} is looked after again",
    "consent.withdrawn": "{called} wants no more calls",
    "case.relative_not_told": "A relative of {called} could not be told",
    "case.family_not_told": "The family of {called} could not be told",
    "resident.unverified": "unverified:",
    "responder.pin_refused": "{responder} or somebody else rang in with three wrong PINs",
    "responder.pins_refused": "Five wrong PINs from the telephone of {responder}: none is accepted for an hour",
    "case.opened": "said:",
    "case.worsened": "It has become worse for {called}",
    "case.reopened": "{called} asks for somebody again",
    "case.needs": "needed:",
    "case.accepted": "{responder} takes care of {called}",
    "case.on_the_way": "A helper is on the way to {called}",
    "case.on_site": "A helper is with {called}",
    "case.on_phone": "A helper is talking with {called} on the telephone",
    "case.reminded": "{responder} is asked how it goes with {called}",
    "case.handing_over": "{responder} is asked to take over {called}",
    "case.handed_over": "{responder} takes care of {called} now",
    "case.not_handed_over": "{responder} has not taken over {called}",
    "case.given_back": "{responder} cannot look after {called}; others are rung",
    "case.joined": "It is the same with {called} once more",
    "case.rung_again": "The office has {called} rung once more",
    "case.ring_unheard": "{called} was rung again, and did not answer",
    "case.closed": "The case of {called} is closed",
    "case.returned": "Nobody went on with the case of {called} in time; helpers are rung again",
    "case.handed_back": "{responder} is no helper any more; others are rung about {called}",
    "case.truth_told": "{called} has been rung back and told that nobody has come yet",
    "case.truth_unheard": "{called} was rung back because nobody has come yet, and did not answer",
    "trial.decided": "trial of:",
    "case.connecting": "{responder} is being connected with {called}",
    "page.asked": "{responder} is rung about {called}",
    "page.declined": "{responder} cannot help {called}",
    "page.unanswered": "{responder} did not answer about {called}",
    "page.not_rung": "{responder} was not rung about {called} after all",
}
_LATE = {"round.late", "round.postponed"}
_FACT = {
    "check_in.decided": "outcome",
    "check_in.not_answered": "contact",
    "check_in.heard_again": "said",
    "round.stopped": "reason",
    "resident.removed": "because",
    "resident.texted": "said",
    "text.received": "writer",
    "case.opened": "kind",
    "case.needs": "need",
    "resident.unverified": "said",
    "trial.decided": "result",
}
"""Which fact of an event completes its words."""
_WELL = frozenset({"case.accepted", "case.closed", "case.on_the_way", "case.on_site", "case.on_phone",
                   "case.handed_over"})  # fmt: skip
_NOBODY_ALONE = ABOUT_MANY | {CaseKind.MESSAGE}


@dataclass(frozen=True)
class Happening:
    """One line of the feed; ``text`` is a catalogue key with the gaps ``{called}``, ``{responder}`` and ``facts``.

    ``about`` is the catalogue key of what it is about where that is no resident, and stands for ``{called}`` then. Of
    the ``facts`` the ``instants`` are told in community time.
    """

    event_id: int
    at: datetime
    text: str
    resident_id: UUID | None
    responder_id: UUID | None
    tone: str
    about: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    instants: Mapping[str, datetime] = field(default_factory=dict)


def happenings(session: Session) -> list[Happening]:
    """The newest lines first; a constant number of statements."""
    shown = _without_echoes(_told(session))[:LINES]
    cases = escalation.cases_by_id(session, _subjects(shown, ("case", "page")))
    whose = _residents(session, shown, cases)
    return [_happening(event, whose, cases) for event in shown]


def _told(session: Session) -> Sequence[Event]:
    """The latest events of which something is told, also behind a list by which thousands have been enrolled."""
    latest = events.latest(session, LOOK_BACK)
    told = [event for event in latest if event.kind in _WORDS]
    return told if len(told) >= LINES or len(latest) < LOOK_BACK else events.latest(session, LOOK_BACK, _WORDS)


def _happening(event: Event, whose: Mapping[UUID, UUID], cases: Mapping[UUID, Case]) -> Happening:
    word = NOBODY_TO_RING if _is_empty(event) else _WORDS[event.kind]
    fact = str(event.facts[_FACT[event.kind]]) if event.kind in _FACT else ""
    return Happening(
        event_id=event.id,
        at=event.at,
        text=word + fact,
        resident_id=_uuid(event, "resident") or (whose.get(event.subject_id) if event.subject_id else None),
        responder_id=_uuid(event, "responder"),
        tone=_tone(event, fact),
        about=_about(cases.get(event.subject_id) if event.subject_id else None),
        facts={name: str(event.facts[name]) for name in ("campaign", "people") if name in event.facts},
        instants={
            name: datetime.fromisoformat(event.facts[name])
            for name in ("due", "at")
            if event.kind in _LATE and name in event.facts
        },
    )


def _tone(event: Event, fact: str) -> str:
    if event.kind == "notice.heard":
        return "well"
    if event.kind == "check_in.decided":
        return "well" if fact == "ok" else "other" if fact in NOTHING_SAID else "care"
    if event.kind in {"case.opened", "case.worsened", "case.reopened", "case.returned", "case.family_not_told",
                      "round.late", "round.postponed", "round.extended", "round.not_asked",
                      "case.truth_unheard", "case.handed_back", "case.given_back", "case.joined"}:  # fmt: skip
        return "care"
    if _is_empty(event):
        return "care"
    return "well" if event.kind in _WELL else "other"


def _is_empty(event: Event) -> bool:
    """Whether a round started in which there is nobody."""
    return event.kind in {"round.started", "notice.started"} and not event.facts.get("enrolled")


def _without_echoes(told: Sequence[Event]) -> list[Event]:
    """Without what is said already: a case by the check-in that opened it, a call without answer by the outcome."""
    decided = {event.facts["resident"] for event in told if event.kind == "check_in.decided"}
    check_ins = {event.subject_id for event in told if event.kind == "check_in.decided"}

    def is_echo(event: Event) -> bool:
        if event.kind == "check_in.not_answered":
            return event.subject_id in check_ins
        return event.kind == "case.opened" and event.facts.get("resident") in decided

    return [event for event in told if not is_echo(event)]


def _about(case: Case | None) -> str:
    """What a case without a resident is about."""
    if case is None or case.resident_id is not None:
        return ""
    return f"about:{case.kind}" if case.kind in _NOBODY_ALONE else "Somebody unknown"


def _residents(session: Session, shown: Sequence[Event], cases: Mapping[UUID, Case]) -> dict[UUID, UUID]:
    """Whose check-ins and cases these events are about."""
    check_ins = campaigns.check_ins_by_id(session, _subjects(shown, ("check_in",)))
    found = {case.id: case.resident_id for case in cases.values() if case.resident_id}
    found |= {check_in.id: check_in.resident_id for check_in in check_ins.values()}
    return found | {
        each.subject_id: each.subject_id for each in shown if each.subject_id and _is(each, ("resident", "consent"))
    }


def _subjects(shown: Iterable[Event], words: Sequence[str]) -> list[UUID]:
    return [event.subject_id for event in shown if event.subject_id and _is(event, words)]


def _is(event: Event, words: Sequence[str]) -> bool:
    return event.kind.partition(".")[0] in words


def _uuid(event: Event, fact: str) -> UUID | None:
    return UUID(event.facts[fact]) if fact in event.facts else None
