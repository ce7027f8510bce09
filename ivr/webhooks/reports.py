"""Reports of the provider to which nobody listens: how a call ended, who answered it, how a text fared, what came in.

They let whoever listens to us go first, and none is refused because the database is busy: what cannot be stored in time
waits on this machine's disk, and the provider is told that we have it. Hearing a report late or twice changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.storage.database import store, write_behind
from core.storage.fairness import Turn
from ivr import queries
from ivr.dialogue.engine import Heard, Position, Sound
from ivr.dispatch import calls
from ivr.models import Call, CallState, CallTurn
from ivr.ports.events import CallReport, InboundText, MachineReport, TextReport
from ivr.ports.provider import RefusedForNowError, UncertainError
from ivr.ports.turn_url import message_path
from ivr.provider.station import station
from ivr.sms import delivery_receipts, inbound
from ivr.turns import interruption, turns
from ivr.webhooks import degraded
from ivr.webhooks.report_pieces import Kind, RecordedTurn, Report, piece_of, report_of
from ivr.webhooks.spool import Piece, Spool

log = logging.getLogger(__name__)
FOLDER = "reports"
After = Callable[[], object]


async def take(report: Report) -> None:
    """Returns once the report is stored, or kept until it can be; raises 503 when not even the disk takes it."""
    try:
        then = await degraded.stored(partial(note, report), _turn(report))
    except Exception as failure:  # noqa: BLE001 - whatever it is, the report is kept
        log.warning("a report (%s) waits on the disk: %s", report.kind, type(failure).__name__)
        try:
            await asyncio.to_thread(_spool.keep, f"{new_id()}-{report.kind}", piece_of(report))
        except OSError as full:
            log.exception("a report (%s) could neither be stored nor kept", report.kind)
            raise HTTPException(503, "it could not be stored") from full
    else:
        if then is not None:
            await asyncio.to_thread(then)


def _turn(report: Report) -> Turn:
    """What somebody has said or written may be an answer."""
    return Turn.ANSWER if report.kind in {Kind.TEXT, Kind.RECORDED} else Turn.REPORT


def begin() -> None:
    """Stores in the background whatever waits on the disk; called at every start."""
    _spool.begin()


def note(report: Report, session: Session) -> After | None:
    """Stores a report; returns what is to be done once it is."""
    match report.told:
        case CallReport() if report.kind is Kind.INBOUND_ENDED:
            _inbound_ended(session, report.told)
        case CallReport():
            _ended(session, UUID(report.subject), report.told)
        case MachineReport():
            return _machine(session, UUID(report.subject), report.told)
        case InboundText():
            return _text(session, report.told, report.at or clock.now())
        case TextReport():
            _text_fared(session, UUID(report.subject), report.told)
        case RecordedTurn():
            _recorded(session, UUID(report.subject), report.told)
    return None


def adopted(session: Session, call_id: UUID, provider_id: str) -> Call | None:
    """Our call, if the provider's is the one that we know or want; its reports are stored one after the other."""
    call = calls.held(session, call_id)
    return call if call is not None and calls.adopt(session, call, provider_id) else None


def adopted_at(session: Session, call_id: UUID, provider_id: str, number: int) -> tuple[Call | None, CallTurn | None]:
    """As ``adopted``, with the turn ``number`` of the call if that was stored before."""
    call, known = calls.held_at(session, call_id, number)
    return (call, known) if call is not None and calls.adopt(session, call, provider_id) else (None, None)


def _ended(session: Session, call_id: UUID, told: CallReport) -> None:
    """Reports that contradict an end already known, or that name a second call, change nothing."""
    call = adopted(session, call_id, told.provider_id)
    if call is None or told.ending is None:
        return
    if told.by_machine:
        calls.note_machine(session, call, by_machine=True)
    interruption.reported_over(session, call, told)


def _inbound_ended(session: Session, told: CallReport) -> None:
    call = queries.call_by_provider_id(session, told.provider_id)
    if call is not None and told.ending is not None:
        interruption.reported_over(session, call, told)


def _machine(session: Session, call_id: UUID, told: MachineReport) -> After | None:
    """A machine that has finished its greeting is left a message, unless a key has proved that somebody is there."""
    call = adopted(session, call_id, told.provider_id)
    if call is None:
        return None
    calls.note_machine(session, call, by_machine=told.by_machine)
    if not told.is_listening or not _wants_message(session, call):
        return None
    return partial(_leave_message, call.id, told.provider_id)


def _text(session: Session, told: InboundText, at: datetime) -> After | None:
    """A text is read once it is kept; one that cannot be read now is read by the tick."""
    text_id = inbound.keep(session, told.provider_id, told.number, told.body, at)
    return partial(_read, text_id) if text_id else None


def _text_fared(session: Session, text_id: UUID, told: TextReport) -> None:
    if told.state is not None:
        delivery_receipts.hear(session, text_id, told.provider_id, told.state, told.failure)


def _recorded(session: Session, call_id: UUID, told: RecordedTurn) -> None:
    call = adopted(session, call_id, told.provider_id)
    position = Position(told.step, told.play) if told.step is not None else None
    if call is not None:
        heard = Heard(Sound.RECORDING, told.recording.recording_id, told.recording.seconds)
        turns.reply(session, call, told.number, heard, position)


def _wants_message(session: Session, call: Call) -> bool:
    under_way = call.state != CallState.ENDED and calls.dialogue_of(call).leaves_message
    return under_way and not queries.heard_key(session, call.id)


def _leave_message(call_id: UUID, provider_id: str) -> None:
    try:
        station().telephony.redirect(provider_id, station().url(message_path(call_id)))
    except (RefusedForNowError, UncertainError) as doubt:
        log.warning("the machine that answered call %s is left no message: %s", call_id, doubt)


def _read(text_id: UUID) -> None:
    try:
        store(partial(inbound.read, text_id=text_id))
    except Exception:
        log.exception("the text %s that came in could not be read", text_id)


def _record(piece: Piece) -> None:
    then = write_behind(partial(note, report_of(piece, station().telephony)))
    if then is not None:
        then()


_spool = Spool(FOLDER, _record)
