"""News of texts: what the provider reports, or is asked when it reports nothing, and who is told how a text ended."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core import actors, clock
from core.running import events
from core.storage.database import reading, write
from ivr.models import Text, TextState
from ivr.ports import owners
from ivr.ports.provider import RefusedForGoodError, RefusedForNowError, UncertainError
from ivr.provider.station import station
from ivr.queries import text_messages
from ivr.sms import delivery_state, opt_outs

log = logging.getLogger(__name__)
FIRST_LOOK = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=1)
"""Real time; some networks never report a delivery, and after a day there is nothing more to learn."""
UNKNOWN = "unknown to the provider"


def hear(session: Session, text_id: UUID, provider_id: str, state: TextState, failure: str | None) -> None:
    """News of the provider's text ``provider_id``, which may overtake the answer to our own request.

    When one text of ours has become two of the provider's, only a delivery counts of the one we do not know.
    """
    text = text_messages.text_for_update(session, text_id)
    if text is None:
        return
    text.provider_id = text.provider_id or provider_id
    if text.provider_id == provider_id or state is TextState.DELIVERED:
        settle(session, text, state, failure)


def settle(session: Session, text: Text, reported: TextState, failure: str | None) -> None:
    """Brings the text to the state that follows; its owner is told of the first failure and of the delivery."""
    before = text.state
    after = delivery_state.after(before, reported)
    if after is before:
        return
    text.state = after
    text.failure = failure if after in delivery_state.FAILURES else None
    text.look_up_at = clock.real_now() + FIRST_LOOK if after is TextState.SENT else None
    if reported is TextState.REFUSED:
        opt_outs.refuse(session, text.number, opt_outs.BY_PROVIDER)
    events.append(
        session, actors.system(), f"text.{after}", text.subject_id, **({"failure": failure} if text.failure else {})
    )
    _tell_owner(session, text, before, after)


def look_up_silent() -> None:
    """Asks the provider about texts whose delivery nobody has reported; less and less often, for a day."""
    with reading() as session:
        silent = [
            (text.id, text.provider_id or "") for text in text_messages.texts_to_look_up(session, clock.real_now())
        ]
    for text_id, provider_id in silent:
        _look_up(text_id, provider_id)


def _look_up(text_id: UUID, provider_id: str) -> None:
    try:
        known = station().telephony.look_up_text(provider_id)
    except (RefusedForGoodError, RefusedForNowError, UncertainError) as doubt:
        log.warning("text %s cannot be looked up now: %s", text_id, doubt)
        return

    def work(session: Session) -> None:
        text = text_messages.text_for_update(session, text_id)
        if text is None or text.look_up_at is None:
            return
        text.look_up_at = _next_look(text, clock.real_now())
        if known is None:
            settle(session, text, TextState.FAILED, UNKNOWN)
        else:
            settle(session, text, known.state, known.failure)

    write(work)


def _next_look(text: Text, real_now: datetime) -> datetime | None:
    age = real_now - (text.request_deadline or real_now)
    return None if age > PATIENCE else real_now + min(max(age, FIRST_LOOK), LONGEST_PAUSE)


def _tell_owner(session: Session, text: Text, before: TextState, after: TextState) -> None:
    owner = owners.text_owner_of(text)
    if owner is None:
        return
    session.flush()
    if after is TextState.DELIVERED:
        owner.delivered(session, text)
    elif after in delivery_state.FAILURES and before not in delivery_state.FAILURES:
        owner.failed(session, text)
