"""What alike calls share of a dialogue is one document; each call's is understood once, and is exactly its own."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.ids import new_id
from ivr.dialogue import particulars
from ivr.dialogue.engine import Choice, Dialogue, End, Menu, Prompt
from ivr.dialogue.stored import MOST_REMEMBERED, document, placeholder, read

SUBJECT = "01a22460-30d9-71cb-b64d-b239aefbacbd"


def dialogue(name, called="王奶奶", subject=SUBJECT):
    hello = Prompt(key="check_in.greeting", words={"called": called, "community": "槐东社区"})
    bye = End(prompts=(Prompt(key="check_in.goodbye"),))
    keys = {"1": Choice(leads_to="bye", fact="ok", subject=subject)}
    asks = Menu(prompts=(hello,), keys=keys, silence=Choice(leads_to="bye", fact="no_key", subject=subject))
    return Dialogue(name=name, language="zh-CN", first="a", steps={"a": asks, "bye": bye}, consents=("ok",))


def nobody():
    raise AssertionError("it was to be remembered")


def understood(kept):
    return read(kept.digest, kept.written, lambda: kept.text)


def test_what_was_written_is_read_and_the_same_is_understood_once():
    kept = document(dialogue("morning"))
    first = understood(kept)
    assert first == dialogue("morning")
    assert read(kept.digest, kept.written, nobody) is first


def test_calls_to_people_who_are_called_otherwise_share_their_document_and_hear_their_own_names():
    one, other = document(dialogue("morning")), document(dialogue("morning", "李爷爷", str(new_id())))
    assert (one.text, one.digest) == (other.text, other.digest)
    assert "王奶奶" not in one.text
    assert understood(one) == dialogue("morning")
    assert read(other.digest, other.written, nobody).steps["a"].prompts[0].words["called"] == "李爷爷"


def test_a_call_that_goes_on_with_another_dialogue_follows_that_one():
    for name in ("morning", "trusted", "morning"):
        assert understood(document(dialogue(name))) == dialogue(name)


def test_a_crowd_of_calls_is_not_remembered_for_ever():
    first = understood(document(dialogue("morning")))
    for index in range(MOST_REMEMBERED):
        understood(document(dialogue("morning", f"{index}号")))
    assert understood(document(dialogue("morning"))) is not first


def test_what_is_no_dialogue_is_refused():
    with pytest.raises(ValidationError):
        read(b"no dialogue", "[]", lambda: '{"name": "x"}')
    with pytest.raises(IndexError):
        read(document(dialogue("morning")).digest, "[]", lambda: document(dialogue("morning")).text)


def test_whom_a_dialogue_is_about_can_be_said_later():
    made = document(dialogue("morning", subject=placeholder(0)))
    about = made.about([SUBJECT])
    assert about == document(dialogue("morning"))
    assert about.digest == made.digest


def test_a_long_message_to_everybody_is_not_kept_again_for_each_of_them():
    message = "本周六上午停水。" * 20
    kept = document(dialogue("morning", message))
    assert message in kept.text
    assert message not in kept.written
    assert understood(kept) == dialogue("morning", message)


BLANK = f"{particulars.MARK}0{particulars.MARK}"
WORDS = st.text(max_size=100) | st.sampled_from([BLANK, f'","{BLANK}', f'"{BLANK}"', "\\" + BLANK, "subject", "words"])
DOCUMENTS = st.dictionaries(
    st.sampled_from(["subject", "words", "steps"]) | st.text(max_size=3),
    st.recursive(
        WORDS | st.integers() | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["subject", "words"]) | WORDS, inner, max_size=3)
        ),
    ),
)


@given(DOCUMENTS)
def test_nothing_is_lost_whatever_is_written(whole):
    text, its = particulars.parted(whole)
    assert json.loads(particulars.filled(text, its)) == whole


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
    steps = read(b"earlier", "[]", lambda: EARLIER).steps
    assert {name: step.kind for name, step in steps.items()} == {
        "ask": "menu", "number": "digits", "speak": "record", "wait": "connect", "on": "say", "met": "bridge",
        "bye": "end",
    }  # fmt: skip
    assert (steps["number"].most, steps["number"].wrong.leads_to, steps["number"].keys["#"].leads_to) == (
        8, "speak", "wait",
    )  # fmt: skip
    assert (steps["speak"].then.fact, steps["speak"].max_seconds) == ("left", 30)
    assert (steps["wait"].whom, steps["wait"].not_connected.leads_to, steps["on"].then) == ("office", "on", "bye")
