"""Reports to relatives: a short text about a check-in, to whoever wants it."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Wants
from core.i18n import translate
from ivr import texts

MESSAGES = {
    "ok": "Zao'an: {called} answered at {time} and is well.",
    "needs_supplies": "Zao'an: {called} answered at {time} and needs something. We are telling the community.",
    "unwell": "Zao'an: {called} said at {time} that they are unwell. We are telling a helper.",
    "wants_person": "Zao'an: {called} answered at {time} and would like to talk to a person.",
    "no_key": "Zao'an: {called} answered at {time} but pressed no key. We are asking somebody to look in.",
}
NOT_REACHED = "Zao'an: {called} has not answered by {time}. We are asking somebody to look in."


def tell_relatives(session: Session, resident_id: UUID, outcome: str, at: datetime, timezone: str) -> None:
    """Queues a text to each relative who wants to know of this outcome."""
    wanted = {Wants.EVERYTHING} if outcome == "ok" else {Wants.EVERYTHING, Wants.PROBLEMS}
    told = [each for each in contacts.relatives_of(session, resident_id) if each.wants in wanted]
    if not told:
        return
    called = contacts.resident(session, resident_id).called
    time = at.astimezone(ZoneInfo(timezone)).strftime("%H:%M")
    for relative in told:
        body = translate(relative.language, MESSAGES.get(outcome, NOT_REACHED), called=called, time=time)
        texts.queue(session, relative.number, body, resident_id)
