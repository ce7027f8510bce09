"""Several digits, and what is spoken after a beep, as a dialogue and as TwiML."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from campaigns.dialogues.stranger import stranger_dialogue
from core.i18n import Language
from ivr.dialogue.engine import (
    Choice,
    Dialogue,
    Digits,
    End,
    Heard,
    Menu,
    Position,
    Prompt,
    Record,
    Sound,
    advance,
    begin,
)
from ivr.ports import provider
from ivr.ports.provider import Gather, Speech
from ivr.provider.twilio.adapter import TwilioTelephony

STRANGER = stranger_dialogue("槐东社区", Language.CHINESE, "120")
SILENCE = Heard(Sound.SILENCE)
sounds = st.one_of(
    st.text("0123456789*#", min_size=1, max_size=1).map(lambda key: Heard(Sound.KEY, key)),
    st.text("0123456789*", min_size=2, max_size=20).map(lambda keys: Heard(Sound.DIGITS, keys)),
    st.sampled_from([SILENCE, Heard(Sound.MACHINE), Heard(Sound.RECORDING, "RE1", 4)]),
)


def asks(**more):
    steps = {
        "number": Digits(
            prompts=(Prompt(key="enter"),),
            sorry=(Prompt(key="sorry"),),
            most=8,
            wrong=Choice(leads_to="wrong"),
            silence=Choice(leads_to="silent"),
            **more,
        ),
        "wrong": End(prompts=(Prompt(key="refused"),)),
        "silent": End(prompts=()),
    }
    return Dialogue(name="entry", language=Language.ENGLISH, first="number", steps=steps)


def typed(keys):
    return Heard(Sound.DIGITS if len(keys) > 1 else Sound.KEY, keys)


def rendered(reply):
    return ElementTree.fromstring(TwilioTelephony("AC", "token", "http://127.0.0.1:1").render(reply))


def test_a_star_begins_the_number_again():
    assert typed("123*86000101").typed == "86000101"
    assert typed("*").typed == ""
    assert SILENCE.typed == ""


def test_what_means_nothing_is_asked_for_three_times_in_all():
    dialogue, position = asks(), Position("number")
    for play in (2, 3):
        turn = advance(dialogue, position, typed("12345"))
        assert [prompt.key for prompt in turn.say] == ["sorry", "enter"]
        assert turn.asks.most == 8
        position = turn.position
        assert position.play == play
    last = advance(dialogue, position, typed("12345"))
    assert ([prompt.key for prompt in last.say], last.position) == (["refused"], None)


def test_whoever_types_nothing_goes_on_at_once():
    dialogue = asks()
    assert advance(dialogue, Position("number"), SILENCE).position is None


def test_a_single_key_of_an_entry_is_not_the_first_digit_of_a_number():
    dialogue = asks(keys={"1": Choice(leads_to="wrong")})
    assert advance(dialogue, Position("number"), typed("1")).position is None
    assert advance(dialogue, Position("number"), typed("12")).position == Position("number", 2)


def test_where_one_key_was_asked_for_the_first_of_several_counts():
    menu = Dialogue(
        name="menu",
        language=Language.ENGLISH,
        first="menu",
        steps={"menu": Menu(prompts=(Prompt(key="menu"),), keys={"3": Choice(fact="unwell")})},
    )
    assert advance(menu, Position("menu"), typed("31")).facts[0].name == "unwell"


def test_a_recording_leads_on_and_silence_after_the_beep_elsewhere():
    step = Record(prompts=(Prompt(key="speak"),), then=Choice(fact="left"))
    dialogue = Dialogue(name="tape", language=Language.ENGLISH, first="speak", steps={"speak": step})
    assert begin(dialogue).asks == step
    assert advance(dialogue, Position("speak"), Heard(Sound.RECORDING, "RE1", 4)).facts[0].name == "left"
    silent = advance(dialogue, Position("speak"), SILENCE)
    assert (silent.facts, silent.position) == ((), None)


@given(st.lists(sounds, min_size=6, max_size=12))
def test_every_call_of_a_stranger_ends_and_only_a_recording_leaves_a_message(heard):
    turn, facts = begin(STRANGER), []
    for sound in heard:
        if turn.position is None:
            break
        turn = advance(STRANGER, turn.position, sound)
        facts += turn.facts
    assert turn.position is None
    assert not facts or Heard(Sound.RECORDING, "RE1", 4) in heard


def test_several_digits_are_gathered_up_to_the_finishing_key():
    [gather] = rendered(Gather((Speech("请输入", "zh-CN"),), "https://us/turns/1", 8, digits=30))
    assert (gather.attrib["numDigits"], gather.attrib["finishOnKey"], gather.attrib["timeout"]) == ("30", "#", "8")


def test_a_recording_follows_its_words_and_silence_is_reported_too():
    reply = provider.Record((Speech("请说话", "zh-CN"),), "https://us/turns/1", 60, 6, "https://us/turns/1/recording")
    said, record, redirect = rendered(reply)
    assert said.tag == "Say"
    assert record.attrib["action"] == redirect.text == "https://us/turns/1"
    assert record.attrib["recordingStatusCallback"] == "https://us/turns/1/recording"
    assert (record.attrib["maxLength"], record.attrib["timeout"], record.attrib["trim"]) == ("60", "6", "trim-silence")
