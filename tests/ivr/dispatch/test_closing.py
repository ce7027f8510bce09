"""The last words of a call, the quiet before its first, spoken answers as TwiML, and what had been pressed before."""

from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf
from xml.etree import ElementTree

import pytest

from campaigns.dialogues.check_in import Asked, check_in_dialogue
from core.i18n import Language
from ivr.dialogue.engine import Before, Sound
from ivr.ports.provider import Gather, Hearing, Speech
from ivr.provider.twilio.adapter import TwilioTelephony
from ivr.provider.twilio.twiml import of_redirect, of_reply
from ivr.queries import Exchanged
from ivr.turns.second_thoughts import before
from ivr.turns.turns import after_quiet

DIALOGUE = check_in_dialogue([Asked("wang", "王奶奶")], "槐东社区", Language.CHINESE, None, "120", rang_us=False)
EIGHT = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = (Speech("再见", "zh-CN"),)


def rendered(reply):
    return ElementTree.fromstring(TwilioTelephony("AC", "token", "http://127.0.0.1:1").render(reply))


def test_a_key_during_the_last_words_is_heard_and_without_one_we_hang_up_unasked():
    gather, hangup = rendered(Gather(WORDS, "https://us/turns/2", 1, closes=True))
    assert (gather.tag, gather.attrib["actionOnEmptyResult"], hangup.tag) == ("Gather", "false", "Hangup")
    [asks] = rendered(Gather(WORDS, "https://us/turns/2", 1))
    assert asks.attrib["actionOnEmptyResult"] == "true"


def test_a_second_of_quiet_comes_before_the_first_words():
    [gather] = rendered(after_quiet(Gather(WORDS, "https://us/turns/1")))
    assert [(verb.tag, verb.attrib.get("length")) for verb in gather] == [("Pause", "1"), ("Say", None)]


@pytest.mark.parametrize(("language", "heard"), [("zh-CN", "cmn-Hans-CN"), ("en", "en-US")])
def test_words_are_gathered_beside_keys_in_the_residents_language(language, heard):
    [gather] = rendered(Gather(WORDS, "https://us/turns/1", hearing=Hearing(language, ("很好", "不舒服"))))
    assert (gather.attrib["input"], gather.attrib["language"]) == ("dtmf speech", heard)
    assert (gather.attrib["hints"], gather.attrib["speechTimeout"]) == ("很好,不舒服", "auto")


def turns(*heard):
    """A call in which these things were heard, five seconds apart, each with the step that then asks."""
    instants = (EIGHT + timedelta(seconds=5 * n) for n in count())
    split = [(what.partition(":"), step) for what, step in heard]
    return [
        Exchanged(at, Sound(sound), key, step, 1) for at, ((sound, _, key), step) in zip(instants, split, strict=False)
    ]


def seen(*heard, seconds=1):
    said = turns(*heard)
    return before(DIALOGUE, said, said[-1].at + timedelta(seconds=seconds))


def test_the_answer_before_is_the_last_one_that_a_doubt_watches_over():
    assert seen(("answered", "ask-0"), ("key:1", "ok-0")) == Before("1", 1, "ask-0", "1")
    needs = seen(("answered", "ask-0"), ("key:2", "needs_supplies-0"), ("key:1", "groceries-0"))
    assert needs == Before("1", 1, "ask-0", "2")
    assert seen(("answered", "ask-0"), ("key:1", "ok-0"), ("key:3", "ask-0/31")) == Before("3", 1, "ask-0", "1")


def test_the_seconds_are_those_since_the_last_key():
    assert seen(("answered", "ask-0"), ("key:2", "needs_supplies-0"), ("silence", "needs_supplies-0")).seconds == 6


@pytest.mark.parametrize("heard", ["silence", "lost:1", "speech:unwell", "digits"])
def test_what_is_no_key_is_none_before_either_but_the_question_was_asked(heard):
    assert seen(("answered", "ask-0"), (heard, "silent")) == Before("", inf, "ask-0", "")


@pytest.mark.parametrize("key", "79")
def test_a_key_that_no_doubt_watches_over_is_only_the_last_one(key):
    assert seen(("answered", "ask-0"), (f"key:{key}", "ask-0")) == Before(key, 1, "ask-0", "")


def test_before_the_first_question_there_was_no_answer():
    assert before(DIALOGUE, [], EIGHT) is None


WILD = ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\u200b", "\u202e", "\ufeff", "\ud83d", "\uffff", "\ue000"]


@pytest.mark.parametrize("wild", WILD)
def test_no_control_character_reaches_the_provider(wild):
    """One of them in a name, and the provider could not read the document: the caller would hear an error."""
    [said] = rendered(Gather((Speech(f"王{wild}奶奶，您好。", "zh-CN"),), "https://us/turns/1")).iter("Say")
    assert said.text in ("王奶奶，您好。", "王 奶奶，您好。")


@pytest.mark.parametrize("wild", WILD)
def test_none_reaches_it_beside_pinyin_or_before_a_redirect(wild):
    parts = (("单", ("shan4",)), (f"奶{wild}奶，您好。", ()))
    told = Speech(f"单奶{wild}奶，您好。", "zh-CN", "Polly.Zhiyu-Neural", parts)
    for document in (of_reply(Gather((told,), "https://us/turns/1")), of_redirect((told,), "https://us/turns/1")):
        [said] = ElementTree.fromstring(document).iter("Say")
        assert said.find("phoneme").text == "单"
        assert "".join(said.itertext()) in ("单奶奶，您好。", "单奶 奶，您好。")


@pytest.mark.parametrize("rare", ["\U00031350", "\U0002ebf0", "𠮷"])
def test_a_character_younger_than_our_tables_is_said(rare):
    [said] = rendered(Gather((Speech(f"{rare}奶奶", "zh-CN"),), "https://us/turns/1")).iter("Say")
    assert said.text == f"{rare}奶奶"
