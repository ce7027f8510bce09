"""Helpers of whom nobody accepts soon: who is drawn, how often each is rung, and what is too often."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import Anchor
from tests.patience import PATIENCE_SECONDS
from tests.processes import command
from zaoan.rehearsal.helpers.choices import Helpers
from zaoan.rehearsal.helpers.rung import above_their_limit, rung, with_helpers
from zaoan.rehearsal.judge import Rules
from zaoan.rehearsal.town import draw_town
from zaoan.rehearsal.wire import WireCall

EIGHT = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
RULES = Rules(3, time(7), time(21), ZoneInfo("Asia/Shanghai"), [Anchor(EIGHT, EIGHT)])
TOWN = draw_town(12, 1)
HELPER = TOWN.helpers[0]


def call(index, minutes, status="no-answer", **more):
    at = EIGHT + timedelta(minutes=minutes)
    given = {"call_id": f"CA{index}", "number": HELPER.number, "inbound": False, "requested_at": at,
             "ended_at": at + timedelta(seconds=45), "status": status,
             "url": f"http://here/calls/id-{index}/turns/0"}  # fmt: skip
    return WireCall(**given | more)


def told(*limits):
    return {f"id-{index}": limit for index, limit in enumerate(limits)}


def seen(wire, known):
    [first, *others] = rung(TOWN, wire, known, RULES)
    assert {each.calls for each in others} == {0}
    return (first.calls, first.most_in_an_hour, first.limit), list(above_their_limit(TOWN, wire, known, RULES))


def test_everybody_is_as_they_were_told_to_be_and_the_office_accepts_in_the_end():
    town = with_helpers(TOWN, Helpers.SILENT)
    assert [each.name for each in town.helpers] == [each.name for each in TOWN.helpers]
    for each in town.helpers:
        picked = [script["pick"] for script in each.behaviour.calls]
        assert picked == (["no_answer"] * 3 + ["answer"] if each.role == "社区办公室" else ["no_answer"]), each.role


def test_as_often_as_is_allowed_is_well():
    wire = [call(index, at) for index, at in enumerate((0, 10, 20, 30, 61))]
    assert seen(wire, told(4, 4, 4, 4, 4)) == ((5, 4, 4), [])


def test_once_more_in_the_hour_is_too_often():
    wire = [call(index, at) for index, at in enumerate((0, 10, 20, 30, 59))]
    figures, violations = seen(wire, told(4, 4, 4, 4, 4))
    assert figures == (5, 5, 4)
    assert violations == [f"{HELPER.name} was rung 5 times in an hour, 4 are allowed"]


def test_what_has_no_limit_may_ring_and_counts_before_what_has_one():
    wire = [call(index, at) for index, at in enumerate((0, 5, 10, 15, 20))]
    assert seen(wire, told(None, None, None, None, None)) == ((5, 0, None), [])
    assert seen(wire, told(None, None, None, None, 4))[1] == [
        f"{HELPER.name} was rung 5 times in an hour, 4 are allowed"
    ]
    assert seen(wire, told(4, 4, 4, 4, None)) == ((5, 4, 4), [])


def test_what_has_rung_nobody_and_what_they_have_rung_does_not_count():
    wire = [call(0, 0), call(1, 5, status="failed"), call(2, 10, inbound=True), call(3, 15, parent="CA9"), call(4, 20)]
    assert seen(wire, told(2, 2, 2, 2, 2)) == ((2, 2, 2), [])


@pytest.mark.parametrize("other", [("--suspend", "2h"), ("--line", "sip")])
def test_it_is_not_told_together_with(other):
    refused = command("rehearse", "--helpers", "silent", *other)
    assert refused.returncode == 2
    assert other[0] in refused.stderr


def test_a_word_that_nobody_knows_is_refused_with_those_there_are():
    refused = command("rehearse", "--helpers", "asleep")
    assert refused.returncode == 2
    shown = "".join(refused.stderr.split())
    assert all(each in shown for each in Helpers)


@pytest.mark.long
@pytest.mark.parametrize("helpers", list(Helpers))
def test_a_morning_on_which_nobody_accepts_soon_ends_with_the_office_and_pesters_nobody(helpers):
    done = command("rehearse", "--residents", "100", "--seed", "4", "--helpers", helpers.value, "--json",
                   timeout=8 * PATIENCE_SECONDS)  # fmt: skip
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert done.returncode == 0, done.stderr
    accepted = [each["case"]["accepted_by"] for each in report["check_ins"] if each["case"]]
    assert len(accepted) > 10
    if helpers is not Helpers.SLOW:
        assert all(name.startswith("办公室") for name in accepted)
    responders = report["responders"]
    assert set(responders[0]) == {"name", "calls", "most_in_an_hour", "limit"}
    assert all(each["limit"] is None or each["most_in_an_hour"] <= each["limit"] for each in responders)
    assert min(each["calls"] for each in responders if each["name"].startswith("办公室")) >= 1
