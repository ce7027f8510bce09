"""Texts out: queued in the transaction that has something to tell, sent by a worker, looked up when in doubt."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core import clock, events
from core.database import reading, unit_of_work
from core.ids import new_id
from core.wakeups import wake
from ivr import dialling, queries
from ivr.models import Text, TextState
from ivr.station import station
from ivr.telephony import RefusedForGoodError, RefusedForNowError, UncertainError

log = logging.getLogger(__name__)
TEXTING = "ivr.texts"
BATCH = 20
TRIES = 5
BACK_OFF = timedelta(seconds=30)


def queue(session: Session, number: str, body: str, subject_id: UUID | None) -> Text:
    """A text to ``number`` (E.164) about ``subject_id``."""
    now = clock.now()
    text = Text(id=new_id(), number=number, body=body, subject_id=subject_id, next_try_at=now, created_at=now,
                state=TextState.QUEUED, tries=0)  # fmt: skip
    session.add(text)
    wake(session, TEXTING)
    return text


def send() -> None:
    """Sends every text that waits; a text that may have been sent already is looked up first."""
    with reading() as session:
        doubtful = [text.id for text in queries.silent_sending(session, clock.real_now())]
    for text_id in doubtful:
        _resolve(text_id)
    while claimed := _claim():
        for text_id in claimed:
            _send(text_id)


def _claim() -> list[UUID]:
    with unit_of_work() as session:
        waiting = queries.unsent_texts(session, clock.now(), BATCH)
        for text in waiting:
            text.state = TextState.SENDING
            text.tries += 1
            text.request_deadline = clock.real_now() + dialling.REQUEST_MARGIN
        return [text.id for text in waiting]


def _send(text_id: UUID) -> None:
    with reading() as session:
        text = session.get_one(Text, text_id)
        sender = queries.lines(session)[0].number
    try:
        status_url = station().url(f"/telephony/texts/{text_id}/status")
        provider_id = station().telephony.send_text(text.number, sender, text.body, status_url)
    except RefusedForGoodError as refusal:
        _fail(text_id, str(refusal.code))
    except RefusedForNowError as refusal:
        _try_later(text_id, str(refusal))
    except UncertainError as doubt:
        log.warning("text %s may or may not have been sent: %s", text_id, doubt)
    else:
        _sent(text_id, provider_id)


def _resolve(text_id: UUID) -> None:
    with reading() as session:
        text = session.get_one(Text, text_id)
        sender = queries.lines(session)[0].number
        claimed_at = (text.request_deadline or clock.real_now()) - dialling.REQUEST_MARGIN
    try:
        sent = station().telephony.texts_since(text.number, sender, claimed_at)
    except (RefusedForGoodError, RefusedForNowError, UncertainError) as doubt:
        log.warning("text %s cannot be looked up now: %s", text_id, doubt)
        return
    same = [each for each in sent if each.body == text.body]
    if same:
        _sent(text_id, same[0].provider_id)
    else:
        _try_later(text_id, "not found at the provider")


def _sent(text_id: UUID, provider_id: str) -> None:
    with unit_of_work() as session:
        text = session.get_one(Text, text_id)
        text.provider_id = provider_id
        if text.state == TextState.SENDING:  # its delivery may have been reported before
            text.state = TextState.SENT
            events.append(session, "text.sent", text.subject_id)


def _try_later(text_id: UUID, reason: str) -> None:
    with unit_of_work() as session:
        text = session.get_one(Text, text_id)
        if text.tries >= TRIES:
            text.state, text.failure = TextState.FAILED, reason
            events.append(session, "text.failed", text.subject_id)
        else:
            text.state, text.next_try_at = TextState.QUEUED, clock.now() + BACK_OFF


def _fail(text_id: UUID, reason: str) -> None:
    with unit_of_work() as session:
        text = session.get_one(Text, text_id)
        text.state, text.failure = TextState.FAILED, reason
        events.append(session, "text.failed", text.subject_id)
