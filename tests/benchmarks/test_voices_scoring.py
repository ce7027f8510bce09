"""What was heard is held against what was said, whichever way either is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.reading.numerals import by_value, english
from benchmarks.voices import written_english, written_mandarin
from benchmarks.voices.scoring import Errors, distance, score, total
from tests.benchmarks.voices import a_result


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("八点三十分", "8点30分"),
        ("八点三十分", "8:30"),
        ("八点零二分", "8点02分"),
        ("八点零二分", "08:02。"),
        ("八点零二分", "8.02分"),
        ("幺二零", "120"),
        ("一百二十", "120"),
        ("零三幺幺，二零零零，零零零零", "0311-2000-0000"),
        ("三号楼二单元三零一", "3号楼2单元301"),
        ("请按一，再按井号键", "请按 1,再按#键!"),
        ("现在有三件事", "现在有3件事"),
        ("一共五十七位", "一共57位"),
        ("一百零五", "１０５"),
    ],
)
def test_mandarin_is_the_same_in_digits_and_in_characters(said: str, heard: str) -> None:
    assert written_mandarin.as_compared(said) == written_mandarin.as_compared(heard)


@pytest.mark.parametrize(
    ("said", "heard"), [("八点三十分", "8:31"), ("幺二零", "110"), ("万奶奶", "王奶奶"), ("请按一", "请按7")]
)
def test_another_number_or_name_in_mandarin_stays_another(said: str, heard: str) -> None:
    assert written_mandarin.as_compared(said) != written_mandarin.as_compared(heard)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("press 1", "Press one."),
        ("at eight oh two today", "at 8:02 today"),
        ("eight o'clock", "8:00"),
        ("hang up and ring one two zero", "Hang up and ring 120!"),
        ("one hundred and five", "105"),
        ("a hundred and five", "105"),
        ("fifty-seven residents", "57 residents"),
        ("I'm glad you're well; it's done", "I am glad you are well. It is done"),
        ("I cannot", "I can’t"),
        ("Mrs Wang", "Missus Wang"),
        ("the hash key", "the # key"),
        ("practise", "practice"),
        ("All right, no call any more", "Alright, no call anymore."),
    ],
)
def test_english_is_the_same_in_digits_and_in_words(said: str, heard: str) -> None:
    assert written_english.as_compared(said) == written_english.as_compared(heard)


def test_words_beside_a_number_are_left() -> None:
    assert written_english.as_compared("press 1 and 2, and wait") == ("press", "1", "and", "2", "and", "wait")


@given(st.integers(0, 9_999_999))
def test_every_number_is_the_same_as_its_mandarin(number: int) -> None:
    assert written_mandarin.as_compared(by_value(str(number)) + "位") == written_mandarin.as_compared(f"{number}位")


@given(st.integers(0, 999))
def test_every_number_is_the_same_as_its_english(number: int) -> None:
    assert written_english.as_compared(f"the {english(number)} of you") == written_english.as_compared(
        f"the {number} of you"
    )


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_distance_is_what_the_definition_says(said: str, heard: str) -> None:
    def defined(one: str, other: str) -> int:
        if not one or not other:
            return len(one) + len(other)
        rest = defined(one[1:], other[1:]) + (one[0] != other[0])
        return min(rest, defined(one[1:], other) + 1, defined(one, other[1:]) + 1)

    assert distance(said, heard) == defined(said, heard)


def test_a_prompt_that_is_heard_right_has_no_errors() -> None:
    told = score(a_result("王奶奶，您好。今天08:02，请按1。", "王奶奶您好,今天8点02分,请按一", people=("王奶奶",)))
    assert (told.words.wrong, told.pinyin.wrong, told.toneless.wrong, told.names.wrong) == (0, 0, 0, 0)
    assert told.words.of == told.pinyin.of == told.toneless.of == len("王奶奶您好今天八点零二分请按一")


def test_another_character_that_sounds_alike_is_wrong_as_a_character_only() -> None:
    told = score(a_result("您有事。", "您有是。"))
    assert (told.words.wrong, told.pinyin.wrong, told.toneless.wrong) == (1, 0, 0)


def test_another_tone_is_wrong_with_tones_only() -> None:
    told = score(a_result("买药。", "卖药。"))
    assert (told.words.wrong, told.pinyin.wrong, told.toneless.wrong) == (1, 1, 0)


def test_another_syllable_is_wrong_everywhere() -> None:
    told = score(a_result("买药。", "买菜。"))
    assert (told.words.wrong, told.pinyin.wrong, told.toneless.wrong) == (1, 1, 1)


def test_surnames_are_read_as_surnames_on_both_sides() -> None:
    assert score(a_result("单奶奶，您好。", "山奶奶，您好。", people=("单奶奶",))).toneless.wrong == 0
    assert score(a_result("单奶奶，您好。", "单奶奶，您好。", people=("单奶奶",))).pinyin.wrong == 0


def test_words_in_english_are_counted() -> None:
    told = score(a_result("If you are well, press 1.", "If you are unwell, press one."))
    assert told.words == Errors(1, 6)
    assert told.pinyin == told.toneless == Errors()


@pytest.mark.parametrize(
    ("text", "heard", "name", "missed"),
    [
        ("王奶奶，您好。", "汪奶奶您好", "王奶奶", 0),
        ("王奶奶，您好。", "黄奶奶您好", "王奶奶", 1),
        ("Hello Mrs Wang.", "Hello, Mrs. Wang", "Mrs Wang", 0),
        ("Hello Mrs Wang.", "Hello, Mrs. Wong", "Mrs Wang", 1),
    ],
)
def test_a_name_is_right_where_it_sounds_right(text: str, heard: str, name: str, missed: int) -> None:
    assert score(a_result(text, heard, people=(name,))).names == Errors(missed, 1)


def test_what_is_repeated_without_end_is_no_worse_than_silence() -> None:
    endless, silent = (score(a_result("再见。", heard)) for heard in ("零" * 200, ""))
    assert endless == silent
    assert silent.words.percent == 100


def test_long_prompts_weigh_more_in_a_total() -> None:
    told = total([score(a_result("再见。", "")), score(a_result("您好，您好，您好，您好。", "您好您好您好您好"))])
    assert told.words == Errors(2, 10)
