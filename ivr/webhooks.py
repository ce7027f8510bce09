"""Provider webhooks: signed requests in, words out.

Each endpoint checks the signature over our *public* address, stores what it was told in one unit of work, and answers
only when that commit has returned. When the commit fails the caller hears a kind sentence, and the call's end leads to
a human.
"""

import logging
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, ImmutableMultiDict

from core import clock
from core.database import unit_of_work
from core.i18n import Language
from ivr import calls, conversation, queries, text_reports, texts_in
from ivr.dialogue import Heard, Prompt, Sound
from ivr.models import Call
from ivr.speaking import words
from ivr.station import Station, station
from ivr.telephony import Reply, Speech
from ivr.twilio import FINAL_STATUSES, TEXT_STATUSES

log = logging.getLogger(__name__)
router = APIRouter(prefix="/telephony")
NOTHING_MORE = Reply(())


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
    """Somebody sends us a text. The reply is sent once the text is kept; when that fails the provider is told so."""
    try:
        texts_in.receive(form["MessageSid"], form.get("From", ""), form.get("Body", ""))
    except SQLAlchemyError as failure:
        log.exception("a text that came in could not be kept")
        raise HTTPException(503, "the text could not be kept") from failure
    return _spoken(station().telephony.thanks())


@router.post("/texts/{text_id}/status")
def text_status(text_id: UUID, form: Form) -> Response:
    """How the delivery of a text goes; reports may come late, twice and in any order."""
    if state := TEXT_STATUSES.get(form["MessageStatus"]):
        with unit_of_work() as session:
            text_reports.hear(session, text_id, form["MessageSid"], state, form.get("ErrorCode"))
    return Response(status_code=204)


def _number(form: ImmutableMultiDict[str, str]) -> str | None:
    """Who rings us; None when they withhold their number, which providers say in words of their own."""
    number = form.get("From", "")
    return number if number.startswith("+") else None


def _heard(number: int, form: ImmutableMultiDict[str, str]) -> Heard:
    if number == 0:
        return Heard(Sound.ANSWERED)
    digits = form.get("Digits", "")
    return Heard(Sound.KEY, digits[0]) if digits else Heard(Sound.SILENCE)


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
