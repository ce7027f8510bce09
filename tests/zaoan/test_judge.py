"""The judge of rehearsals sees every broken promise; each of these stories breaks one."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zaoan.rehearsal.judge import Made, Rules, alert_seconds, violations
from zaoan.rehearsal.wire import KeyReport, WireCall

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
RULES = Rules(3, time(7, 30), time(21, 0), ZoneInfo("Asia/Shanghai"), EIGHT, EIGHT, 1.0)
WELL = Made("王桂兰", ("+861",), "presses 1", 1, "ok", "ok", None, None, None, ())
UNWELL = Made("李长海", ("+862",), "presses 3", 1, "unwell", "unwell", "unwell", "accepted", "田保国", ("+869",))


def at(minutes):
    return EIGHT + timedelta(minutes=minutes)


def call(number, minutes=1.0, *, keys="", lasts=1.0, inbound=False):
    heard = at(minutes + 0.5)
    reports = [KeyReport(key, heard, heard + timedelta(seconds=0.1)) for key in keys]
    ended, began = at(minutes + lasts), at(minutes)
    return WireCall(f"{number}-{minutes}", number, inbound, began, ended, began, reports, told_at=began)


def judged(made, *wire):
    return violations([made], list(wire), RULES)


def test_a_morning_as_it_should_be():
    assert judged(WELL, call("+861", keys="1")) == []
    assert judged(UNWELL, call("+862", keys="3"), call("+869", 2)) == []


def test_two_calls_at_once():
    assert "at once" in judged(WELL, call("+861", 1, lasts=9), call("+861", 2, keys="1"))[0]


def test_a_call_while_the_resident_rings_us():
    ringing_us = call("+861", 1, keys="1", lasts=9, inbound=True)
    assert "at once" in judged(WELL, ringing_us, call("+861", 1.3))[0]


def test_a_call_after_an_answer():
    assert judged(WELL, call("+861", keys="1"), call("+861", 12)) == ["+861 was rung after an answer"]


def test_a_call_to_the_second_telephone_after_an_answer_on_the_first():
    made = replace(WELL, phones=("+861", "+8611"))
    assert "after an answer" in judged(made, call("+861", keys="1"), call("+8611", 12))[0]


def test_a_couple_is_rung_again_until_both_have_answered():
    second = replace(WELL, resident="李长海")
    wire = [call("+861", 1, keys="1"), call("+861", 12, keys="1")]
    assert violations([WELL, second], wire, RULES) == []


def test_more_attempts_than_the_plan():
    wire = [call("+861", minutes) for minutes in (1, 11, 21)] + [call("+861", 31, keys="1")]
    assert "4 times" in judged(WELL, *wire)[0]


def test_a_call_at_night():
    assert "outside permitted hours" in judged(WELL, call("+861", 14 * 60, keys="1"))[0]


def test_an_alert_that_rang_nobody():
    assert judged(UNWELL, call("+862", keys="3")) == ["nobody was rung about 李长海"]


def test_a_case_that_nobody_accepted():
    made = replace(UNWELL, accepted_by=None)
    assert judged(made, call("+862", keys="3"), call("+869", 2)) == ["nobody has accepted the case of 李长海"]


def test_a_resident_without_an_outcome():
    assert "王桂兰 has no outcome" in judged(replace(WELL, outcome=None), call("+861"))


def test_an_outcome_that_differs_from_what_was_done():
    made = replace(WELL, expected="unwell")
    assert judged(made, call("+861", keys="1")) == ["王桂兰 (presses 1) has the outcome ok, expected unwell"]


def test_an_ok_without_an_explicit_1():
    assert judged(WELL, call("+861")) == ["王桂兰 is ok without an explicit 1"]


def test_an_ok_with_a_case_and_anything_else_without_one():
    with_case = replace(WELL, case_kind="unwell", accepted_by="田保国", responders_asked=("+869",))
    assert "ok and a case" in judged(with_case, call("+861", keys="1"), call("+869", 2))[0]
    assert "unwell and no case" in judged(replace(UNWELL, case_kind=None), call("+862", keys="3"))[0]


def test_the_time_from_the_key_to_the_first_ringing_telephone():
    wire = [call("+862", 1, keys="3"), call("+869", 1.6)]
    assert alert_seconds([UNWELL], wire) == {"p50": 6.0, "p99": 6.0}
