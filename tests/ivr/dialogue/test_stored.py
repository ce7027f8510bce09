"""A call's dialogue is understood once, and never in place of what the call keeps now."""

import pytest
from pydantic import ValidationError

from core.ids import new_id
from ivr.dialogue.engine import Dialogue, End, Prompt
from ivr.dialogue.stored import MOST_REMEMBERED, read, written


def dialogue(name):
    steps = {"a": End(prompts=(Prompt(key="check_in.goodbye"),))}
    return Dialogue(name=name, language="zh-CN", first="a", steps=steps)


def test_what_was_written_is_read_and_the_same_is_understood_once():
    call_id = new_id()
    first = read(call_id, written(dialogue("morning")))
    assert first == dialogue("morning")
    assert read(call_id, written(dialogue("morning"))) is first


def test_a_call_that_goes_on_with_another_dialogue_follows_that_one():
    call_id = new_id()
    read(call_id, written(dialogue("morning")))
    assert read(call_id, written(dialogue("trusted"))) == dialogue("trusted")
    assert read(call_id, written(dialogue("morning"))) == dialogue("morning")


def test_a_crowd_of_calls_is_not_remembered_for_ever():
    call_id, kept = new_id(), written(dialogue("morning"))
    first = read(call_id, kept)
    for _ in range(MOST_REMEMBERED):
        read(new_id(), kept)
    assert read(call_id, kept) is not first


def test_what_is_no_dialogue_is_refused():
    with pytest.raises(ValidationError):
        read(new_id(), '{"name": "x"}')


EARLIER = """{"name": "x", "language": "en", "first": "ask", "steps": {
"ask": {"prompts": [{"key": "a"}], "keys": {"1": {"leads_to": "number"}}, "silence": {"leads_to": "speak"}},
"number": {"prompts": [{"key": "b"}], "entry": {"most": 8, "wrong": {"leads_to": "speak"}},
           "keys": {"#": {"leads_to": "wait"}}},
"speak": {"prompts": [{"key": "c"}], "recording": {"then": {"leads_to": "on", "fact": "left"}, "max_seconds": 30}},
"wait": {"prompts": [{"key": "d"}], "connect": {"whom": "office", "not_connected": {"leads_to": "on"}}},
"on": {"prompts": [{"key": "e"}], "then": "bye"},
"met": {"prompts": [{"key": "f"}], "bridges": true},
"bye": {"prompts": [{"key": "g"}], "then": "hang_up"}}}"""


def test_a_call_that_an_earlier_version_has_queued_goes_on():
    steps = read(new_id(), EARLIER).steps
    assert {name: step.kind for name, step in steps.items()} == {
        "ask": "menu", "number": "digits", "speak": "record", "wait": "connect", "on": "say", "met": "bridge",
        "bye": "end",
    }  # fmt: skip
    assert (steps["number"].most, steps["number"].wrong.leads_to, steps["number"].keys["#"].leads_to) == (
        8, "speak", "wait",
    )  # fmt: skip
    assert (steps["speak"].then.fact, steps["speak"].max_seconds) == ("left", 30)
    assert (steps["wait"].whom, steps["wait"].not_connected.leads_to, steps["on"].then) == ("office", "on", "bye")
