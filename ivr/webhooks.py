"""Provider webhooks: signed requests in, words out.

Each endpoint stores what it was told in one unit of work, and answers only when that commit has returned. When it
cannot be stored in time, whoever listens hears a kind sentence and is asked again (``ivr.patience``); reports nobody
listens to are answered with 503, and the poller finds out what they said.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, HTTPException, Path, Request, Response
from sqlalchemy.orm import Session

from contacts.pins import LEAST_DIGITS
from core import clock
from ivr import calls, conversation, hearing, interruption, legs, patience, queries, text_reports, texts_in, unrecorded
from ivr.addresses import LAST_TURN, TurnAddress, message_path
from ivr.dialogue import Heard, Sound
from ivr.genuine import Fields, Form, field
from ivr.models import Call, CallState, Ending
from ivr.station import station
from ivr.telephony import RefusedForNowError, Reply, UncertainError
from ivr.twilio import FINAL_STATUSES, TEXT_STATUSES, greeting_is_over, is_machine

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
        call = _adopted(session, call_id, provider_id)
        if call is None:
            return station().telephony.render(NOTHING_MORE)
        if heard.sound in hearing.DIALLED:
            ending = FINAL_STATUSES.get(form.get("DialCallStatus", ""), Ending.COMPLETED)
            legs.dial_ended(session, call, number, form.get("DialCallSid", ""), ending)
        return conversation.reply(session, call, number, heard, address.position)

    try:
        return _spoken(await patience.stored(converse))
    except Exception:
        log.exception("turn %s of call %s could not be stored", number, call_id)
    return _spoken(await _again(address, provider_id, heard))


@router.post("/calls/{call_id}/turns/{number}/recording")
async def recorded(call_id: UUID, number: Number, form: Form, request: Request) -> Response:
    """A recording can be fetched: the same news as turn ``number``, which may never come when the caller hangs up."""
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
    return _spoken(await _again(address, field(form, "CallSid"), heard))


@router.post("/calls/{call_id}/status")
async def status(call_id: UUID, form: Form) -> Response:
    """The end of a call. Reports that contradict an end already known, or that name a second call, change nothing."""
    ending, provider_id = FINAL_STATUSES.get(field(form, "CallStatus")), field(form, "CallSid")
    by_machine = is_machine(form.get("AnsweredBy", ""))

    def note(session: Session) -> None:
        call = _adopted(session, call_id, provider_id)
        if call is None or ending is None:
            return
        if by_machine:
            calls.note_machine(session, call, by_machine=True)
        interruption.reported_over(session, call, ending)

    await _noted(note)
    return Response(status_code=204)


@router.post("/calls/{call_id}/machine")
async def machine(call_id: UUID, form: Form) -> Response:
    """The provider's opinion whether a machine answered. It labels the call; it never decides that somebody is well.

    A machine that has finished its greeting is left a message, unless a key has proved that somebody is there.
    """
    answered_by, provider_id = field(form, "AnsweredBy"), field(form, "CallSid")

    def note(session: Session) -> bool:
        call = _adopted(session, call_id, provider_id)
        if call is None:
            return False
        calls.note_machine(session, call, by_machine=is_machine(answered_by))
        return greeting_is_over(answered_by) and _wants_message(session, call)

    if await _noted(note):
        await asyncio.to_thread(_leave_message, call_id, provider_id)
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
        return _spoken(await patience.stored(answer))
    except Exception:
        log.exception("a call from %s could not be taken", form.get("From"))
    tries = request.query_params.get("try", "")
    return _spoken(patience.hold(INBOUND, tries) or patience.farewell(patience.RING_AGAIN))


@router.post("/inbound/status")
async def inbound_status(form: Form) -> Response:
    """The end of a call that somebody made to us."""
    ending, provider_id = FINAL_STATUSES.get(field(form, "CallStatus")), field(form, "CallSid")

    def note(session: Session) -> None:
        call = queries.call_by_provider_id(session, provider_id)
        if call is not None and ending is not None:
            interruption.reported_over(session, call, ending)

    await _noted(note)
    return Response(status_code=204)


@router.post("/inbound/text")
async def inbound_text(form: Form) -> Response:
    """Somebody sends us a text. The reply is sent once the text is kept; when that fails the provider is told so."""
    provider_id, number, body = field(form, "MessageSid"), form.get("From", ""), form.get("Body", "")
    if text_id := await _noted(lambda session: texts_in.keep(session, provider_id, number, body, clock.now())):
        await _read(text_id)
    return _spoken(station().telephony.thanks())


@router.post("/texts/{text_id}/status")
async def text_status(text_id: UUID, form: Form) -> Response:
    """How the delivery of a text goes; reports may come late, twice and in any order."""
    state, provider_id = TEXT_STATUSES.get(field(form, "MessageStatus")), field(form, "MessageSid")
    if state is not None:
        failure = form.get("ErrorCode")
        await _noted(lambda session: text_reports.hear(session, text_id, provider_id, state, failure))
    return Response(status_code=204)


async def _read(text_id: UUID) -> None:
    """A text that cannot be read now is read by the tick."""
    try:
        await patience.stored(lambda session: texts_in.read(session, text_id))
    except Exception:
        log.exception("the text %s that came in could not be read", text_id)


def _adopted(session: Session, call_id: UUID, provider_id: str) -> Call | None:
    """Our call, if the provider's is the one that we know or want; its reports are stored one after the other."""
    call = queries.call_held(session, call_id)
    return call if call is not None and calls.adopt(session, call, provider_id) else None


def _wants_message(session: Session, call: Call) -> bool:
    under_way = call.state != CallState.ENDED and calls.dialogue_of(call).leaves_message
    return under_way and not queries.heard_key(session, call.id)


def _leave_message(call_id: UUID, provider_id: str) -> None:
    try:
        station().telephony.redirect(provider_id, station().url(message_path(call_id)))
    except (RefusedForNowError, UncertainError) as doubt:
        log.warning("the machine that answered call %s is left no message: %s", call_id, doubt)


async def _again(address: TurnAddress, provider_id: str, heard: Heard) -> str:
    _remember_interruption(address.call_id)
    return patience.once_more(address, hearing.carried(heard)) or await _given_up(address, provider_id, heard)


def _remember_interruption(call_id: UUID) -> None:
    """Beside the answer: whoever listens does not wait for it."""
    interruption.mark_soon(call_id)


async def _given_up(address: TurnAddress, provider_id: str, heard: Heard) -> str:
    """The farewell after the last try. A key that was pressed is kept, and its caller told that a person will ring.

    Of several keys pressed at once the first is kept, as everywhere; so many that they may be a PIN are not.
    """
    if heard.sound is Sound.DIGITS and len(heard.key) < LEAST_DIGITS:
        heard = Heard(Sound.KEY, heard.key[0])
    if heard.sound not in {Sound.KEY, Sound.SPEECH}:
        return patience.farewell(patience.LATER, address)
    at = address.position
    answer = unrecorded.Unrecorded(
        str(address.call_id), provider_id, address.number, heard.key, at.step if at else None, at.play if at else 1
    )
    try:
        await asyncio.to_thread(unrecorded.keep, answer)
    except OSError:
        log.exception("the key %s of call %s is lost", heard.key, address.call_id)
        return patience.farewell(patience.LATER, address)
    return patience.farewell(patience.APOLOGY, address)


def _number(form: Fields) -> str | None:
    """Who rings us, as the provider writes it; None when they withhold their number, for which it has its own words."""
    number = form.get("From", "").strip()
    return number if any(map(str.isdigit, number)) and number not in NO_NUMBERS else None


async def _noted(note: Callable[[Session], _T]) -> _T:
    """The result of ``note`` once it is stored; 503 when it cannot be."""
    try:
        return await patience.stored(note)
    except Exception as failure:
        log.exception("a report of the provider could not be stored")
        raise HTTPException(503, "it could not be stored") from failure


def _spoken(twiml: str) -> Response:
    return Response(twiml, media_type="application/xml")
