"""Keys that are pressed while nothing is asked wait for the next question, in their order, and for no other."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trunk.running import number
from tests.trunk.scripted_engine import ScriptedLine
from tests.trunk.test_calls import ask
from tests.trunk.test_talking import conversation
from trunk.calls.gather import Gather
from trunk.calls.keys import MOST_KEPT, Keys
from trunk.sound.handset import Handset


def taken(keys, most):
    """What a question of so many keys gets of those that have waited."""
    gather = Gather(most)
    with keys.given_to(gather):
        return gather.keys


def typed(text):
    keys = Keys()
    for each in text:
        keys.press(each)
    return keys


def test_who_presses_before_the_conversation_begins_is_heard_by_it():
    """The far side has answered, and this process has not come to it yet."""

    async def pressed():
        line, taken = ScriptedLine("1"), []
        handset = Handset(line)
        for key in "93":
            line.on_key(key)
        handset.on_key = taken.append
        line.on_key("1")
        return taken

    assert asyncio.run(pressed()) == ["9", "3", "1"]


@given(st.text("0123456789*", max_size=MOST_KEPT), st.lists(st.integers(1, 6), max_size=8))
def test_no_key_is_lost_or_told_twice_or_out_of_its_order(text, questions):
    keys = typed(text)
    told = [taken(keys, most) for most in questions]
    assert "".join(told) == text[: sum(questions)]
    assert keys.are_waiting == (len(text) > sum(questions))


@pytest.mark.parametrize(
    ("text", "questions", "told"),
    [
        ("135799#4", (6, 1), ["135799", "4"]),
        ("1357#4", (6, 1), ["1357", "4"]),
        ("#4", (6, 1), ["#", "4"]),
        ("#4", (1, 1), ["#", "4"]),
        ("12##", (2, 1), ["12", "#"]),
    ],
)
def test_the_end_of_a_number_belongs_to_it_however_long_the_number(text, questions, told):
    keys = typed(text)
    assert [taken(keys, most) for most in questions] == told


def test_the_end_of_a_number_that_was_long_enough_is_no_answer_to_what_is_asked_next():
    keys, number_asked = Keys(), Gather(2)
    with keys.given_to(number_asked):
        keys.press("1")
        keys.press("2")
    keys.press("#")
    assert not keys.are_waiting
    keys.press("#")
    assert taken(keys, 1) == "#"


def test_drumming_is_kept_to_a_bound_and_forgotten_where_nobody_wants_it():
    keys = typed("1" * 1000)
    assert taken(keys, 1000) == "1" * MOST_KEPT
    keys = typed("12")
    keys.forget()
    assert taken(keys, 1) == ""


def thinking(service, phones, trunk):
    """A call whose first key was pressed; the service still thinks about it."""
    call, to, path = conversation(service, phones, trunk)
    service.ponders(f"{path}/1")
    phones.press(to, "9")
    service.wait(f"{path}/1")
    return call, to, path


def test_what_is_typed_while_the_service_thinks_is_given_to_the_next_questions(service, phones, trunk):
    _, to, path = thinking(service, phones, trunk)
    service.says(f"{path}/1", ask(service, f"{path}/2", service.sound("/long.wav", 30, 400)))
    service.says(f"{path}/2", ask(service, f"{path}/3", service.sound("/long.wav", 30, 400), keys=6))
    phones.inform(to, "92468#")
    service.decides(f"{path}/1")
    assert service.wait(f"{path}/2")["keys"] == "9"
    assert service.wait(f"{path}/3")["keys"] == "2468"


def test_what_was_typed_ahead_is_told_though_the_caller_has_hung_up(service, phones, trunk):
    call, to, path = thinking(service, phones, trunk)
    service.says(f"{path}/1", ask(service, f"{path}/2", service.sound("/long.wav", 30, 400)))
    phones.inform(to, "9")
    phones.order("hang up", number=to)
    phones.wait("ended", number=to)
    service.decides(f"{path}/1")
    assert service.wait(f"{path}/2")["keys"] == "9"
    assert trunk.outcome(call) == "completed"


def test_what_was_typed_before_a_recording_neither_ends_it_nor_answers_what_comes_after(service, phones, trunk):
    _, to, path = thinking(service, phones, trunk)
    record = {"url": f"{service.url}{path}/2", "max_seconds": 20, "silence_seconds": 1,
              "status_url": f"{service.url}{path}/kept"}  # fmt: skip
    service.says(f"{path}/1", {"hear": [], "record": record})
    service.says(f"{path}/2", ask(service, f"{path}/3", seconds=0.2))
    phones.inform(to, "#3")
    service.decides(f"{path}/1")
    assert service.wait(f"{path}/3")["keys"] == ""


def test_what_was_typed_before_two_are_connected_answers_nothing_afterwards(service, phones, trunk):
    _, to, path = thinking(service, phones, trunk)
    other = number()
    phones.script(other, code=486)
    connect = {"leg": f"leg-{other[1:]}", "number": other, "dialled": other, "from_": trunk.order(other)["from_"],
               "ring_seconds": 20, "talk_seconds": 60, "whisper_url": f"{service.url}/whisper",
               "status_url": f"{service.url}/whisper/status", "url": f"{service.url}{path}/2"}  # fmt: skip
    service.says(f"{path}/1", {"hear": [], "connect": connect})
    service.says(f"{path}/2", ask(service, f"{path}/3", seconds=0.2))
    phones.inform(to, "44")
    service.decides(f"{path}/1")
    assert service.wait(f"{path}/2")["leg_outcome"] == "busy"
    assert service.wait(f"{path}/3")["keys"] == ""
