"""What callers leave on a recording: our own copy is fetched with the account's credentials, the provider's deleted.

``at_provider → fetched → kept``; each step is one request outside any transaction, tried again until it succeeds.
Whoever had it recorded knows how long it may be kept, and deletes it then.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from core import actors, clock
from core.running import events
from core.storage.database import reading, unit_of_work, write
from ivr import queries
from ivr.dialogue.engine import Heard
from ivr.dispatch import recorded
from ivr.models import Call, Recording, RecordingState
from ivr.ports.events import RecordingReport
from ivr.ports.provider import RefusedForGoodError, RefusedForNowError, UncertainError
from ivr.provider.station import station

log = logging.getLogger(__name__)
BATCH = 20
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
TRIES_WHILE_MISSING = 12
"""A recording that was just made may not be there yet; after so many tries (some hours) it never will be."""


def keep(session: Session, call: Call, heard: Heard) -> Recording:
    """Notes a recording of which the provider has told, to be fetched as soon as may be."""
    return recorded.note(session, actors.caller(), call, RecordingReport(heard.key, heard.seconds))


def delete(session: Session, recording_id: UUID) -> None:
    """Deletes our own copy of a recording that is ours alone; that there was one stays known."""
    recording = session.get_one(Recording, recording_id)
    recording.sound, recording.state = None, RecordingState.DELETED
    events.append(session, actors.system(), "recording.deleted", recording.id)


def delete_announcements(made_before: datetime) -> None:
    """Deletes what networks said before then, which belongs to no case; how the calls ended stays known."""
    while write(partial(_delete_announcements, made_before=made_before)):
        pass


def _delete_announcements(session: Session, made_before: datetime) -> bool:
    old = queries.announcements(session, made_before, BATCH)
    for recording in old:
        events.append(session, actors.system(), "recording.deleted", recording.id)
        session.delete(recording)
    return len(old) == BATCH


def collect() -> None:
    """Carries every recording that waits one step further, or notes when to try again."""
    with reading() as session:
        waiting = queries.recordings_to_carry(session, clock.real_now(), BATCH)
    for recording in waiting:
        try:
            if recording.state == RecordingState.AT_PROVIDER:
                _fetch(recording)
            _delete(recording)
        except (RefusedForNowError, UncertainError) as doubt:
            log.warning("recording %s cannot be carried over now: %s", recording.id, doubt)
            _try_later(recording.id)


def _fetch(recording: Recording) -> None:
    try:
        sound = station().telephony.fetch_recording(recording.provider_id)
    except RefusedForGoodError as refusal:
        if recording.tries < TRIES_WHILE_MISSING:
            raise RefusedForNowError("it is not there yet") from refusal
        _settle(recording.id, RecordingState.LOST)
        log.error("recording %s was never to be had from the provider", recording.id)
        return
    with unit_of_work() as session:
        ours = session.get_one(Recording, recording.id)
        ours.sound, ours.state = sound, RecordingState.FETCHED
        events.append(session, actors.system(), "recording.fetched", ours.id)


def _delete(recording: Recording) -> None:
    """The provider's copy goes only once ours is stored."""
    with reading() as session:
        state = session.get_one(Recording, recording.id).state
    if state == RecordingState.FETCHED:
        station().telephony.delete_recording(recording.provider_id)
        _settle(recording.id, RecordingState.KEPT)


def _settle(recording_id: UUID, state: RecordingState) -> None:
    with unit_of_work() as session:
        recording = session.get_one(Recording, recording_id)
        recording.state, recording.next_try_at = state, None
        events.append(session, actors.system(), f"recording.{state}", recording.id)


def _try_later(recording_id: UUID) -> None:
    with unit_of_work() as session:
        recording = session.get_one(Recording, recording_id)
        recording.tries += 1
        pause = min(FIRST_PAUSE * 2 ** min(recording.tries, 10), LONGEST_PAUSE)
        recording.next_try_at = clock.real_now() + pause
