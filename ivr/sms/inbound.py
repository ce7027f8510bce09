"""Texts in: each is kept as it came before anything is made of it, read once, and read again when that has failed.

Keeping and reading are two transactions, so that no mistake in reading loses a text.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contacts.callers import caller_numbers
from core import clock
from core.ids import new_id
from core.storage.database import reading, unit_of_work, write
from ivr import queries
from ivr.dialogue import opt_out_words
from ivr.dialogue.opt_out_words import Wish
from ivr.models import TextIn
from ivr.ports import owners
from ivr.ports.events import ReceivedText
from ivr.ports.provider import RefusedForGoodError, RefusedForNowError, UncertainError
from ivr.provider.station import station
from ivr.queries import text_messages
from ivr.sms import opt_outs

log = logging.getLogger(__name__)
RECOVERY = "ivr.recover_texts"
RECOVERY_SECONDS = 300.0
LOOK_BACK = timedelta(days=1)
TRY_AGAIN_AFTER = timedelta(seconds=30)


def keep(session: Session, provider_id: str, number: str, body: str, at: datetime) -> UUID | None:
    """Keeps a text that came at ``at``, to be read next; None when we have it already."""
    if text_messages.text_in_by_provider_id(session, provider_id) is not None:
        return None
    sender = caller_numbers.number_of(session, number) or number
    text = TextIn(id=new_id(), provider_id=provider_id, number=sender, body=body.replace("\x00", ""),
                  received_at=at, next_try_at=clock.real_now() + TRY_AGAIN_AFTER)  # fmt: skip
    session.add(text)
    return text.id


def read(session: Session, text_id: UUID) -> None:
    """Reads a text unless somebody has: a wish about texts is honoured first, then the floors above are told."""
    text = text_messages.text_in_for_update(session, text_id)
    if text is None or text.next_try_at is None:
        return
    text.next_try_at = None
    wish = opt_out_words.read(text.body)
    if wish is Wish.STOP:
        opt_outs.refuse(session, text.number, opt_outs.ASKED)
    elif wish is Wish.RESUME:
        opt_outs.resume(session, text.number)
    owners.text_reader().read(session, text, wish)


def recover() -> None:
    """Learns of texts that came while nobody of us was there to be told; those we have are left alone."""
    with reading() as session:
        numbers = [line.number for line in queries.lines(session)]
    for number in numbers:
        try:
            received = station().telephony.texts_received(number, clock.real_now() - LOOK_BACK)
        except (RefusedForGoodError, RefusedForNowError, UncertainError) as doubt:
            log.warning("the texts to %s cannot be listed now: %s", number, doubt)
            continue
        for text in received:
            if text_id := _learn(text):
                _try_to_read(text_id)


def read_waiting() -> None:
    """Reads whatever could not be read before."""
    with reading() as session:
        waiting = [text.id for text in text_messages.unread_texts(session, clock.real_now())]
    for text_id in waiting:
        _try_to_read(text_id)


def _learn(text: ReceivedText) -> UUID | None:
    try:
        received_at = clock.anchor().at(text.created_at)
        return write(lambda session: keep(session, text.provider_id, text.number, text.body, received_at))
    except IntegrityError:
        log.info("text %s was received twice at once", text.provider_id)
        return None


def _try_to_read(text_id: UUID) -> None:
    try:
        write(lambda session: read(session, text_id))
    except Exception:  # whatever goes wrong with one text must not keep the others from being read
        log.exception("the text %s that came in could not be read", text_id)
        with unit_of_work() as session:
            session.get_one(TextIn, text_id).next_try_at = clock.real_now() + TRY_AGAIN_AFTER
