"""Calls from telephones that nobody has registered.

Whoever has only typed a household's number may be anybody, so nothing they say is taken for the resident's answer:

* unwell, in need, wishing for a person, or falling silent after giving a name: always a case, marked with the caller's
  number as not verified; looking after somebody for nothing is cheaper than the opposite.
* well: an event that the office can see. It decides no check-in and cancels no attempt; the resident is rung as usual.
* anything else: a message, which is a case for the office.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.dialogues import message_to_office
from campaigns.dialogues.check_in import MOST_IN_A_MENU, Asked
from campaigns.dialogues.spoken_promises import truthful
from campaigns.dialogues.stranger import WHO, stranger_dialogue, unverified_dialogue
from campaigns.models import Outcome
from contacts import phones
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Resident
from core import actors, settings
from core.i18n import Language
from core.running import events
from escalation.cases import cases
from escalation.models import CaseKind
from ivr.dialogue.engine import Dialogue, Digits, Fact, Heard, Position, Turn, advance, begin, left
from ivr.dispatch import calls
from ivr.models import Call, CallState
from ivr.ports.owners import CallOwner
from ivr.queries import last_position

STRANGER = "stranger"


class StrangerCalls(CallOwner):
    """Owns calls from numbers that nobody has registered."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Looks up the household whose number was typed, and stores what is said by the rules above."""
        dialogue = calls.dialogue_of(call)
        if position is None:
            return begin(dialogue)
        asks_for_number = isinstance(dialogue.step(position.step), Digits)
        if asks_for_number and (household := _household(session, heard.typed)):
            return calls.go_on_with(call, _unverified(household), WHO)
        turn = advance(dialogue, position, heard)
        if not message_to_office.take(session, actors.caller(), call, turn, heard):
            over = call.state == CallState.ENDED and turn.heard_at
            for fact in (*turn.facts, *(left(dialogue, over) if over else ())):
                _note(session, call, fact)
        return truthful(session, turn, ())

    def ended(self, session: Session, call: Call) -> None:
        """What was said has been stored when it was said; of two keys in doubt the worse one counts."""
        last = last_position(session, call.id)
        for fact in left(calls.dialogue_of(call), last) if last else ():
            _note(session, call, fact)


def stranger(session: Session) -> Dialogue:
    """What a stranger hears first."""
    community = the_community(session)
    return stranger_dialogue(community.name, community.language, settings.current().emergency_number)


def _household(session: Session, typed: str) -> Sequence[Resident]:
    """Whoever lives with the telephone that was typed, with or without its area code."""
    community = the_community(session)
    try:
        number = phones.parse(typed, community.region, community.area_code)
    except phones.PhoneError:
        return ()
    return contacts.residents_by_number(session, number)


def _unverified(household: Sequence[Resident]) -> Dialogue:
    people = [Asked(str(each.id), each.called) for each in household[:MOST_IN_A_MENU]]
    pace = min((each.pace for each in household if each.pace), default=None)
    return unverified_dialogue(people, Language(household[0].language), pace, settings.current().emergency_number)


def _note(session: Session, call: Call, fact: Fact) -> None:
    resident_id, said, caller = UUID(fact.subject), Outcome(fact.name), message_to_office.caller_of(call)
    events.append(session, actors.caller(), "resident.unverified", resident_id, said=said.value, call=str(call.id))
    if said is not Outcome.OK:
        cases.rang_in(session, actors.caller(), CaseKind(said.value), resident_id, caller)
