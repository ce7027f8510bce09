"""What we write back to whoever has written to us: few words, at most one general one a day to a number."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import Outcome
from core import settings
from core.i18n import translate
from ivr.models import Text, Urgency
from ivr.queries import text_messages
from ivr.sms import outbound

CONFIRMATION = "text_confirmation"
COURTESY = "text_courtesy"
CONFIRMED = {
    Outcome.OK: "Zao'an: {called}, we have noted that all is well. Thank you.",
    Outcome.NEEDS_SUPPLIES: "Zao'an: {called}, we have noted that you need something and are telling the community.",
    Outcome.UNWELL: "Zao'an: {called}, we have noted that you are unwell and are telling a helper now."
    " In an emergency dial {emergency}.",
    Outcome.WANTS_PERSON: "Zao'an: {called}, we have noted that you would like to talk to a person"
    " and are telling the community.",
}
NOTED = {
    Outcome.NEEDS_SUPPLIES: "Zao'an: {called}, we have noted that you need something, on the page of the community"
    " office.",
    Outcome.UNWELL: "Zao'an: {called}, we have noted that you are unwell, on the page of the community office. There is"
    " no helper whom we can ring just now. In an emergency dial {emergency}.",
    Outcome.WANTS_PERSON: "Zao'an: {called}, we have noted that you would like to talk to a person, on the page of the"
    " community office.",
}
"""What is written instead where nobody can be rung, or nobody yet."""
NO_MORE_CALLS = "Zao'an: we will not call you any more, and have told the community office."
TEXTS_AGAIN = "Zao'an: you will receive our texts again."
BY_TELEPHONE = (
    "Zao'an: several people use this telephone, so a text cannot tell us who is meant."
    " Please ring us, or answer when we ring."
)
PAGES_BY_TELEPHONE = "Zao'an: a case is accepted by telephone. Please answer when we ring and press 1, or ring us."
THANK_YOU = "Zao'an: thank you. Somebody from the community will read this. In an emergency dial {emergency}."
UNKNOWN_NUMBER = (
    "Zao'an: thank you. Your number is not registered with us; somebody from the community will read this."
    " In an emergency dial {emergency}."
)


def confirm(session: Session, number: str, language: str, message: str, **gaps: str) -> None:
    """Says what has been done at somebody's word."""
    _write(session, number, language, message, CONFIRMATION, gaps)


def courtesy(session: Session, number: str, language: str, message: str, since: datetime) -> None:
    """Says a kind word, unless one was said to this number since then: two machines must not thank each other."""
    if not text_messages.has_texted(session, number, COURTESY, since):
        _write(session, number, language, message, COURTESY, {})


class Replies:
    """Owns the texts that we write back; nothing depends on their arrival."""

    def delivered(self, session: Session, text: Text) -> None:
        """Nothing comes of it."""

    def failed(self, session: Session, text: Text) -> None:
        """Nothing comes of that either."""


def _write(session: Session, number: str, language: str, message: str, owner: str, gaps: dict[str, str]) -> None:
    emergency = settings.current().emergency_number
    body = translate(language, message, emergency=emergency, **gaps)
    outbound.queue(session, number, body, None, owner=owner, urgency=Urgency.ALERT)
