"""What the judge reads out of the exchange's log."""

import json
from itertools import count

from zaoan.rehearsal.faults import times_struck
from zaoan.rehearsal.wire import Forgery, read_post, read_wire

SECONDS = count()


def entry(event, **fields):
    at = f"2026-11-23T00:{next(SECONDS) % 60:02d}:00.000000+00:00"
    return {"at": at, "event": event, "call": "CA1", "number": "+861", "direction": "out"} | fields


def webhook(kind, digits=None, **fields):
    sent_at = f"2026-11-23T00:{next(SECONDS) % 60:02d}:00.000000+00:00"
    return entry("webhook", kind=kind, keys=digits or "", sent_at=sent_at, seconds=0.5, status=200, **fields)


def written(path, *entries):
    path.write_text("".join(json.dumps(each) + "\n" for each in entries))
    return path


REQUESTED = entry("call.requested", url="http://us/1")


def read(path, *entries):
    (call,) = read_wire(written(path, REQUESTED, *entries))
    return call


def test_a_key_is_told_once_however_often_it_is_sent(tmp_path):
    call = read(tmp_path / "log", webhook("gather", "1"), webhook("gather", "1", is_copy=True))
    assert [report.key for report in call.key_reports] == ["1"]


def test_a_key_that_never_left_was_not_told_and_one_whose_reply_was_lost_was(tmp_path):
    lost = read(tmp_path / "log", webhook("gather", "1", never_sent=True))
    assert lost.key_reports == []
    assert [(report.key, report.acknowledged) for report in lost.untold_keys] == [("1", False)]
    assert read(tmp_path / "log", webhook("gather", "1", reply_is_lost=True)).key_reports[0].key == "1"


def test_what_was_pressed_is_told_and_untold_in_the_order_of_pressing(tmp_path):
    call = read(tmp_path / "log", webhook("gather", "7", never_sent=True), webhook("gather", "1"))
    assert [report.key for report in call.pressed] == ["7", "1"]


def test_silence_is_reported_too(tmp_path):
    assert [report.key for report in read(tmp_path / "log", webhook("gather", "")).key_reports] == [""]


def test_a_fault_changes_a_conversation_only_when_it_breaks_it_off(tmp_path):
    def is_changed(how, kind="gather"):
        return read(tmp_path / "log", entry("fault", fault="drop", kind=kind, how=how)).is_changed_by_a_fault

    assert is_changed("request")
    assert is_changed("reply", "voice")
    assert not is_changed("reply_once")
    assert not is_changed("request", "status")
    assert not read(tmp_path / "log", entry("fault", fault="early")).is_changed_by_a_fault


def test_a_machine_that_was_told_of_after_the_end_changes_what_can_be_expected(tmp_path):
    answered, told = entry("call.answered", by="machine"), webhook("amd")
    ended = entry("call.ended", status="completed", by="subscriber")
    assert not read(tmp_path / "log", answered, told, ended).is_changed_by_a_fault
    assert read(tmp_path / "log", answered, ended).is_changed_by_a_fault
    assert read(tmp_path / "log", answered, ended, webhook("amd")).is_changed_by_a_fault
    assert not read(tmp_path / "log", entry("call.answered", by="human"), ended).is_changed_by_a_fault


def test_forged_callbacks_are_nobodys_keys(tmp_path):
    forged = entry("forgery", kind="gather", how="none", status=403)
    assert read(tmp_path / "log", forged).key_reports == []
    assert read_post(tmp_path / "log").forgeries == [Forgery("+861", "gather", 403)]


def test_texts_are_known_by_where_they_are_reported(tmp_path):
    texts = [
        entry("text", report="http://us/t1"),
        entry("text", report=None),
        entry("text", direction="in", report="x"),
    ]
    assert read_post(written(tmp_path / "log", *texts)).text_reports == ["http://us/t1"]


def test_strikes_are_counted_by_fault_also_those_that_never_struck(tmp_path):
    log = written(tmp_path / "log", *[entry("fault", fault="drop")] * 2, entry("fault", fault="early"))
    assert times_struck(["drop", "429"], log) == {"drop": 2, "429": 0}


def test_a_line_that_is_being_written_is_read_when_it_is_whole(tmp_path):
    log = written(tmp_path / "log", REQUESTED, entry("call.answered"))
    whole = log.read_text()
    for length in range(len(whole)):
        log.write_text(whole[:length])
        assert len(read_wire(log)) == (1 if length >= len(whole.splitlines(keepends=True)[0]) else 0)
