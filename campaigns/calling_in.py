"""Calls that come in: who takes them and what is asked."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.attempts import OWNER, dialogue_for
from campaigns.models import CheckIn, CheckInCall
from contacts import queries as contacts
from contacts.community import the_community
from contacts.models import Resident
from core import clock
from core.i18n import Language
from ivr import calls
from ivr.dialogue import Dialogue, Heard, Position, Prompt, Step, Turn, begin
from ivr.models import Call
from ivr.seam import InboundCall

STRANGER = "stranger"
MOST_AT_ONE_TELEPHONE = 2


class CallsIn:
    """The switchboard: residents are asked how they are, whether or not they have been rung today."""

    def inbound(self, session: Session, number: str | None) -> InboundCall:
        """Residents by their telephone; anybody else hears who we are and where to turn."""
        residents = _residents(session, number)
        if not residents:
            return InboundCall(STRANGER, _stranger_dialogue(session))
        return InboundCall(OWNER, dialogue_for(session, residents, rang_us=True))

    def adopt(self, session: Session, call: Call) -> None:
        """What they say counts for today's check-in and cancels its further attempts."""
        for resident in _residents(session, call.number):
            if check_in := _today(session, resident):
                session.add(CheckInCall(call_id=call.id, check_in_id=check_in.id))
        session.flush()


class Strangers:
    """Owns calls from numbers that nobody has registered."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Strangers are never dialled."""
        return False

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """They hear who we are."""
        return begin(calls.dialogue_of(call))

    def ended(self, session: Session, call: Call) -> None:
        """Nothing comes of it."""

    def was_machine(self, session: Session, call: Call) -> None:
        """Nothing comes of that either."""


def _residents(session: Session, number: str | None) -> Sequence[Resident]:
    """Whoever lives with this telephone; those who are to be asked today first."""
    if number is None:
        return ()
    known = contacts.residents_by_number(session, number)
    due = [resident for resident in known if _today(session, resident)]
    return (due or list(known))[:MOST_AT_ONE_TELEPHONE]


def _today(session: Session, resident: Resident) -> CheckIn | None:
    zone = ZoneInfo(the_community(session).timezone)
    midnight = datetime.combine(clock.now().astimezone(zone).date(), datetime.min.time(), zone)
    return queries.latest_check_in(session, resident.id, midnight)


def _stranger_dialogue(session: Session) -> Dialogue:
    community = the_community(session)
    hello = Prompt(key="unknown.hello", words={"community": community.name})
    return Dialogue(
        name="stranger",
        language=Language(community.language),
        first="hello",
        steps={"hello": Step(prompts=(hello,))},
    )
