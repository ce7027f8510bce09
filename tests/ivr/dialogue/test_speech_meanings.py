"""Spoken answers: nothing that sounds like trouble is ever "well"."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Language
from ivr.dialogue.script import Meaning
from ivr.dialogue.speech_meanings import TABLES, table, understood

ZH, EN = Language.CHINESE, Language.ENGLISH
SAID = [
    (ZH, Meaning.WELL, ["好", "很好", "都好。", "我很好，谢谢", "我们一切都好", "今天身体挺好的", "没事", "好好好",
                     "您好，我很好"]),
    (ZH, Meaning.UNWELL, ["不舒服", "难受", "我好难受", "疼", "腿疼", "不太好", "不好", "不是很好", "好什么好，摔了",
                        "很好，就是头晕",
                          "有点不好", "我不疼，很好", "算好吧", "救命", "好不了", "还没好", "好疼"]),
    (ZH, Meaning.NEEDS, ["要东西", "买菜", "我想买药", "很好，要买米"]),
    (ZH, Meaning.PERSON, ["找人", "我想找人说说话", "很好，陪我聊聊"]),
    (ZH, Meaning.YES, ["是的", "对，没错", "嗯，是"]),
    (ZH, Meaning.NO, ["不是", "不对"]),
    (ZH, None, ["", "喂，您好？", "你好你好", "还行吧", "今天天气", "谁呀", "早上好"]),
    (EN, Meaning.WELL, ["well", "I am well", "I'm fine, thank you", "very well", "All right!", "good"]),
    (EN, Meaning.UNWELL, ["unwell", "not well", "I hurt", "I'm not very well", "I am well but my leg hurts", "no pain",
                          "I could be good", "not too good", "I wasn't well", "I fell", "help", "I'm not all right"]),
    (EN, Meaning.NEEDS, ["I need something", "groceries please", "I am fine but need milk"]),
    (EN, Meaning.PERSON, ["a person", "I'd like to talk to somebody"]),
    (EN, Meaning.YES, ["yes", "yes please", "that's right"]),
    (EN, Meaning.NO, ["no", "no thank you"]),
    (EN, None, ["", "hello?", "good morning", "who is this", "so so", "bless you"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "meaning", "said"),
    [pytest.param(language, meaning, said, id=said or "-") for language, meaning, many in SAID for said in many],
)
def test_what_is_said_means(language, meaning, said):
    assert understood(said, language) is meaning


def words_of(language, *names):
    kept = tomllib.loads((TABLES / f"{language.replace('-', '_')}.toml").read_text("utf-8"))
    return [entry for name in names for entry in kept[name]]


@pytest.mark.parametrize("language", Language)
@given(data=st.data())
def test_no_sentence_with_a_worrying_word_is_ever_well_or_yes(language, data):
    around = st.lists(
        st.sampled_from(words_of(language, "well", "yes", "fillers", "greetings", "negations")), max_size=5
    )
    worry = data.draw(st.sampled_from(words_of(language, "unwell", "person", "needs"))).rstrip("*")
    said = table(language).gap.join([*data.draw(around), worry, *data.draw(around)])
    assert understood(said, language) in {Meaning.UNWELL, Meaning.PERSON, Meaning.NEEDS}, said


@pytest.mark.parametrize("language", Language)
@given(data=st.data())
def test_no_negated_sentence_is_ever_well_or_yes(language, data):
    around = st.lists(st.sampled_from(words_of(language, "well", "yes", "fillers")), max_size=4)
    negation = data.draw(st.sampled_from(words_of(language, "negations")))
    said = table(language).gap.join([*data.draw(around), negation.rstrip("*"), *data.draw(around)])
    allowed = {"没错", "没事"} if language is ZH else set()
    if not any(each in said for each in allowed):
        assert understood(said, language) not in {Meaning.WELL, Meaning.YES}, said


@pytest.mark.parametrize("language", Language)
@given(said=st.text(max_size=20), around=st.data())
def test_whatever_is_not_understood_is_not_well(language, said, around):
    unknown = [word for word in ("qwz", "啥", "某") if not any(word in each for each in words_of(language, "well"))]
    foreign = around.draw(st.sampled_from(unknown))
    assert understood(f"{said} {foreign} {said}", language) not in {Meaning.WELL, Meaning.YES}


@pytest.mark.parametrize("language", Language)
def test_what_the_provider_doubts_makes_nobody_well_but_still_brings_help(language):
    well, worry = words_of(language, "well")[0], words_of(language, "unwell")[0]
    assert understood(well, language, confidence=0.1) is None
    assert understood(worry, language, confidence=0.1) is Meaning.UNWELL
