"""Recordings of which a provider has told: noted, to be fetched as soon as may be."""

from sqlalchemy.orm import Session

from core import actors, clock
from core.actors import Actor
from core.ids import new_id
from core.running import events
from core.running.wakeups import wake
from ivr import queries
from ivr.models import Call, Recording, RecordingState
from ivr.ports.events import RecordingReport

RECORDINGS = "ivr.webhooks.recordings"
"""The task that fetches them."""


def note(session: Session, actor: Actor, call: Call, told: RecordingReport) -> Recording:
    """A recording made in this call."""
    recording = Recording(
        id=new_id(),
        call_id=call.id,
        provider_id=told.recording_id,
        seconds=told.seconds,
        state=RecordingState.AT_PROVIDER,
        made_at=clock.now(),
        tries=0,
        next_try_at=clock.real_now(),
        sound=None,
    )
    session.add(recording)
    session.flush()
    events.append(session, actor, "recording.made", recording.id, seconds=told.seconds)
    wake(session, RECORDINGS)
    return recording


def note_announcement(session: Session, call: Call, told: RecordingReport | None) -> None:
    """What the network said instead of an answer; telling it twice changes nothing."""
    if told is not None and queries.recording_by_provider_id(session, told.recording_id) is None:
        note(session, actors.system(), call, told)
