"""Texts out: queued in the transaction that has something to tell, sent by a worker, looked up when in doubt.

A text is claimed alone and immediately before its request, so that its deadline begins with the request, and every
answer is recorded only for the try that asked: a worker that was frozen meanwhile changes nothing.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from contacts import phones
from core import actors, clock
from core.ids import new_id
from core.running import events
from core.running.wakeups import wake
from core.storage.database import reading, unit_of_work
from core.storage.literals import literal_state
from ivr import queries
from ivr.dispatch import dialler
from ivr.models import Text, TextState, Urgency
from ivr.ports.provider import OptedOutError, RefusedForGoodError, RefusedForNowError, UncertainError
from ivr.ports.webhook_paths import text_status_path
from ivr.provider.station import station
from ivr.queries import text_messages
from ivr.sms import delivery_receipts, opt_outs
from ivr.sms.segments import fitted

log = logging.getLogger(__name__)
TEXTING = "ivr.sms.outbound"
LOOK_AHEAD = 20
TRIES = 8
BACK_OFF_SECONDS = 5.0
LONGEST_BACK_OFF_SECONDS = 300.0
LANDLINE = "landline"
TOO_LATE = "too_late"
ASKED_US_TO_STOP = "asked_us_to_stop"


def queue(
    session: Session,
    number: str,
    body: str,
    subject_id: UUID | None,
    *,
    owner: str | None = None,
    urgency: Urgency = Urgency.ROUTINE,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Text:
    """A text to ``number`` (E.164) about ``subject_id``, to be sent between two instants; too long, it is shortened."""
    now = clock.now()
    sent = fitted(body)
    text = Text(id=new_id(), number=number, body=sent, subject_id=subject_id, next_try_at=not_before or now,
                created_at=now, state=TextState.QUEUED, tries=0, owner=owner, urgency=urgency,
                not_after=not_after)  # fmt: skip
    session.add(text)
    if sent != body:
        log.warning("text %s was shortened from %d to %d characters", text.id, len(body), len(sent))
        events.append(session, actors.system(), "text.shortened", subject_id, left_out=len(body) - len(sent))
    wake(session, TEXTING)
    return text


def drop_waiting(session: Session, owner: str, subject_id: UUID) -> None:
    """Routine texts of ``owner`` about this subject that have not been sent are no longer true and stay unsent."""
    about = (Text.owner == owner, Text.subject_id == subject_id, Text.urgency == Urgency.ROUTINE)
    session.execute(
        update(Text).where(*about, Text.state == literal_state(TextState.QUEUED)).values(state=TextState.NOT_WANTED)
    )


def drop_all(session: Session, owner: str, subject_id: UUID) -> None:
    """Texts of ``owner`` about this subject that have not been sent stay unsent, also one whose try is under way."""
    about = (Text.owner == owner, Text.subject_id == subject_id)
    session.execute(
        update(Text).where(*about, Text.state == literal_state(TextState.QUEUED)).values(state=TextState.NOT_WANTED)
    )
    under_way = update(Text).where(*about, Text.state == literal_state(TextState.SENDING))
    session.execute(under_way.values(not_after=clock.now()))


def drop(session: Session, text_ids: Sequence[UUID]) -> Collection[UUID]:
    """Those of these texts that had not been sent, and now stay unsent: what they say is no longer true."""
    waiting = (Text.id.in_(text_ids), Text.state == literal_state(TextState.QUEUED))
    dropped = update(Text).where(*waiting).values(state=TextState.NOT_WANTED).returning(Text.id)
    return session.scalars(dropped).all()


def send() -> None:
    """Sends every text that waits; one that may have been sent already is looked up first, alerts before the rest."""
    with reading() as session:
        doubtful = [_claimed(text) for text in text_messages.silent_sending(session, clock.real_now())]
    for each in doubtful:
        _resolve(each)
    while claimed := _claim():
        _send(claimed)
    delivery_receipts.look_up_silent()


@dataclass(frozen=True)
class Claimed:
    """One try of one text; ``since`` is the real instant of its claim."""

    text_id: UUID
    tries: int
    to: str
    from_: str
    body: str
    since: datetime


def _claim() -> Claimed | None:
    with unit_of_work() as session:
        senders = queries.lines(session)
        for text in text_messages.unsent_texts(session, clock.now(), LOOK_AHEAD) if senders else ():
            if why_not := _unsendable(session, text):
                delivery_receipts.settle(session, text, *why_not)
                continue
            text.state, text.tries = TextState.SENDING, text.tries + 1
            text.sender = text.sender or senders[0].number
            text.request_deadline = clock.real_now() + dialler.REQUEST_MARGIN
            return _claimed(text)
    return None


def _unsendable(session: Session, text: Text) -> tuple[TextState, str] | None:
    """Why the text must not or cannot be sent."""
    if opt_outs.refuses(session, text.number):
        return TextState.REFUSED, ASKED_US_TO_STOP
    if not phones.can_receive_texts(text.number):
        return TextState.FAILED, LANDLINE
    if text.not_after is not None and text.not_after <= clock.now():
        return TextState.FAILED, TOO_LATE
    return None


def _claimed(text: Text) -> Claimed:
    since = (text.request_deadline or clock.real_now()) - dialler.REQUEST_MARGIN
    return Claimed(text.id, text.tries, text.number, text.sender or "", text.body, since)


def _send(claimed: Claimed) -> None:
    try:
        status_url = station().url(text_status_path(claimed.text_id))
        provider_id = station().telephony.send_text(claimed.to, claimed.from_, claimed.body, status_url)
    except OptedOutError as refusal:
        _refused(claimed, TextState.REFUSED, str(refusal.code))
    except RefusedForGoodError as refusal:
        _refused(claimed, TextState.FAILED, str(refusal.code))
    except RefusedForNowError as refusal:
        _try_later(claimed, str(refusal))
    except UncertainError as doubt:
        log.warning("text %s may or may not have been sent: %s", claimed.text_id, doubt)
    else:
        _sent(claimed, provider_id)


def _resolve(claimed: Claimed) -> None:
    """Adopts the provider's text, or sends ours again once it is certain that the provider has none."""
    try:
        found = station().telephony.texts_since(claimed.to, claimed.from_, claimed.since)
    except (RefusedForGoodError, RefusedForNowError, UncertainError) as doubt:
        log.warning("text %s cannot be looked up now: %s", claimed.text_id, doubt)
        return
    with reading() as session:
        same = [each.provider_id for each in found if each.body == claimed.body
                and text_messages.text_by_provider_id(session, each.provider_id) is None]  # fmt: skip
    if same:
        _sent(claimed, same[0])
    else:
        _try_later(claimed, "not found at the provider")


def _sent(claimed: Claimed, provider_id: str) -> None:
    with unit_of_work() as session:
        delivery_receipts.hear(session, claimed.text_id, provider_id, TextState.SENT, None)


def _refused(claimed: Claimed, state: TextState, code: str) -> None:
    with unit_of_work() as session:
        if text := _of_this_try(session, claimed):
            delivery_receipts.settle(session, text, state, code)


def _try_later(claimed: Claimed, reason: str) -> None:
    """Nothing was sent: the next try waits twice as long, in real time, because it is the provider that needs it."""
    with unit_of_work() as session:
        text = _of_this_try(session, claimed)
        if text is None:
            return
        if text.tries >= TRIES:
            delivery_receipts.settle(session, text, TextState.FAILED, reason)
            return
        seconds = min(BACK_OFF_SECONDS * 2 ** (text.tries - 1), LONGEST_BACK_OFF_SECONDS)
        text.state = TextState.QUEUED
        text.next_try_at = clock.now() + timedelta(seconds=seconds * clock.anchor().speed)


def _of_this_try(session: Session, claimed: Claimed) -> Text | None:
    """The text while nothing has been heard of it since this try began."""
    text = text_messages.text_for_update(session, claimed.text_id)
    is_ours = text is not None and text.state == TextState.SENDING and text.tries == claimed.tries
    return text if is_ours else None
