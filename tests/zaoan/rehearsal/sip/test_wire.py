"""What the judge reads out of the telephones' own log."""

import json
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from zaoan.rehearsal.sip.kills import Kill
from zaoan.rehearsal.sip.rehearse import _left_by_a_trunk, _strike, _unexplained_silence
from zaoan.rehearsal.sip.wire import read_line

BEGAN = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
ID = UUID("0198f0de-1111-7222-8333-444455556666")


def log(path, *entries):
    """Entries a second apart."""
    seconds = count()
    lines = [
        {"at": (BEGAN + timedelta(seconds=next(seconds))).isoformat(), "call": "a@b", "number": "+861"} | each
        for each in entries
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return path


INVITED = {"event": "invited", "session": ID.hex, "stack": "own"}
ANSWERED, WORDS = {"event": "answered", "by": "person"}, {"event": "words"}
ENDED = {"event": "ended", "by": "service", "status": None}


def key(pressed):
    return {"event": "key", "key": pressed}


def read(tmp_path, *entries):
    return read_line(log(tmp_path / "log", *entries), tmp_path / "none")


def test_a_key_to_which_words_or_the_end_answer_was_heard(tmp_path):
    (call,) = read(tmp_path, INVITED, ANSWERED, WORDS, key("9"), WORDS, key("9"), ENDED).calls
    assert [(each.key, each.acknowledged) for each in call.key_reports] == [("9", True), ("9", True)]
    assert (call.status, call.ended_by, call.url) == ("completed", "service", str(ID))
    (call,) = read(tmp_path, INVITED, ANSWERED, WORDS, key("1"), ENDED | {"by": "person"}).calls
    assert not call.key_reports[0].acknowledged


def test_a_key_that_was_answered_too_late_was_not_heard(tmp_path):
    waiting = [{"event": "nothing"}] * 8
    (call,) = read(tmp_path, INVITED, ANSWERED, WORDS, key("1"), *waiting, WORDS, {"event": "silent"}).calls
    assert [(each.key, each.acknowledged) for each in call.key_reports] == [("1", False), ("", True)]


def test_how_calls_that_nobody_answers_end(tmp_path):
    for status, said in ((486, "busy"), (480, "no-answer"), (487, "canceled"), (404, "failed"), (503, "failed")):
        (call,) = read(tmp_path, INVITED, ENDED | {"by": "network", "status": status}).calls
        assert call.status == said


def test_a_call_that_connects_somebody_is_no_call_of_the_plan(tmp_path):
    order = {"direction": "leg", "parent": "parent"}
    (tmp_path / "journal").write_text(json.dumps({"call": {"id": str(ID), "order": order}}) + "\n{torn")
    (call,) = read_line(log(tmp_path / "log", INVITED), tmp_path / "journal").calls
    assert (call.parent, call.url) == ("parent", None)


def test_a_call_that_reached_no_telephone_because_a_trunk_died_counts_as_an_attempt(tmp_path):
    other = "0198f0de-1111-7222-8333-444455556677"
    order = {"direction": "out", "parent": None, "to": "+861"}
    lines = [{"call": {"id": each, "order": order, "created_at": BEGAN.isoformat()}} for each in (str(ID), other)]
    lines += [{"ended": other, "outcome": "unknown", "reason": "the trunk has died meanwhile"}]
    (tmp_path / "journal").write_text("".join(json.dumps(each) + "\n" for each in lines))
    line = read_line(log(tmp_path / "log", INVITED, ENDED), tmp_path / "journal")
    assert sorted((call.url, call.number, call.unheard) for call in line.calls) == [
        (str(ID), "+861", False), (other, "+861", True)]  # fmt: skip
    assert line.off_the_hook == []


def test_whoever_rings_us_and_what_else_is_told(tmp_path):
    line = read(
        tmp_path, {"event": "rings us", "stack": "own"}, ANSWERED, {"event": "hangs up", "who": "tired"},
        {"event": "fault", "fault": "lose"}, INVITED | {"call": "c@d", "stack": "pjsua2"},
    )  # fmt: skip
    assert [call.inbound for call in line.calls] == [True, False]
    assert line.calls[0].told_at
    assert (line.stacks, line.faults) == ({"own": 1, "pjsua2": 1}, {"lose": 1})
    assert (line.tired, len(line.off_the_hook)) == ({"a@b"}, 2)


def test_whoever_hears_nothing_until_they_hang_up_was_failed_unless_something_was_killed(tmp_path):
    line = read(tmp_path, INVITED, ANSWERED, {"event": "hangs up", "who": "tired"}, ENDED | {"by": "person"})
    assert _unexplained_silence(line) == line.calls
    _strike(line.calls[0], [Kill("kill-service", BEGAN, BEGAN + timedelta(seconds=9))])
    assert _unexplained_silence(line) == []


def test_a_kill_changes_what_was_under_way_and_the_next_trunk_ends_it_or_it_was_left(tmp_path):
    line = read(tmp_path, INVITED, ANSWERED, *[{"event": "nothing"}] * 60, {"event": "hangs up", "who": "tired"}, ENDED)
    (call,) = line.calls
    before, within = (Kill("kill-trunk", BEGAN + timedelta(seconds=at), BEGAN + timedelta(seconds=at + 2))
                      for at in (-10, 10))  # fmt: skip
    _strike(call, [before])
    assert not call.is_changed_by_a_fault
    assert _left_by_a_trunk(line, [before]) == []
    _strike(call, [within])
    assert call.provider_died
    assert _left_by_a_trunk(line, [within]) == [call]


def test_the_end_that_a_trunks_successor_makes_answers_no_key_and_no_silence(tmp_path):
    killed = Kill("kill-trunk", BEGAN + timedelta(seconds=5.5), BEGAN + timedelta(seconds=6.5))
    (call,) = read(tmp_path, INVITED, ANSWERED, WORDS, {"event": "silent"}, WORDS, key("1"), ENDED).calls
    _strike(call, [killed])
    assert [(each.key, each.acknowledged) for each in call.key_reports] == [("", True), ("1", False)]
    (call,) = read(tmp_path, INVITED, ANSWERED, WORDS, key("1"), WORDS, WORDS, {"event": "silent"}, ENDED).calls
    _strike(call, [killed])
    assert [(each.key, each.acknowledged) for each in call.key_reports] == [("1", True), ("", False)]
    (call,) = read(tmp_path, INVITED, ANSWERED, WORDS, key("1"), WORDS, ENDED).calls
    _strike(call, [Kill("kill-service", killed.at, killed.back_at)])
    assert call.key_reports[0].acknowledged
