"""Why a number cannot be reached: what the network's code says, and what it said aloud, where the office looks."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.models import Outcome
from console.view.today import today
from contacts.models import RefusedNumber
from core import clock, settings
from core.i18n import Language, translate
from core.storage import database
from escalation.cases import recording_retention
from escalation.models import Case
from ivr.models import Call, Ending, Recording, RecordingState
from ivr.network_reasons import why
from ivr.ports.events import CallReport, RecordingReport
from ivr.webhooks import recordings, reports
from ivr.webhooks.report_pieces import Kind, Report, piece_of, report_of
from tests import signed_in
from tests.ivr.house import NUMBER, SID
from zaoan.cli.documents import case_documents

TABLE = tomllib.loads((Path(__file__).parents[3] / "trunk" / "sip" / "outcomes.toml").read_text("utf-8"))
HEARD = RecordingReport("0123456789abcdef", 7)


def told(house, ending, code=None, announcement=None):
    report = Report(Kind.ENDED, str(house.call_id), CallReport(SID, ending, code=code, announcement=announcement))
    with database.unit_of_work() as session:
        reports.note(report, session)


@pytest.fixture
def announced(house):
    """The network has said that the number is not in service; its words are ours."""
    for _ in "twice":
        told(house, Ending.REFUSED, 404, HEARD)
    [recording] = house.rows(Recording)
    with database.unit_of_work() as session:
        known = session.get_one(Recording, recording.id)
        known.sound, known.state, known.next_try_at = b"RIFF the network", RecordingState.KEPT, None
    return recording.id


def seen(house):
    with database.reading() as session:
        return today(session)


def test_the_office_hears_at_the_case_why_nobody_was_reached(house, announced):
    assert house.check_in().outcome == Outcome.UNREACHABLE
    shown = seen(house)
    [[call]] = shown.unreached.values()
    assert (call.number, call.code, call.recording_id) == (NUMBER, 404, announced)
    assert "not in service" in call.why.said
    assert "no way to the number" in call.why.doubt
    signed_in.enter(house.client)
    page = house.client.get("/").text
    assert f"/today/messages/{announced}.wav" in page
    assert translate(Language.CHINESE, call.why.said) in page
    assert house.client.get(f"/today/messages/{announced}.wav").content == b"RIFF the network"


def test_the_number_is_to_be_corrected_and_its_announcement_stands_beside_it(house, announced):
    [line] = seen(house).numbers
    assert (line.number, line.fault, line.recording_id) == (NUMBER, "not_in_service", announced)
    with database.reading() as session:
        [case] = case_documents(session, session.scalars(select(Case)).all())
        assert [(each["code"], each["recording"]) for each in case["unreached"]] == [(404, str(announced))]


def test_nobody_is_marked_who_is_only_busy_and_a_report_without_a_reason_says_none(house):
    told(house, Ending.BUSY, 486)
    assert house.count(RefusedNumber) == 0
    assert house.call().refusal_code == 486
    assert seen(house).unreached == {}


def test_a_report_that_waited_on_the_disk_says_the_same(house):
    report = Report(Kind.ENDED, str(house.call_id), CallReport(SID, Ending.REFUSED, code=1, announcement=HEARD))
    assert report_of(piece_of(report), None) == report


def test_an_announcement_is_deleted_when_its_days_are_over_and_the_reason_stays(house, announced, monkeypatch):
    monkeypatch.setattr(recordings, "BATCH", 1)
    recording_retention.delete_expired()
    assert house.count(Recording) == 1
    with database.unit_of_work() as session:
        days = settings.current().keep_recordings_days
        session.get_one(Recording, announced).made_at = clock.now() - timedelta(days=days, minutes=1)
    recording_retention.delete_expired()
    assert house.count(Recording) == 0
    [[call]] = seen(house).unreached.values()
    assert (call.code, call.recording_id) == (404, None)
    with database.reading() as session:
        assert session.get_one(Call, house.call_id).refusal_code == 404


def test_a_message_of_a_person_is_kept_however_old_while_its_case_is_open(house):
    house.turn(0)
    with database.unit_of_work() as session:
        session.add(Recording(call_id=house.call_id, provider_id="1", seconds=1, state=RecordingState.KEPT,
                              made_at=clock.now() - timedelta(days=3000)))  # fmt: skip
    recording_retention.delete_expired()
    assert house.count(Recording) == 1


def codes():
    causes = {code: meant for code, meant in TABLE["cause"].items() if isinstance(meant, str)}
    return [(int(code), meant) for code, meant in {**TABLE["status"], **causes}.items()]


@pytest.mark.parametrize(("code", "outcome"), codes())
def test_each_code_of_the_trunks_table_has_words_that_fit_what_it_is_taken_for(code, outcome):
    words = {"not in service": "not in service", "busy": "engaged", "declined": "declined",
             "network": "could not carry", "no answer": "nobody answers|cannot be reached"}  # fmt: skip
    assert any(each in why(code).said for each in words[outcome].split("|"))


def test_what_the_table_calls_ambiguous_is_said_to_be_in_both_languages():
    ambiguous = {int(code) for kind in TABLE["ambiguous"].values() for code in kind}
    assert {code for code in range(1, 700) if why(code).doubt} == ambiguous
    for code in ambiguous:
        for text in (why(code).said, why(code).doubt):
            assert translate(Language.CHINESE, text) != text
    assert why(21211) is None
