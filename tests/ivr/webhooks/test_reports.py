"""Reports to which nobody listens are never refused because we are busy, and keep nobody who listens waiting."""

import json
import threading
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.ids import new_id
from core.running import events
from core.running.events import Event
from core.storage import database
from core.storage.fairness import Turn
from ivr.dialogue.engine import Sound
from ivr.models import Call, CallState, CallTurn, Ending, Recording, Text, TextIn, TextState
from ivr.ports.events import CallReport, InboundText, MachineReport, RecordingReport, TextReport
from ivr.webhooks import reports
from ivr.webhooks.report_pieces import Kind, RecordedTurn, Report, piece_of, report_of
from ivr.webhooks.spool import SET_ASIDE, Spool
from tests.ivr.house import SID
from tests.ivr.webhooks.test_degraded import gone, held  # noqa: F401 - a fixture
from tests.patience import wait_for

A_RECORDING = "RE" + "1" * 32
TOLD = [
    (Kind.ENDED, CallReport("CA1", Ending.NO_ANSWER, by_machine=True)),
    (Kind.INBOUND_ENDED, CallReport("CA1", None)),
    (Kind.MACHINE, MachineReport("CA1", by_machine=True, is_listening=False)),
    (Kind.TEXT, InboundText("SM1", "+8613911112222", "我妈说她不舒服\n")),
    (Kind.TEXT_FARED, TextReport("SM1", TextState.REFUSED, "30003")),
    (Kind.TEXT_FARED, TextReport("SM1", None)),
    (Kind.RECORDED, RecordedTurn("CA1", 2, RecordingReport(A_RECORDING, 4), "needs-0-record", 2)),
    (Kind.RECORDED, RecordedTurn("CA1", 2, RecordingReport(A_RECORDING, 0))),
]


def kept(folder):
    return sorted((folder / reports.FOLDER).glob("*.json"))


def test_the_end_of_a_call_is_taken_while_the_database_is_held_and_stored_when_it_is_free(house, tmp_path):
    house.turn(0)
    with held(house) as let_go:
        assert house.ended(AnsweredBy="human").status_code == 204  # after more than the three seconds of any wait
        assert house.post(f"/telephony/calls/{house.call_id}/machine", AnsweredBy="human").status_code == 204
        assert len(kept(tmp_path)) == 2
        let_go.set()
    wait_for(lambda: not kept(tmp_path), "the reports to be stored")
    assert house.call().state == CallState.ENDED


def test_without_a_database_every_report_is_kept_and_stored_once_we_are_back(house, tmp_path, request):
    bring_back = request.getfixturevalue("gone")
    assert house.ended("busy").status_code == 204
    text = {"MessageSid": "SM" + "1" * 32, "From": "+8613911112222", "Body": "我妈说她不舒服"}
    assert "Response" in house.post("/telephony/inbound/text", **text).text
    assert len(kept(tmp_path)) == 2
    assert all((each.stat().st_mode & 0o077) == 0 for each in kept(tmp_path)), "for nobody else on this machine"
    bring_back()
    wait_for(lambda: not kept(tmp_path), "the reports to be stored")
    assert house.call().ending == "busy"
    assert [each.body for each in house.rows(TextIn)] == [text["Body"]]


def test_what_somebody_has_said_is_kept_although_the_database_is_gone(house, tmp_path, request):
    house.turn(0)
    house.turn(1, Digits="2")
    bring_back = request.getfixturevalue("gone")
    told = {"RecordingStatus": "completed", "RecordingSid": A_RECORDING, "RecordingDuration": "4"}
    path = f"/telephony/calls/{house.call_id}/turns/2/recording?step=needs-0-record&play=1"
    assert house.post(path, **told).status_code == 204
    [piece] = kept(tmp_path)
    assert json.loads(piece.read_text())["told"]["recording"]["recording_id"] == A_RECORDING
    bring_back()
    wait_for(lambda: not kept(tmp_path), "the recording to be stored")
    assert house.count(Recording) <= 1


def test_what_an_earlier_version_has_kept_in_the_providers_words_is_stored(house, tmp_path):
    house.turn(0)
    house.turn(1, Digits="2")
    with database.unit_of_work() as session:
        ours = Text(id=new_id(), number="+8613800000001", body="您好", next_try_at=clock.now(), created_at=clock.now(),
                    state=TextState.SENT, provider_id="SM5")  # fmt: skip
        session.add(ours)
    inbound = {"CallSid": "CA" + "5" * 32, "From": "+8613911112222"}
    house.post("/telephony/inbound/voice", **inbound)
    recorded = {"CallSid": SID, "recording": A_RECORDING, "seconds": "4", "number": "2"}
    written = [
        ("recorded", str(house.call_id), recorded | {"step": "needs-0-record", "play": "1"}),
        ("machine", str(house.call_id), {"AnsweredBy": "human", "CallSid": SID}),
        ("ended", str(house.call_id), {"CallStatus": "completed", "CallSid": SID, "AnsweredBy": ""}),
        ("inbound_ended", "", {"CallStatus": "completed", "CallSid": inbound["CallSid"]}),
        (
            "text",
            "",
            {"MessageSid": "SM6", "From": "+8613911112222", "Body": "我妈", "at": "2026-11-28T08:00:00+00:00"},
        ),
        ("text_fared", str(ours.id), {"MessageStatus": "undelivered", "MessageSid": "SM5", "ErrorCode": "30003"}),
    ]
    assert {kind for kind, *_ in written} == set(Kind)
    (tmp_path / reports.FOLDER).mkdir()
    for kind, subject, fields in written:
        piece = {"kind": kind, "subject": subject, "fields": fields}
        (tmp_path / reports.FOLDER / f"{new_id()}-{kind}.json").write_text(json.dumps(piece))
    reports.begin()
    wait_for(lambda: not kept(tmp_path), "the reports to be stored")
    assert not (tmp_path / reports.FOLDER / SET_ASIDE).exists()
    assert [(call.state, call.ending) for call in house.rows(Call) if call.provider_id] == [
        (CallState.ENDED, Ending.COMPLETED)
    ] * 2
    assert house.call().by_machine is False
    assert [turn.sound for turn in house.rows(CallTurn) if turn.number == 2] == [Sound.RECORDING]
    assert [(text.body, text.received_at.hour) for text in house.rows(TextIn)] == [("我妈", 8)]
    assert [(text.state, text.failure) for text in house.rows(Text) if text.provider_id] == [
        (TextState.UNDELIVERED, "30003")
    ]


@given(st.sampled_from(TOLD), st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
def test_a_report_comes_off_the_disk_as_it_was_kept(told, at):
    kind, told = told
    report = Report(kind, "subject", told, at)
    assert report_of(json.loads(json.dumps(piece_of(report))), None) == report


def test_a_report_is_refused_only_where_not_even_the_disk_takes_it(house, request, monkeypatch):
    request.getfixturevalue("gone")

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(Spool, "keep", full)
    assert house.ended().status_code == 503


def test_whoever_listens_goes_before_the_reports_that_came_earlier(house):
    """While a long writing goes on: sixteen reports come, and then a key."""
    turns = [*[Turn.REPORT] * 16, Turn.ANSWER]

    def store(turn):
        def note(session):
            events.append(session, "test.stored", house.call_id, turn=turn.name)

        database.store(note, turn)

    writing = []
    with database.unit_of_work():
        for turn in turns:
            writing.append(threading.Thread(target=store, args=(turn,)))
            writing[-1].start()
            wait_for(lambda: waiting(house) == len(writing), "it to queue up")
    for each in writing:
        each.join()
    with database.reading() as session:
        stored = session.scalars(select(Event).where(Event.kind == "test.stored").order_by(Event.id)).all()
    assert [each.facts["turn"] for each in stored] == ["ANSWER", *["REPORT"] * 16]


def waiting(house):
    """Of each kind one leads at the writer's lock, and the others wait behind it."""
    return sum(len(each._queue) for each in house.database._together.values())


def test_what_waits_on_the_disk_waits_for_everybody_else(house):
    order = []
    holding = threading.Event()

    def later(name, write):
        def run():
            holding.wait()
            write(lambda _: order.append(name))

        return threading.Thread(target=run)

    lock = house.database._writer_turn
    report, key = later("report", database.write_behind), later("key", database.write)
    with lock:
        holding.set()
        report.start()
        wait_for(lambda: lock._queues[Turn.REPORT], "the report to queue up")
        key.start()
        wait_for(lambda: lock._queues[Turn.ANSWER], "the key to queue up")
    report.join()
    key.join()
    assert order == ["key", "report"]
