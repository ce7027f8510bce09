"""Calls that come in: who takes them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.dialogues.check_in import MOST_IN_A_MENU
from campaigns.inbound.own_number_calls import OURSELVES, goodbye, is_ours
from campaigns.inbound.relative_calls import RELATIVE, news_for
from campaigns.inbound.stranger_calls import STRANGER, stranger
from campaigns.models import CheckInCall
from campaigns.rounds.attempts import OWNER, dialogue_for, listener_of
from contacts import queries as contacts
from contacts.models import Resident, Responder
from escalation.calls import duty_calls
from ivr.models import Call
from ivr.ports.owners import InboundCall


class CallsIn:
    """The switchboard: whoever rings us is known by their telephone, as far as that proves anything."""

    def inbound(self, session: Session, number: str | None) -> InboundCall:
        """Takes a call.

        1. A resident who is still to answer is asked. 2. A responder hears what there is for them. 3. Any other
        resident is asked all the same. 4. A relative hears how their resident is. 5. A stranger types a number or
        leaves a message. From our own number nobody rings.
        """
        if number and is_ours(session, number):
            return InboundCall(OURSELVES, goodbye(session, number))
        residents = contacts.residents_by_number(session, number) if number else ()
        responder = contacts.responder_by_number(session, number) if number else None
        if residents and (responder is None or _is_for_the_resident(session, residents, responder)):
            speakers = _speakers(session, residents)
            return InboundCall(OWNER, dialogue_for(session, speakers, rang_us=True), listener_of(speakers))
        if responder is not None:
            return InboundCall(duty_calls.OWNER, duty_calls.first_dialogue(session, responder))
        relatives = contacts.relatives_to_tell(session, number) if number else ()
        if relatives:
            return InboundCall(RELATIVE, news_for(session, relatives))
        return InboundCall(STRANGER, stranger(session))

    def adopt(self, session: Session, call: Call) -> None:
        """A call that ends without an answer is a contact with everybody who is still to answer at this telephone."""
        if call.owner != OWNER:
            return
        residents = contacts.residents_by_number(session, call.number)
        for check_in in queries.open_check_ins(session, [resident.id for resident in residents]):
            session.add(CheckInCall(call_id=call.id, check_in_id=check_in.id))
        session.flush()


def _is_for_the_resident(session: Session, residents: Sequence[Resident], responder: Responder) -> bool:
    """Of somebody who is both: the resident, unless they have answered and there is something to do."""
    waits = queries.open_check_ins(session, [resident.id for resident in residents])
    return bool(waits) or not duty_calls.has_something(session, responder)


def _speakers(session: Session, residents: Sequence[Resident]) -> Sequence[Resident]:
    """Whoever may be speaking; where a menu cannot hold everybody, those who are still to answer come first."""
    if len(residents) <= MOST_IN_A_MENU:
        return residents
    waiting = {each.resident_id for each in queries.open_check_ins(session, [resident.id for resident in residents])}
    return sorted(residents, key=lambda resident: resident.id not in waiting)
