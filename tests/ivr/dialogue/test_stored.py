"""A call's dialogue is understood once, and never in place of what the call keeps now."""

import pytest
from pydantic import ValidationError

from core.ids import new_id
from ivr.dialogue.engine import END, Dialogue, Prompt, Step
from ivr.dialogue.stored import MOST_REMEMBERED, read, written


def dialogue(name):
    steps = {"a": Step(prompts=(Prompt(key="check_in.goodbye"),), then=END)}
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
