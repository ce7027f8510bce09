"""Provider webhooks: signed requests in, words out.

Each endpoint stores what it was told in one unit of work, and answers only when that commit has returned. When it
cannot be stored in time, whoever listens hears a kind sentence and is asked again (``ivr.webhooks.degraded``); reports
nobody listens to are kept until they can be (``ivr.webhooks.reports``).
"""

import asyncio
import logging
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from contacts.pins import LEAST_DIGITS
from core import clock
from ivr import queries
from ivr.dialogue.engine import Heard, Sound
from ivr.ports.events import RecordingReport, TurnReport
from ivr.ports.turn_url import LAST_TURN, TurnAddress
from ivr.ports.webhook_paths import INBOUND_VOICE, ROOT
from ivr.prompts import offline_prompts
from ivr.provider.station import station
from ivr.turns import hearing, interruption, turns
from ivr.webhooks import degraded, reports, spooled_answers
from ivr.webhooks.converse import converse
from ivr.webhooks.receiving import Genuine
from ivr.webhooks.report_pieces import Kind, RecordedTurn, Report

log = logging.getLogger(__name__)
router = APIRouter(prefix=ROOT)
Number = Annotated[int, Path(ge=0, le=LAST_TURN)]


@router.post("/calls/{call_id}/turns/{number}")
async def turn(call_id: UUID, number: Number, webhook: Genuine, request: Request) -> Response:
    """What to say at turn ``number`` of a call; 0 is its beginning. A repeated request hears the same again."""
    return await _converse(TurnAddress.read(call_id, number, request.query_params), webhook.turn())


@router.post("/calls/{call_id}/turns/{number}/recording")
async def recorded(call_id: UUID, number: Number, webhook: Genuine, request: Request) -> Response:
    """A recording can be fetched: the same news as turn ``number``, which may never come when the caller hangs up."""
    address, report = TurnAddress.read(call_id, number, request.query_params), webhook.turn()
    heard = hearing.heard(address, report.told)
    if heard.sound is Sound.RECORDING:
        told = RecordedTurn.at(address, report.provider_id, RecordingReport(heard.key, heard.seconds))
        await reports.take(Report(Kind.RECORDED, str(call_id), told))
    else:
        await _converse(address, report)
    return Response(status_code=204)


@router.post("/calls/{call_id}/fallback")
async def fallback(call_id: UUID, webhook: Genuine) -> Response:
    """The provider could not have our words, or carry them out: a kind sentence, a pause, and the same turn again."""
    return await _fall_back(call_id, webhook.turn())


@router.post("/calls/{call_id}/status")
async def status(call_id: UUID, webhook: Genuine) -> Response:
    """The end of a call."""
    await reports.take(Report(Kind.ENDED, str(call_id), webhook.call_report()))
    return Response(status_code=204)


@router.post("/calls/{call_id}/machine")
async def machine(call_id: UUID, webhook: Genuine) -> Response:
    """The provider's opinion whether a machine answered. It labels the call; it never decides that somebody is well."""
    await reports.take(Report(Kind.MACHINE, str(call_id), webhook.machine_report()))
    return Response(status_code=204)


@router.post("/inbound/voice")
async def inbound_voice(webhook: Genuine, request: Request) -> Response:
    """Somebody rings us; or the provider could not have, or carry out, our words to somebody who did."""
    report = webhook.turn()
    if report.failed and (failed := TurnAddress.found_in(report.failed.url)):
        return await _fall_back(failed.call_id, report)
    ring = webhook.inbound_call()

    def answer(session: Session) -> str:
        call = queries.call_by_provider_id(session, ring.provider_id)
        if call is None:
            call = turns.take_call(session, ring.provider_id, ring.caller, ring.our_number)
        return turns.reply(session, call, 0, Heard(Sound.ANSWERED))

    try:
        return _spoken(await degraded.stored(answer))
    except Exception:
        log.exception("the call %s that came in could not be taken", ring.provider_id)
    tries = request.query_params.get("try", "")
    return _spoken(degraded.hold(INBOUND_VOICE, tries) or degraded.farewell(offline_prompts.RING_AGAIN))


@router.post("/inbound/status")
async def inbound_status(webhook: Genuine) -> Response:
    """The end of a call that somebody made to us."""
    await reports.take(Report(Kind.INBOUND_ENDED, "", webhook.call_report()))
    return Response(status_code=204)


@router.post("/inbound/text")
async def inbound_text(webhook: Genuine) -> Response:
    """Somebody sends us a text. The reply is sent once the text is kept; when that fails the provider is told so."""
    await reports.take(Report(Kind.TEXT, "", webhook.inbound_text(), clock.now()))
    return _spoken(station().telephony.thanks())


@router.post("/texts/{text_id}/status")
async def text_status(text_id: UUID, webhook: Genuine) -> Response:
    """How the delivery of a text goes; reports may come late, twice and in any order."""
    await reports.take(Report(Kind.TEXT_FARED, str(text_id), webhook.text_report()))
    return Response(status_code=204)


async def _converse(address: TurnAddress, report: TurnReport) -> Response:
    heard = hearing.heard(address, report.told)

    try:
        return _spoken(await degraded.stored(partial(converse, address=address, report=report, heard=heard)))
    except Exception:
        log.exception("turn %s of call %s could not be stored", address.number, address.call_id)
    return _spoken(await _again(address, report, heard))


async def _fall_back(call_id: UUID, report: TurnReport) -> Response:
    """The provider says which address has failed; where it does not, the call begins again and hears what it heard.

    What it wanted to tell us there it need not say again: then the question is asked once more, and not as if the
    listener had been silent.
    """
    address = TurnAddress.of_url(call_id, report.failed.url if report.failed else "")
    reason = report.failed.reason if report.failed else ""
    log.error("call %s could not have turn %s: %s", call_id, address.number, reason or "no reason given")
    heard = hearing.heard(address, report.told)
    if heard.sound is Sound.SILENCE and address.key is None:
        heard = Heard(Sound.MISSED)
    return _spoken(await _again(address, report, heard))


async def _again(address: TurnAddress, report: TurnReport, heard: Heard) -> str:
    interruption.mark_soon(address.call_id)
    return degraded.once_more(address, hearing.carried(heard)) or await _given_up(address, report, heard)


async def _given_up(address: TurnAddress, report: TurnReport, heard: Heard) -> str:
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
        provider_id=report.provider_id,
        number=address.number,
        key=heard.key,
        step=at.step if at else None,
        play=at.play if at else 1,
        telephone=report.party,
    )
    try:
        await asyncio.to_thread(spooled_answers.keep, answer)
    except OSError:
        log.exception("the key %s of call %s is lost", heard.key, address.call_id)
        return degraded.farewell(offline_prompts.LATER, address)
    return degraded.farewell(offline_prompts.APOLOGY, address)


def _spoken(words: str) -> Response:
    return Response(words, media_type=station().telephony.reply_type)
