"""Responders who ring in: they hear what there is for them, and accept or close it by key."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.callers import pin_guesses
from contacts.models import Community, Responder
from core import actors
from core.i18n import Language
from core.running import events
from core.running.wakeups import wake
from escalation import queries
from escalation.calls import introduction_calls
from escalation.calls.duty_connect_steps import ENGAGED, GONE, engaged, gone
from escalation.calls.duty_dialogue import (
    ACCEPT,
    CLOSE,
    HELLO,
    REFUSED,
    RING_BACK,
    Duty,
    offered_from,
    outline_dialogue,
    pin_dialogue,
    trusted_dialogue,
)
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import HELD, Case, CaseState
from escalation.paging import paging
from escalation.paging.page_dialogue import ACCEPTED_ALL, RESIDENT, accepted_words
from escalation.policy_lookup import policies_of
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Dialogue, Digits, Fact, Heard, Position, Prompt, Turn, advance, begin, otherwise
from ivr.dispatch import calls
from ivr.dispatch.prerender import prepare_soon
from ivr.models import Call
from ivr.ports.owners import CallOwner

OWNER = "duty"
MOST_AT_ONCE = 5
"""Nobody remembers more of a spoken list."""


class DutyCalls(CallOwner):
    """Owns calls from responders' own telephones."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """A right PIN opens what is spoken only to the responder; each key is carried out as it is heard."""
        dialogue = calls.dialogue_of(call)
        responder = contacts.responder_by_number(session, call.number)
        if position is None or responder is None:
            return begin(dialogue)
        asks_for_pin = isinstance(dialogue.step(position.step), Digits)
        if asks_for_pin and heard.typed and pin_guesses.accept(session, responder, heard.typed):
            community, language, duties, has_more = _spoken_to(session, responder)
            trusted = trusted_dialogue(community, language, duties, has_more=has_more)
            return calls.go_on_with(call, trusted, HELLO)
        turn = advance(dialogue, position, heard)
        if turn.connects(RESIDENT):
            return _connected(session, responder, call, dialogue, turn)
        for fact in turn.facts:
            index = int(position.step.rpartition("-")[2]) if fact.subject else 0
            if fact.name == ACCEPTED_ALL:
                return _accept_all(session, responder, call, dialogue, turn, index)
            if not _carry_out(session, responder, call, fact):
                return otherwise(dialogue, turn, GONE, gone(index))
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """What was decided has been stored when it was decided; whoever rang in can be asked again."""
        paging.hung_up(session, call.number)
        wake(session, cases.ESCALATION)


def first_dialogue(session: Session, responder: Responder) -> Dialogue:
    """What a responder hears first, whose telephone is all that speaks for them."""
    community, language, duties, has_more = _spoken_to(session, responder)
    begins = pin_dialogue if responder.pin else outline_dialogue
    return begins(community, language, duties, has_more=has_more)


def has_something(session: Session, responder: Responder) -> bool:
    """Whether there is anything for this responder to hear."""
    return bool(queries.cases_for(session, policies_of(session), responder, 1))


def _spoken_to(
    session: Session, responder: Responder, only: Collection[UUID] | None = None
) -> tuple[str, Language, Sequence[Duty], bool]:
    """What the responder hears of, or ``only`` these of it, and whether more waits than that."""
    known = queries.cases_for(session, policies_of(session), responder, MOST_AT_ONCE + 1)
    found = [case for case in known if only is None or case.id in only][:MOST_AT_ONCE]
    has_more = any(case not in found and (only is None or case.state == CaseState.OPEN) for case in known)
    profiles = contacts.resident_profiles(session, [case.resident_id for case in found if case.resident_id])
    duties = [
        Duty(
            str(case.id),
            case.kind,
            case.state != CaseState.OPEN,
            profiles[case.resident_id] if case.resident_id else None,
            case.needs,
            case.people or 0,
        )
        for case in found
    ]
    return session.get_one(Community, responder.community_id).name, responder.language, duties, has_more


def _accept_all(session: Session, responder: Responder, call: Call, dialogue: Dialogue, turn: Turn, index: int) -> Turn:
    """Each case on its own, as in a page: somebody else may have taken some of them; the voice says how many."""
    offered = [UUID(case_id) for case_id in offered_from(dialogue, index)]
    taken = [each for each in offered if _is_accepted(session, responder, each)]
    if not taken:
        return otherwise(dialogue, turn, GONE, gone(index))
    if len(offered) == 1:
        return turn
    session.flush()
    community, language, duties, has_more = _spoken_to(session, responder, taken)
    said = accepted_words(len(taken), len(offered) - len(taken))
    told = trusted_dialogue(community, language, duties, has_more=has_more, taken=said)
    prepare_soon(session, told)
    return calls.go_on_with(call, told, HELLO)


def _is_accepted(session: Session, responder: Responder, case_id: UUID) -> bool:
    return cases.accept_by_key(session, case_id, responder) is cases.Acceptance.ACCEPTED


def _connected(session: Session, responder: Responder, call: Call, dialogue: Dialogue, turn: Turn) -> Turn:
    """The resident of their case is rung, and nobody else's."""
    case_id, step = UUID(turn.facts[0].subject), turn.position.step if turn.position else ""
    index = int(step.rpartition("-")[2])
    if session.get_one(Case, case_id).accepted_by_id != responder.id:
        return otherwise(dialogue, turn, GONE, gone(index))
    leg = introduction_calls.introduce(session, call, case_id, responder.id)
    return replace(turn, leg=leg.id) if leg else otherwise(dialogue, turn, ENGAGED, engaged(index))


def _carry_out(session: Session, responder: Responder, call: Call, fact: Fact) -> bool:
    """False when the case has moved on in the meantime."""
    if fact.name == REFUSED:
        events.append(session, actors.caller(), "responder.pin_refused", responder.id, responder=str(responder.id),
                      call=str(call.id))  # fmt: skip
        return True
    case_id = UUID(fact.subject)
    if fact.name == ACCEPT:
        return _is_accepted(session, responder, case_id)
    if fact.name == CLOSE:
        return _close(session, responder, case_id)
    if fact.name == RING_BACK:
        return _ring_back(session, responder, session.get_one(Case, case_id))
    return True


def _ring_back(session: Session, responder: Responder, case: Case) -> bool:
    """What somebody has taken meanwhile rings nobody, so that nobody is told to wait for our call."""
    if not cases.may_be_taken(session, case, responder.id):
        return False
    paging.ask(session, case, responder)
    return True


def _close(session: Session, responder: Responder, case_id: UUID) -> bool:
    case = session.get_one(Case, case_id)
    if case.accepted_by_id != responder.id or case.state not in HELD:
        return False
    note = Prompt(key="duty.note", words={"name": responder.name})
    cases.close(session, actors.responder(responder.id), case_id, words(note, responder.language),
                Finding.HELPED)  # fmt: skip
    return True
