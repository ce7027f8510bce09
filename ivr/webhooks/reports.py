"""Reports of the provider to which nobody listens: how a call ended, who answered it, how a text fared, what came in.

They let whoever listens to us go first, and none is refused because the database is busy: what cannot be stored in time
waits on this machine's disk, and the provider is told that we have it. Hearing a report late or twice changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy.orm import Session

from core.ids import new_id
from core.storage.database import store, write_behind
from core.storage.fairness import Turn
from ivr import queries
from ivr.dialogue.engine import Heard, Position, Sound
from ivr.dispatch import calls
from ivr.models import Call, CallState
from ivr.ports.provider import RefusedForNowError, UncertainError
from ivr.ports.turn_url import TurnAddress, message_path
from ivr.provider.station import station
from ivr.provider.twilio import FINAL_STATUSES, TEXT_STATUSES, greeting_is_over, is_machine
from ivr.sms import delivery_receipts, inbound
from ivr.turns import interruption, turns
from ivr.webhooks import degraded
from ivr.webhooks.spool import Piece, Spool

log = logging.getLogger(__name__)
FOLDER = "reports"
After = Callable[[], object]


class Kind(StrEnum):
    """What is reported."""

    ENDED = "ended"
    MACHINE = "machine"
    INBOUND_ENDED = "inbound_ended"
    TEXT = "text"
    TEXT_FARED = "text_fared"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Report:
    """What the provider told us: of which of our calls or texts ("": it knows only its own), and its own words."""

    kind: Kind
    subject: str
    fields: Mapping[str, str]


def recorded(address: TurnAddress, provider_id: str, heard: Heard) -> Report:
    """What was heard at a turn is a recording."""
    at = {"step": address.position.step, "play": str(address.position.play)} if address.position else {}
    what = {"recording": heard.key, "seconds": str(heard.seconds), "number": str(address.number)}
    return Report(Kind.RECORDED, str(address.call_id), {"CallSid": provider_id} | what | at)


async def take(report: Report) -> None:
    """Returns once the report is stored, or kept until it can be; raises 503 when not even the disk takes it."""
    try:
        then = await degraded.stored(partial(note, report), _turn(report))
    except Exception as failure:  # noqa: BLE001 - whatever it is, the report is kept
        log.warning("a report (%s) waits on the disk: %s", report.kind, type(failure).__name__)
        try:
            await asyncio.to_thread(_spool.keep, f"{new_id()}-{report.kind}", asdict(report))
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
    return _NOTES[report.kind](session, report.subject, report.fields)


def adopted(session: Session, call_id: UUID, provider_id: str) -> Call | None:
    """Our call, if the provider's is the one that we know or want; its reports are stored one after the other."""
    call = calls.held(session, call_id)
    return call if call is not None and calls.adopt(session, call, provider_id) else None


def _ended(session: Session, call_id: str, fields: Mapping[str, str]) -> None:
    """Reports that contradict an end already known, or that name a second call, change nothing."""
    ending, call = FINAL_STATUSES.get(fields["CallStatus"]), adopted(session, UUID(call_id), fields["CallSid"])
    if call is None or ending is None:
        return
    if is_machine(fields.get("AnsweredBy", "")):
        calls.note_machine(session, call, by_machine=True)
    interruption.reported_over(session, call, ending)


def _machine(session: Session, call_id: str, fields: Mapping[str, str]) -> After | None:
    """A machine that has finished its greeting is left a message, unless a key has proved that somebody is there."""
    call = adopted(session, UUID(call_id), fields["CallSid"])
    if call is None:
        return None
    calls.note_machine(session, call, by_machine=is_machine(fields["AnsweredBy"]))
    if not greeting_is_over(fields["AnsweredBy"]) or not _wants_message(session, call):
        return None
    return partial(_leave_message, call.id, fields["CallSid"])


def _inbound_ended(session: Session, _: str, fields: Mapping[str, str]) -> None:
    ending, call = FINAL_STATUSES.get(fields["CallStatus"]), queries.call_by_provider_id(session, fields["CallSid"])
    if call is not None and ending is not None:
        interruption.reported_over(session, call, ending)


def _text(session: Session, _: str, fields: Mapping[str, str]) -> After | None:
    """A text is read once it is kept; one that cannot be read now is read by the tick."""
    at = datetime.fromisoformat(fields["at"])
    text_id = inbound.keep(session, fields["MessageSid"], fields["From"], fields["Body"], at)
    return partial(_read, text_id) if text_id else None


def _text_fared(session: Session, text_id: str, fields: Mapping[str, str]) -> None:
    state = TEXT_STATUSES.get(fields["MessageStatus"])
    if state is not None:
        delivery_receipts.hear(session, UUID(text_id), fields["MessageSid"], state, fields.get("ErrorCode"))


def _recorded(session: Session, call_id: str, fields: Mapping[str, str]) -> None:
    call = adopted(session, UUID(call_id), fields["CallSid"])
    position = Position(fields["step"], int(fields["play"])) if "step" in fields else None
    heard = Heard(Sound.RECORDING, fields["recording"], int(fields["seconds"]))
    if call is not None:
        turns.reply(session, call, int(fields["number"]), heard, position)


_NOTES: Mapping[Kind, Callable[[Session, str, Mapping[str, str]], After | None]] = {
    Kind.ENDED: _ended,
    Kind.MACHINE: _machine,
    Kind.INBOUND_ENDED: _inbound_ended,
    Kind.TEXT: _text,
    Kind.TEXT_FARED: _text_fared,
    Kind.RECORDED: _recorded,
}


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
    then = write_behind(partial(note, Report(Kind(piece["kind"]), piece["subject"], piece["fields"])))
    if then is not None:
        then()


_spool = Spool(FOLDER, _record)
