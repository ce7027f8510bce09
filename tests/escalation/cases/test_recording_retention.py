"""Spoken messages are kept for as long as they may be, and no longer."""

from datetime import timedelta

import pytest

from core import actors, clock, settings
from core.running.events import Event
from core.storage import database
from escalation.cases import cases, recording_retention
from escalation.models import Case
from ivr import queries
from ivr.models import Recording, RecordingState
from tests.switchboard import House, rows
from zaoan.cli.documents import case_documents


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory):
    chosen = settings.Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('keeping')}/z.db",
                               data_dir=tmp_path_factory.mktemp("data"), keep_recordings_days=30)  # fmt: skip
    opened = House(chosen)
    yield opened
    opened.close()


@pytest.fixture
def message(switchboard):
    """The case of a message that is ours alone."""
    switchboard.ring("+8631187654321").press("#").speak(5)
    [case] = [each for each in rows(Case) if each.state == "open"]
    with database.unit_of_work() as session:
        recording = session.get_one(Recording, case.recording_id)
        recording.sound, recording.state, recording.next_try_at = b"RIFF our voice", RecordingState.KEPT, None
    yield case.id
    with database.unit_of_work() as session:
        if session.get_one(Case, case.id).state == "open":
            cases.close(session, actors.system(), case.id, "")


def closed(case_id, days_ago):
    with database.unit_of_work() as session:
        cases.close(session, actors.system(), case_id, "听过了").closed_at = clock.now() - timedelta(days=days_ago)


def sound(case_id):
    with database.reading() as session:
        return queries.sound(session, session.get_one(Case, case_id).recording_id)


def said_of(case_id):
    with database.reading() as session:
        return case_documents(session, [session.get_one(Case, case_id)])[0]["recording"]


def test_a_message_is_deleted_when_its_days_are_over_and_its_case_says_so(message):
    closed(message, days_ago=30)
    assert said_of(message) == "kept"
    recording_retention.delete_expired()
    assert (sound(message), said_of(message)) == (None, "deleted")
    assert len(rows(Event, kind="case.recording_deleted", subject_id=message)) == 1
    recording_retention.delete_expired()
    assert len(rows(Event, kind="case.recording_deleted", subject_id=message)) == 1


def test_until_then_it_can_be_heard(message):
    closed(message, days_ago=29)
    recording_retention.delete_expired()
    assert (sound(message), said_of(message)) == (b"RIFF our voice", "kept")


def test_the_message_of_an_open_case_is_kept_however_old_it_is(message):
    with database.unit_of_work() as session:
        session.get_one(Case, message).opened_at = clock.now() - timedelta(days=400)
    recording_retention.delete_expired()
    assert sound(message) == b"RIFF our voice"


def test_a_recording_that_the_provider_still_holds_is_waited_for(message):
    closed(message, days_ago=40)
    with database.unit_of_work() as session:
        session.get_one(Recording, session.get_one(Case, message).recording_id).state = RecordingState.FETCHED
    recording_retention.delete_expired()
    assert said_of(message) == "fetched"
    with database.unit_of_work() as session:
        session.get_one(Recording, session.get_one(Case, message).recording_id).state = RecordingState.KEPT


def test_more_than_one_batch_goes_at_once(message, switchboard, monkeypatch):
    monkeypatch.setattr(recording_retention, "BATCH", 1)
    closed(message, days_ago=40)
    before = {each.id for each in rows(Case)}
    switchboard.ring("+8631187654321").press("#").speak(5)
    [other] = [each.id for each in rows(Case) if each.id not in before]
    with database.unit_of_work() as session:
        recording = session.get_one(Recording, session.get_one(Case, other).recording_id)
        recording.sound, recording.state = b"RIFF", RecordingState.KEPT
    closed(other, days_ago=50)
    recording_retention.delete_expired()
    assert (said_of(message), said_of(other)) == ("deleted", "deleted")
