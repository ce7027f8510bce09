"""Provider webhooks: signed requests in, words out.

Each endpoint stores what it was told in one unit of work, and answers only when that commit has returned. When it
cannot be stored in time, whoever listens hears a kind sentence and is asked again (``ivr.webhooks.degraded``); reports
nobody listens to are kept until they can be (``ivr.webhooks.reports``).
"""

import asyncio
import logging
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from contacts.pins import LEAST_DIGITS
from core import clock
from ivr import queries
from ivr.dialogue.engine import Heard, Sound
from ivr.dispatch import legs
from ivr.models import Ending
from ivr.ports.provider import Reply
from ivr.ports.turn_url import LAST_TURN, TurnAddress
from ivr.prompts import offline_prompts
from ivr.provider.signature import Fields, Form, field
from ivr.provider.station import station
from ivr.provider.twilio import FINAL_STATUSES
from ivr.turns import hearing, interruption
from ivr.turns import turns as conversation
from ivr.webhooks import degraded, reports, spooled_answers
from ivr.webhooks.reports import Kind, Report

log = logging.getLogger(__name__)
router = APIRouter(prefix="/telephony")
NOTHING_MORE = Reply(())
INBOUND = "/telephony/inbound/voice"
Number = Annotated[int, Path(ge=0, le=LAST_TURN)]
NO_NUMBERS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""How Twilio spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad."""
_T = TypeVar("_T")


@router.post("/calls/{call_id}/turns/{number}")
async def turn(call_id: UUID, number: Number, form: Form, request: Request) -> Response:
    """What to say at turn ``number`` of a call; 0 is its beginning. A repeated request hears the same again."""
    address, provider_id = TurnAddress.read(call_id, number, request.query_params), field(form, "CallSid")
    heard = hearing.heard(address, form)

    def converse(session: Session) -> str:
        call = reports.adopted(session, call_id, provider_id)
        if call is None:
            return station().telephony.render(NOTHING_MORE)
        if heard.sound in hearing.DIALLED:
            ending = FINAL_STATUSES.get(form.get("DialCallStatus", ""), Ending.COMPLETED)
            legs.dial_ended(session, call, number, form.get("DialCallSid", ""), ending)
        return conversation.reply(session, call, number, heard, address.position)

    try:
        return _spoken(await degraded.stored(converse))
    except Exception:
        log.exception("turn %s of call %s could not be stored", number, call_id)
    return _spoken(await _again(address, form, heard))


@router.post("/calls/{call_id}/turns/{number}/recording")
async def recorded(call_id: UUID, number: Number, form: Form, request: Request) -> Response:
    """A recording can be fetched: the same news as turn ``number``, which may never come when the caller hangs up."""
    address = TurnAddress.read(call_id, number, request.query_params)
    heard = hearing.heard(address, form)
    if heard.sound is Sound.RECORDING:
        await reports.take(reports.recorded(address, field(form, "CallSid"), heard))
    else:
        await turn(call_id, number, form, request)
    return Response(status_code=204)


@router.post("/calls/{call_id}/fallback")
async def fallback(call_id: UUID, form: Form) -> Response:
    """The provider could not have our words, or carry them out: a kind sentence, a pause, and the same turn again.

    It says which address has failed (``ErrorUrl``); where it does not, the call begins again and hears what it heard.
    What it wanted to tell us there it need not say again: then the question is asked once more, and not as if the
    listener had been silent.
    """
    address = TurnAddress.of_url(call_id, form.get("ErrorUrl", ""))
    log.error("call %s could not have turn %s: %s", call_id, address.number, form.get("ErrorCode", "no reason given"))
    heard = hearing.heard(address, form)
    if heard.sound is Sound.SILENCE and address.key is None:
        heard = Heard(Sound.MISSED)
    return _spoken(await _again(address, form, heard))


@router.post("/calls/{call_id}/status")
async def status(call_id: UUID, form: Form) -> Response:
    """The end of a call."""
    told = {"CallStatus": field(form, "CallStatus"), "CallSid": field(form, "CallSid")}
    await reports.take(Report(Kind.ENDED, str(call_id), told | {"AnsweredBy": form.get("AnsweredBy", "")}))
    return Response(status_code=204)


@router.post("/calls/{call_id}/machine")
async def machine(call_id: UUID, form: Form) -> Response:
    """The provider's opinion whether a machine answered. It labels the call; it never decides that somebody is well."""
    told = {"AnsweredBy": field(form, "AnsweredBy"), "CallSid": field(form, "CallSid")}
    await reports.take(Report(Kind.MACHINE, str(call_id), told))
    return Response(status_code=204)


@router.post("/inbound/voice")
async def inbound_voice(form: Form, request: Request) -> Response:
    """Somebody rings us; or the provider could not have, or carry out, our words to somebody who did."""
    if failed := TurnAddress.found_in(form.get("ErrorUrl", "")):
        return await fallback(failed.call_id, form)
    provider_id, to = field(form, "CallSid"), field(form, "To")

    def answer(session: Session) -> str:
        call = queries.call_by_provider_id(session, provider_id)
        if call is None:
            call = conversation.take_call(session, provider_id, _number(form), to)
        return conversation.reply(session, call, 0, Heard(Sound.ANSWERED))

    try:
        return _spoken(await degraded.stored(answer))
    except Exception:
        log.exception("the call %s that came in could not be taken", form.get("CallSid"))
    tries = request.query_params.get("try", "")
    return _spoken(degraded.hold(INBOUND, tries) or degraded.farewell(offline_prompts.RING_AGAIN))


@router.post("/inbound/status")
async def inbound_status(form: Form) -> Response:
    """The end of a call that somebody made to us."""
    told = {"CallStatus": field(form, "CallStatus"), "CallSid": field(form, "CallSid")}
    await reports.take(Report(Kind.INBOUND_ENDED, "", told))
    return Response(status_code=204)


@router.post("/inbound/text")
async def inbound_text(form: Form) -> Response:
    """Somebody sends us a text. The reply is sent once the text is kept; when that fails the provider is told so."""
    told = {"MessageSid": field(form, "MessageSid"), "From": form.get("From", ""), "Body": form.get("Body", "")}
    await reports.take(Report(Kind.TEXT, "", told | {"at": clock.now().isoformat()}))
    return _spoken(station().telephony.thanks())


@router.post("/texts/{text_id}/status")
async def text_status(text_id: UUID, form: Form) -> Response:
    """How the delivery of a text goes; reports may come late, twice and in any order."""
    told = {"MessageStatus": field(form, "MessageStatus"), "MessageSid": field(form, "MessageSid")}
    code = {"ErrorCode": form["ErrorCode"]} if "ErrorCode" in form else {}
    await reports.take(Report(Kind.TEXT_FARED, str(text_id), told | code))
    return Response(status_code=204)


async def _again(address: TurnAddress, form: Fields, heard: Heard) -> str:
    interruption.mark_soon(address.call_id)
    return degraded.once_more(address, hearing.carried(heard)) or await _given_up(address, form, heard)


async def _given_up(address: TurnAddress, form: Fields, heard: Heard) -> str:
    """The farewell after the last try. A key that was pressed is kept, and its caller told that a person will ring.

    Of several keys pressed at once the first is kept, as everywhere; so many that they may be a PIN are not.
    """
    if heard.sound is Sound.DIGITS and len(heard.key) < LEAST_DIGITS:
        heard = Heard(Sound.KEY, heard.key[0])
    if heard.sound not in {Sound.KEY, Sound.SPEECH}:
        return degraded.farewell(offline_prompts.LATER, address)
    at = address.position
    answer = spooled_answers.Unrecorded(
        call_id=str(address.call_id),
        provider_id=field(form, "CallSid"),
        number=address.number,
        key=heard.key,
        step=at.step if at else None,
        play=at.play if at else 1,
        telephone=form.get("From" if form.get("Direction") == "inbound" else "To", ""),
    )
    try:
        await asyncio.to_thread(spooled_answers.keep, answer)
    except OSError:
        log.exception("the key %s of call %s is lost", heard.key, address.call_id)
        return degraded.farewell(offline_prompts.LATER, address)
    return degraded.farewell(offline_prompts.APOLOGY, address)


def _number(form: Fields) -> str | None:
    """Who rings us, as the provider writes it; None when they withhold their number, for which it has its own words."""
    number = form.get("From", "").strip()
    return number if any(map(str.isdigit, number)) and number not in NO_NUMBERS else None


def _spoken(twiml: str) -> Response:
    return Response(twiml, media_type="application/xml")
