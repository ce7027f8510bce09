"""Our own copy of what callers leave, and the provider's, which goes."""

from datetime import timedelta

import pytest

from core import clock
from core.storage import database
from ivr import queries
from ivr.models import Recording, RecordingState
from ivr.webhooks import recordings
from tests import signed_in
from tests.switchboard import rows


@pytest.fixture
def left(switchboard):
    """The provider's id of a message that somebody has left."""
    return switchboard.ring("+8631187654321").press("#").speak(5)


def state():
    return rows(Recording)[0].state


def sound():
    with database.reading() as session:
        return queries.sound(session, rows(Recording)[0].id)


def at_the_next_try():
    with database.unit_of_work() as session:
        recording = session.get_one(Recording, rows(Recording)[0].id)
        assert recording.next_try_at > clock.real_now() + timedelta(seconds=5)
        recording.next_try_at = clock.real_now()


def test_a_message_is_fetched_and_then_deleted_at_the_provider(provider, left):
    provider.sounds[left] = b"RIFF our voice"
    recordings.collect()
    assert (state(), sound(), provider.deleted) == (RecordingState.KEPT, b"RIFF our voice", [left])
    recordings.collect()
    assert provider.deleted == [left]


def test_nothing_is_deleted_before_it_is_ours(provider, left):
    provider.down = True
    recordings.collect()
    assert (state(), provider.deleted) == (RecordingState.AT_PROVIDER, [])
    provider.down, provider.sounds[left] = False, b"RIFF"
    at_the_next_try()
    recordings.collect()
    assert (state(), provider.deleted) == (RecordingState.KEPT, [left])


def test_a_deletion_that_fails_is_tried_again_without_fetching_twice(provider, left, monkeypatch):
    provider.sounds[left] = b"RIFF"
    with monkeypatch.context() as patching:
        patching.setattr(provider, "delete_recording", _down)
        recordings.collect()
    assert (state(), sound()) == (RecordingState.FETCHED, b"RIFF")
    provider.sounds.clear()
    at_the_next_try()
    recordings.collect()
    assert (state(), provider.deleted) == (RecordingState.KEPT, [left])


def test_a_recording_that_never_comes_is_given_up_in_the_end(provider, left):
    for _ in range(recordings.TRIES_WHILE_MISSING):
        recordings.collect()
        at_the_next_try()
    assert state() == RecordingState.AT_PROVIDER
    recordings.collect()
    assert (state(), rows(Recording)[0].next_try_at) == (RecordingState.LOST, None)


def test_the_office_hears_the_message_once_it_is_ours(switchboard, provider, left):
    address = f"/today/messages/{rows(Recording)[0].id}.wav"
    signed_in.enter(switchboard.client)
    assert switchboard.client.get(address).status_code == 404
    assert address in switchboard.client.get("/").text
    provider.sounds[left] = b"RIFF our voice"
    recordings.collect()
    answer = switchboard.client.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"RIFF our voice", "audio/wav")


def _down(_):
    raise recordings.RefusedForNowError("the provider is down")
