"""A machine that sleeps over a round: what its rehearsal expects, and each promise that the judge would see broken."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import Anchor
from tests.processes import command
from zaoan.rehearsal.asleep import as_slept, asleep_violations
from zaoan.rehearsal.judge import Asked, Made, Rules, violations
from zaoan.rehearsal.sleeps import NoDurationError, When, duration
from zaoan.rehearsal.suspension import Sleep
from zaoan.rehearsal.wire import KeyReport, TextSent, WireCall

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
RULES = Rules(3, time(7, 30), time(21), ZoneInfo("Asia/Shanghai"), [Anchor(EIGHT, EIGHT)], slept=True)
ASLEEP = Sleep(When.MIDDLE, timedelta(hours=14), EIGHT + timedelta(minutes=5), EIGHT + timedelta(hours=14))
OFFICE = Asked("+8690", "office-call")
LEFT = Made(
    "王桂兰", ("+861",), "presses 1", 0, "not_asked", "ok", "not_asked", "accepted", "办公室", (OFFICE,), "case-1"
)
OTHER = replace(LEFT, resident="李长海", phones=("+862",))
ROLES = {"+8690": "office", "+8670": "volunteer"}
FAMILIES = {"王桂兰": "+8610", "李长海": "+8620"}


def call(number, minutes, *, keys="", lasts=1.0, url=None):
    began, ended = EIGHT + timedelta(minutes=minutes), EIGHT + timedelta(minutes=minutes + lasts)
    reports = [KeyReport(key, began + timedelta(seconds=20), began + timedelta(seconds=21)) for key in keys]
    return WireCall(f"{number}-{minutes}", number, False, began, ended, began if keys else None, reports, told_at=began,
                    url=url or f"http://us/{number}/{minutes}", status="no-answer")  # fmt: skip


TOLD = call("+8690", 23.5 * 60 - 10, keys="1", url="http://us/calls/office-call/turn")


def expected(made, *wire):
    return [each.expected for each in as_slept(made, list(wire), RULES, ASLEEP)]


def broken(made, *wire, texts=()):
    judged = as_slept(made, list(wire), RULES, ASLEEP)
    return violations(judged, list(wire), RULES) + asleep_violations(
        judged, list(wire), texts, FAMILIES, ROLES, RULES
    )  # fmt: skip


def test_a_round_that_was_slept_through_as_it_should_be():
    assert broken([LEFT, OTHER], TOLD) == []


def test_whoever_was_never_rung_was_not_asked_and_nothing_else():
    wrong = replace(LEFT, outcome="no_answer", case_kind="no_answer")
    assert expected([wrong]) == ["not_asked"]
    assert any("expected not_asked" in each for each in broken([wrong], TOLD))


def test_whoever_was_rung_is_not_said_not_to_have_been_asked():
    assert expected([LEFT], call("+861", 1)) == ["no_answer"]
    assert expected([replace(LEFT, outcome="ok")], call("+861", 1, keys="1")) == ["ok"]


def test_a_call_that_was_cut_off_got_as_far_as_anybody_can_say_but_nobody_is_well_by_it():
    cut = call("+861", 4.5, lasts=3)
    for outcome in ("no_answer", "hung_up", "voicemail"):
        assert expected([replace(LEFT, outcome=outcome)], cut) == [outcome]
    assert expected([replace(LEFT, outcome="ok")], cut) != ["ok"]


def test_a_key_that_was_pressed_while_the_service_slept_may_have_been_heard_when_it_woke():
    cut = call("+861", 4.5, lasts=3)
    cut.key_reports = [replace(call("+861", 4.5, keys="1").key_reports[0], acknowledged=False)]
    assert expected([replace(LEFT, outcome="ok")], cut) == ["ok"]


def test_after_an_answer_only_what_is_worse_may_have_been_heard_when_it_woke():
    heard, cut = call("+861", 1, keys="1"), call("+861", 4.5, lasts=3)
    cut.key_reports = [replace(call("+861", 4.5, keys="3").key_reports[0], acknowledged=False)]
    for outcome in ("ok", "unwell"):
        assert expected([replace(LEFT, outcome=outcome)], heard, cut) == [outcome]
    assert expected([replace(LEFT, outcome="needs_supplies")], heard, cut) != ["needs_supplies"]
    assert expected([replace(LEFT, outcome="no_answer")], heard, cut) != ["no_answer"]
    worse = call("+861", 1, keys="3")
    cut.key_reports = [replace(call("+861", 4.5, keys="1").key_reports[0], acknowledged=False)]
    assert expected([replace(LEFT, outcome="ok")], worse, cut) == ["unwell"]


def test_two_cases_for_those_who_were_not_asked():
    assert "those who were not asked have 2 cases" in broken([LEFT, replace(OTHER, case_id="case-2")], TOLD)


def test_a_neighbour_who_is_rung_about_them():
    neighbour = Asked("+8670", "other-call")
    made = replace(LEFT, asked=(OFFICE, neighbour))
    assert any("(volunteer) was rung" in each for each in broken([made], TOLD))


def test_an_office_that_is_rung_at_night():
    at_night = call("+8690", 14 * 60, keys="1", url="http://us/calls/office-call/turn")
    assert any("(not_asked) at 22:00" in each for each in broken([LEFT], at_night))


def test_a_family_that_is_told_something():
    assert any("the family of 王桂兰" in each for each in broken([LEFT], TOLD, texts=[TextSent("+8610", "…")]))
    assert broken([LEFT], TOLD, texts=[TextSent("+8699", "…")]) == []


def test_a_daughter_of_two_people_of_one_name_may_hear_of_the_one_who_was_asked():
    namesake = replace(LEFT, phones=("+863",), outcome="ok", case_kind=None, asked=(), case_id=None)
    assert broken([LEFT, namesake], TOLD, call("+863", 1, keys="1"), texts=[TextSent("+8610", "…")]) == []


def test_nobody_asked_and_nobody_told():
    assert any("nobody was rung about 王桂兰" in each for each in broken([replace(LEFT, asked=())]))


@pytest.mark.parametrize(("words", "length"), [("14h", 840), ("90m", 90), ("1h30m", 90), (" 2H ", 120), ("5min", 5)])
def test_how_long_it_sleeps(words, length):
    assert duration(words) == timedelta(minutes=length)


@pytest.mark.parametrize("words", ["", "h", "soon", "14", "1.5h", "-2h"])
def test_what_is_no_length_of_time(words):
    with pytest.raises(NoDurationError):
        duration(words)


def test_the_command_line_explains_what_it_did_not_understand():
    refused = command("rehearse", "--suspend", "soon")
    assert (refused.returncode, "1h30m" in refused.stderr) == (2, True)


def rehearsed(*words, timeout=400):
    done = command("rehearse", "--json", *words, timeout=timeout)
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert done.returncode == 0, done.stderr
    assert report["round"]["complete"]
    assert sum(report["round"]["counts"].values()) == report["round"]["enrolled"]
    return report["round"]["counts"]


def test_a_rehearsal_over_which_the_machine_sleeps_keeps_the_promises():
    assert rehearsed("--residents", "6", "--seed", "3", "--suspend", "5h") == {"not_asked": 6}


@pytest.mark.long
@pytest.mark.parametrize("seed", ["1", "2"])
def test_asleep_until_ten_in_the_evening(seed):
    assert rehearsed("--residents", "40", "--seed", seed, "--suspend", "14h", timeout=600) == {"not_asked": 40}


@pytest.mark.long
@pytest.mark.parametrize(("seed", "length"), [("4", "11h"), ("5", "14h"), ("6", "25h")])
def test_asleep_in_the_middle(seed, length):
    middle = ("--suspend", length, "--suspend-at", "middle")
    counts = rehearsed("--residents", "40", "--seed", seed, *middle, timeout=600)
    assert counts["not_asked"] > 0
    assert sum(counts.values()) > counts["not_asked"]


@pytest.mark.long
def test_awake_again_before_the_round_has_to_end_everybody_is_asked():
    middle = ("--suspend", "5h", "--suspend-at", "middle")
    assert "not_asked" not in rehearsed("--residents", "40", "--seed", "4", *middle, timeout=600)
