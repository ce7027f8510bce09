"""Provider webhooks: signed requests in, words out.

Each endpoint checks the signature over our *public* address, stores what it was told in one unit of work, and answers
only when that commit has returned. When the commit fails the caller hears a kind sentence, and the call's end leads to
a human.
"""

import logging
import re
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, ImmutableMultiDict

from core import clock, events
from core.database import unit_of_work
from core.i18n import Language
from ivr import calls, conversation, queries
from ivr.dialogue import Heard, Prompt, Sound
from ivr.models import Call, Text, TextState
from ivr.speaking import words
from ivr.station import Station, station
from ivr.telephony import Reply, Speech
from ivr.twilio import FINAL_STATUSES

log = logging.getLogger(__name__)
router = APIRouter(prefix="/telephony")
NOTHING_MORE = Reply(())
RECORDING_ID = re.compile("RE[0-9a-f]{32}")
KEYS = re.compile("[0-9*#]+")
NO_NUMBERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""How Twilio spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad."""


async def genuine(request: Request) -> ImmutableMultiDict[str, str]:
    """The form of a request that the provider signed; anything else is refused with 403 and changes nothing."""
    form: FormData = await request.form()
    fields = ImmutableMultiDict([(name, str(value)) for name, value in form.multi_items()])
    query = f"?{request.url.query}" if request.url.query else ""
    url = station().url(request.url.path + query)
    if not station().telephony.is_genuine(url, fields, request.headers.get("X-Twilio-Signature", "")):
        log.warning("refused a request to %s that the provider did not sign", request.url.path)
        raise HTTPException(403, "not signed by the provider")
    return fields


Form = Annotated[ImmutableMultiDict[str, str], Depends(genuine)]


@router.post("/calls/{call_id}/turns/{number}")
def turn(call_id: UUID, number: int, form: Form) -> Response:
    """What to say at turn ``number`` of a call; 0 is its beginning. A repeated request hears the same again."""

    def converse(session: Session) -> str:
        call = session.get(Call, call_id)
        if call is None or not calls.adopt(session, call, form["CallSid"]):
            return station().telephony.render(NOTHING_MORE)
        return conversation.reply(session, call, number, _heard(number, form))

    return _kindly(converse)


@router.post("/calls/{call_id}/turns/{number}/recording")
def recorded(call_id: UUID, number: int, form: Form) -> Response:
    """A recording can be fetched: the same news as turn ``number``, which may never come when the caller hangs up."""
    turn(call_id, number, form)
    return Response(status_code=204)


@router.post("/calls/{call_id}/status")
def status(call_id: UUID, form: Form) -> Response:
    """The end of a call. Reports that contradict an end already known, or that name a second call, change nothing."""
    ending = FINAL_STATUSES.get(form["CallStatus"])
    with unit_of_work() as session:
        call = session.get(Call, call_id)
        if call is not None and ending is not None and calls.adopt(session, call, form["CallSid"]):
            calls.end(session, call.id, ending)
    return Response(status_code=204)


@router.post("/calls/{call_id}/machine")
def machine(call_id: UUID, form: Form) -> Response:
    """The provider's opinion whether a machine answered. It labels the call; it never decides that somebody is well."""
    with unit_of_work() as session:
        call = session.get(Call, call_id)
        if call is not None and calls.adopt(session, call, form["CallSid"]):
            calls.note_machine(session, call, by_machine=form.get("AnsweredBy", "").startswith("machine"))
    return Response(status_code=204)


@router.post("/inbound/voice")
def inbound_voice(form: Form) -> Response:
    """Somebody rings us."""

    def answer(session: Session) -> str:
        call = queries.call_by_provider_id(session, form["CallSid"])
        if call is None:
            call = conversation.take_call(session, form["CallSid"], _number(form), form["To"])
        return conversation.reply(session, call, 0, Heard(Sound.ANSWERED))

    return _kindly(answer)


@router.post("/inbound/status")
def inbound_status(form: Form) -> Response:
    """The end of a call that somebody made to us."""
    ending = FINAL_STATUSES.get(form["CallStatus"])
    with unit_of_work() as session:
        call = queries.call_by_provider_id(session, form["CallSid"])
        if call is not None and ending is not None:
            calls.end(session, call.id, ending)
    return Response(status_code=204)


@router.post("/inbound/text")
def inbound_text(form: Form) -> Response:
    """Somebody sends us a text: it is kept for the office to read, and never makes anybody's answer."""
    with unit_of_work() as session:
        events.append(session, "text.received", number=form.get("From", ""), body=form.get("Body", ""))
    return _spoken(station().telephony.render(NOTHING_MORE))


@router.post("/texts/{text_id}/status")
def text_status(text_id: UUID, form: Form) -> Response:
    """How the delivery of a text went."""
    outcome = form["MessageStatus"]
    with unit_of_work() as session:
        text = session.get(Text, text_id)
        if text is not None and outcome in {"delivered", "failed", "undelivered"}:
            text.state = TextState.DELIVERED if outcome == "delivered" else TextState.FAILED
            text.failure = form.get("ErrorCode")
            events.append(session, f"text.{text.state}", text.subject_id)
    return Response(status_code=204)


def _number(form: ImmutableMultiDict[str, str]) -> str | None:
    """Who rings us; None when they withhold their number, which providers say in words of their own."""
    number = form.get("From", "")
    return number if number.startswith("+") and number not in NO_NUMBERS else None


def _heard(number: int, form: ImmutableMultiDict[str, str]) -> Heard:
    if number == 0:
        return Heard(Sound.ANSWERED)
    if RECORDING_ID.fullmatch(form.get("RecordingSid", "")) and form.get("RecordingStatus", "completed") == "completed":
        return Heard(Sound.RECORDING, form["RecordingSid"], int(form.get("RecordingDuration", "0")))
    digits = form.get("Digits", "") or form.get("FinishedOnKey", "")
    if not digits or not KEYS.fullmatch(digits):
        return Heard(Sound.SILENCE)
    return Heard(Sound.KEY if len(digits) == 1 else Sound.DIGITS, digits)


def _kindly(converse: Callable[[Session], str]) -> Response:
    """Answers with the reply once its unit of work has committed, or with an apology when anything failed."""
    try:
        with unit_of_work() as session:
            reply = converse(session)
    except (SQLAlchemyError, KeyError, ValueError, RuntimeError):
        log.exception("a turn of a call could not be stored at %s", clock.real_now())
        reply = station().telephony.render(_apology(station()))
    return _spoken(reply)


def _apology(_: Station) -> Reply:
    said = [Speech(words(Prompt(key="call.apology"), language), language) for language in Language]
    return Reply(said)


def _spoken(twiml: str) -> Response:
    return Response(twiml, media_type="application/xml")
