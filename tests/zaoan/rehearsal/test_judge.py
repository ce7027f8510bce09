"""The judge of rehearsals sees every broken promise; each of these stories breaks one."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import Anchor
from zaoan.rehearsal.judge import Asked, Made, Rules, alert_seconds, anchors, as_witnessed, taken_over, violations
from zaoan.rehearsal.wire import Forgery, KeyReport, Post, SpeedChange, WireCall

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
RULES = Rules(3, time(7, 30), time(21, 0), ZoneInfo("Asia/Shanghai"), [Anchor(EIGHT, EIGHT)])
HELPER = Asked("+869", "+869")
WELL = Made("王桂兰", ("+861",), "presses 1", 1, "ok", "ok", None, None, None, ())
UNWELL = Made("李长海", ("+862",), "presses 3", 1, "unwell", "unwell", "unwell", "accepted", "田保国", (HELPER,))


def at(minutes):
    return EIGHT + timedelta(minutes=minutes)


def call(number, minutes=1.0, *, keys="", lasts=1.0, inbound=False):
    heard = at(minutes + 0.5)
    reports = [KeyReport(key, heard, heard + timedelta(seconds=0.1)) for key in keys]
    ended, began = at(minutes + lasts), at(minutes)
    url = None if inbound else f"http://us/calls/{number}/{minutes}"
    return WireCall(f"{number}-{minutes}", number, inbound, began, ended, began, reports, told_at=began, url=url)


def judged(made, *wire):
    return violations([made], list(wire), RULES)


def test_a_morning_as_it_should_be():
    assert judged(WELL, call("+861", keys="1")) == []
    assert judged(UNWELL, call("+862", keys="3"), call("+869", 2, keys="1")) == []


def test_two_calls_at_once():
    assert "at once" in judged(WELL, call("+861", 1, lasts=9), call("+861", 2, keys="1"))[0]


def test_a_call_while_the_resident_rings_us():
    ringing_us = call("+861", 1, keys="1", lasts=9, inbound=True)
    assert "at once" in judged(WELL, ringing_us, call("+861", 1.3))[0]


def test_a_call_while_the_resident_rings_us_of_which_nobody_has_told_us():
    ringing_us = replace(call("+861", 1, keys="1", lasts=9, inbound=True), told_at=None)
    assert not any("at once" in violation for violation in judged(WELL, ringing_us, call("+861", 1.3)))


FOUR = [1, 12, 23, 34]


def rung(*minutes, **lost):
    """Calls that are hung up on, the first of them with this fate, the last of them answered."""
    first, *rest = (call("+861", each) for each in minutes[:-1])
    return [replace(first, **lost), *rest, call("+861", minutes[-1], keys="1")]


def test_more_calls_than_the_plan_allows():
    assert judged(WELL, *rung(*FOUR)) == ["王桂兰 was rung 4 times, the plan allows 3"]


def test_a_call_that_nobody_of_us_heard_is_no_attempt_but_only_one():
    assert judged(WELL, *rung(*FOUR, unheard=True)) == []
    assert judged(WELL, *rung(*FOUR, 45, unheard=True)) == ["王桂兰 was rung 5 times, the plan allows 3"]
    twice = [replace(each, unheard=True) for each in rung(*FOUR, 45)[:-1]]
    assert judged(WELL, *twice, call("+861", 45, keys="1")) == ["王桂兰 was rung 5 times, the plan allows 3"]


def test_a_call_that_went_on_after_something_of_it_was_lost_is_an_attempt():
    went_on = rung(*FOUR, unheard=True, ended_by="service")
    assert judged(WELL, *went_on) == ["王桂兰 was rung 4 times, the plan allows 3"]


def test_a_key_that_was_not_acknowledged_may_be_learnt_afterwards():
    pressed = [KeyReport("3", at(1), at(1), acknowledged=False)]
    lost = replace(call("+862"), unheard=True, key_reports=pressed, status="completed", answered_by="human")
    for outcome in ("unwell", "hung_up"):
        [each] = as_witnessed([replace(UNWELL, outcome=outcome)], [lost], RULES)
        assert each.expected == outcome
    [each] = as_witnessed([replace(UNWELL, outcome="ok")], [lost], RULES)
    assert each.expected != "ok"


def test_one_call_that_was_placed_twice():
    first, second = (
        replace(call("+861", minutes, keys=keys), url="http://us/7") for minutes, keys in ((1, ""), (5, "1"))
    )
    assert judged(WELL, first, second) == ["the call of http://us/7 was placed 2 times"]


def test_one_text_that_was_sent_twice():
    post = Post(["http://us/t1", "http://us/t2", "http://us/t1"], ())
    assert violations([], [], RULES, post) == ["the text of http://us/t1 was sent 2 times"]


def test_a_forged_callback_that_was_not_refused():
    forgeries = [Forgery("+861", "gather", status) for status in (403, 200, None)]
    assert violations([], [], RULES, Post((), forgeries)) == [
        "a forged gather callback about +861 was answered 200, not 403"
    ]


def test_a_resident_who_was_given_up_before_the_plan_was_carried_out():
    made = replace(WELL, outcome="busy", expected="busy", case_kind="busy", accepted_by="田", asked=(HELPER,))
    assert judged(made, call("+861", 1), call("+869", 2, keys="1")) == [
        "王桂兰 was given up as busy after 1 of 3 attempts"
    ]


def test_a_call_after_a_whole_silence_at_an_open_line():
    made = replace(UNWELL, outcome="no_key", expected="no_key", case_kind="no_key")
    wire = [call("+862", 1, keys="777"), call("+869", 2, keys="1"), call("+862", 12)]
    assert judged(made, *wire) == ["+862 was rung after an answer"]


def test_where_a_fault_broke_a_conversation_off_the_wire_says_what_is_expected():
    made = [replace(WELL, outcome="hung_up"), replace(WELL, outcome="ok")]
    lost = replace(call("+861"), words_lost=True, status="completed", answered_by="human")
    assert [each.expected for each in as_witnessed(made[:1], [lost], RULES)] == ["hung_up"]
    assert [each.expected for each in as_witnessed(made[1:], [lost], RULES)] == ["hung_up"]


def test_without_such_a_fault_the_table_says_it_whatever_the_wire_shows():
    assert as_witnessed([WELL], [call("+861")], RULES) == [WELL]


def connected(number, minutes, **more):
    return replace(call(number, minutes, **more), url=None, parent="the call of somebody who wants to talk")


def test_whoever_is_connected_with_a_helper_was_not_rung_once_more():
    late = connected("+862", 900)
    assert judged(UNWELL, call("+862", keys="3"), call("+869", 2, keys="1"), connected("+862", 5), late) == []


def test_what_becomes_of_a_connection_is_no_testimony_of_a_resident():
    lost = replace(call("+862", keys="3"), words_lost=True)
    broken_off = replace(connected("+862", 5), words_lost=True)
    assert as_witnessed([UNWELL], [call("+862", keys="3"), broken_off], RULES) == [UNWELL]
    assert [each.expected for each in as_witnessed([UNWELL], [lost, connected("+862", 5)], RULES)] == ["unwell"]


def test_whoever_is_connected_is_in_no_other_call():
    wire = [call("+862", keys="3"), call("+869", 2), connected("+862", 5, lasts=9), call("+862", 7)]
    assert "two calls at once to +862" in judged(UNWELL, *wire)


def test_a_helper_may_be_rung_out_of_the_call_of_whoever_wants_them():
    assert judged(UNWELL, call("+862", keys="3"), connected("+869", 2, keys="1")) == []


def test_a_call_after_an_answer():
    assert judged(WELL, call("+861", keys="1"), call("+861", 12)) == ["+861 was rung after an answer"]


def test_whoever_is_unwell_may_be_told_the_truth_once_when_five_minutes_are_over():
    wire = [call("+862", 1, keys="3"), call("+869", 9, keys="1")]
    assert judged(UNWELL, *wire, call("+862", 7, keys="3")) == []
    assert judged(UNWELL, *wire, call("+862", 7), call("+862", 13)) == ["+862 was rung after an answer"]
    assert judged(UNWELL, *wire, call("+862", 6)) == ["+862 was rung after an answer"]
    assert judged(UNWELL, *wire, call("+862", 130)) == ["+862 was rung after an answer"]
    assert judged(replace(UNWELL, phones=("+862", "+8622")), *wire, call("+8622", 7)) == []


def test_nobody_else_is_told_anything_after_their_answer():
    made = replace(UNWELL, outcome="wants_person", expected="wants_person", case_kind="wants_person")
    wire = [call("+862", 1, keys="0"), call("+869", 9, keys="1"), call("+862", 7)]
    assert judged(made, *wire) == ["+862 was rung after an answer"]


def test_the_truth_is_no_attempt_of_the_plan_and_only_a_fresh_word_is_answered_at_night():
    tried = [call("+862", minutes) for minutes in (1, 11)]
    wire = [*tried, call("+862", 21, keys="3"), call("+869", 30, keys="1")]
    assert judged(UNWELL, *wire, call("+862", 27)) == []
    early = replace(RULES, closes=time(8, 25))
    assert violations([UNWELL], [*wire, call("+862", 27)], early) == []
    assert "outside permitted hours" in violations([UNWELL], [*wire, call("+862", 55)], early)[0]


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


def test_an_alert_that_rang_helpers_about_somebody_else_only():
    about_another = replace(call("+869", 2, keys="1"), url="http://us/calls/another")
    assert judged(UNWELL, call("+862", keys="3"), about_another) == ["nobody was rung about 李长海"]


def test_a_case_that_nobody_accepted():
    made = replace(UNWELL, accepted_by=None)
    assert judged(made, call("+862", keys="3"), call("+869", 2, keys="1")) == ["nobody has accepted the case of 李长海"]


def test_a_case_that_was_accepted_without_anybodys_key():
    wire = [call("+862", keys="3"), call("+869", 2)]
    assert judged(UNWELL, *wire) == ["the case of 李长海 was accepted, and nobody who was asked has pressed 1 or 9"]


def test_a_resident_without_an_outcome():
    assert "王桂兰 has no outcome" in judged(replace(WELL, outcome=None), call("+861"))


def test_an_outcome_that_differs_from_what_was_done():
    made = replace(WELL, expected="unwell")
    assert judged(made, call("+861", keys="1")) == ["王桂兰 (presses 1) has the outcome ok, expected unwell"]


def test_an_ok_without_an_explicit_1():
    assert judged(WELL, call("+861")) == ["王桂兰 is ok without an explicit 1"]


def test_an_ok_whose_1_was_lost_on_its_way_and_asked_for():
    lost = call("+861")
    lost.untold_keys.append(KeyReport("1", at(1), at(1), acknowledged=False))
    assert judged(WELL, lost) == []


def test_an_ok_with_a_case_and_anything_else_without_one():
    with_case = replace(WELL, case_kind="unwell", accepted_by="田保国", asked=(HELPER,))
    assert "ok and a case" in judged(with_case, call("+861", keys="1"), call("+869", 2, keys="1"))[0]
    assert "unwell and no case" in judged(replace(UNWELL, case_kind=None), call("+862", keys="3"))[0]


def test_the_time_from_the_key_to_the_first_ringing_telephone():
    wire = [call("+862", 1, keys="3"), call("+869", 1.6)]
    assert alert_seconds([UNWELL], wire) == {"p50": 6.0, "p99": 6.0}


def test_what_goes_by_text_first_is_no_measure_of_how_soon_telephones_ring():
    supplies = replace(
        UNWELL, resident="王桂兰", phones=("+863",), outcome="needs_supplies", case_kind="needs_supplies"
    )
    wire = [call("+862", 1, keys="3"), call("+869", 1.6), call("+863", 1, keys="2"), call("+869", 6)]
    assert alert_seconds([UNWELL, supplies], wire) == {"p50": 6.0, "p99": 6.0}
    assert alert_seconds([supplies], wire) == {"p50": None, "p99": None}


def test_the_first_who_is_rung_counts_whoever_was_to_be_asked_before_them_and_whomever_else_they_are_rung_about():
    withdrawn, second = Asked("+868", "never placed"), HELPER
    made = replace(UNWELL, asked=(withdrawn, second))
    about_another = replace(call("+869", 1.55), url="http://us/calls/another")
    wire = [call("+862", 1, keys="3"), about_another, call("+869", 1.6), call("+868", 30)]
    assert alert_seconds([made], wire) == {"p50": 6.0, "p99": 6.0}


def test_the_hours_are_judged_by_a_clock_that_stood_at_real_speed_while_a_telephone_was_held():
    held = [SpeedChange(at(1), 1.0), SpeedChange(at(31), 60.0)]
    rules = replace(RULES, anchors=anchors(Anchor(EIGHT, EIGHT, 60.0), held))
    assert [rules.local(at(minutes)) for minutes in (0, 1, 31, 32)] == [time(8), time(9), time(9, 30), time(10, 30)]


def test_whoever_was_spoken_for_in_the_browser_may_say_anything_but_every_promise_holds():
    spoken_for = taken_over(replace(UNWELL, expected="ok"))
    assert judged(spoken_for, call("+862", keys="3"), call("+869", 2, keys="1")) == []
    assert judged(taken_over(WELL), call("+861", keys="3")) == ["王桂兰 is ok without an explicit 1"]
    assert judged(taken_over(replace(WELL, outcome=None))) == ["王桂兰 has no outcome"]


def test_whoever_holds_a_telephone_has_asked_to_be_rung():
    trial = replace(call("+861", 12, keys="1"), held=True)
    assert judged(taken_over(WELL), call("+861", keys="1"), trial) == []
    assert judged(WELL, call("+861", keys="1"), replace(trial, held=False)) == ["+861 was rung after an answer"]
