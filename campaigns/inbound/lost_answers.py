"""An answer that could never be stored is given to a person, as what it may have said.

Its call did not lead to it, so it counts for no check-in: whoever has this telephone is rung for, or visited.
"""

from sqlalchemy.orm import Session

from campaigns.inbound.sms_answers import ANSWERS
from campaigns.models import Outcome
from contacts import queries as contacts
from contacts.callers import caller_numbers
from contacts.community.community import the_community
from core import actors
from core.i18n import translate
from escalation.cases import cases
from escalation.models import CaseKind

WITHHELD = "withheld"


def lost(session: Session, telephone: str, key: str) -> None:
    """Opens a case for everybody who has this telephone (as the provider writes it, "" where nobody knows).

    Key 3 says that somebody is unwell; after any other one, a person asks what it was, also of somebody who may have
    said that all is well. A responder's key has taken nothing, and their telephone is rung again anyway.
    """
    number = caller_numbers.number_of(session, telephone) if telephone else None
    residents = contacts.residents_by_number(session, number) if number else ()
    if not residents and number and contacts.responder_by_number(session, number):
        return
    kind = CaseKind.UNWELL if ANSWERS.get(key) is Outcome.UNWELL else CaseKind.WANTS_PERSON
    community = the_community(session)
    opened = [cases.rang_in(session, actors.caller(each.id), kind, each.id, None) for each in residents] or [
        cases.open_written(session, actors.caller(), community.id, None, number or WITHHELD)
    ]
    for case in opened:
        case.note = translate(community.language, NOTE, key=key or "?")


NOTE = "Key {key} was pressed in a call and could not be stored. Please ask them how they are."
