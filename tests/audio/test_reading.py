import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.pace import units
from audio.passages import passages
from audio.reading import read_aloud, unreadable
from core.i18n import Language

CHINESE = {
    "emergency numbers are said digit by digit": [
        ("请拨打120。", "请拨打幺二零。"),
        ("急救电话120", "急救电话幺二零"),
        ("110、119", "幺幺零、幺幺九"),
        ("120个", "一百二十个"),
    ],
    "telephone numbers are said in groups": [
        ("13800138000", "幺三八，零零幺三，八零零零"),
        ("+8613800138000", "幺三八，零零幺三，八零零零"),
        ("0311-86012345", "零三幺幺，八六零幺，二三四五"),
        ("社区电话86012345。", "社区电话八六零幺，二三四五。"),
        ("400-800-1234", "四零零，八零零，幺二三四"),
        ("打12345", "打幺二三四五"),
    ],
    "years and dates": [
        ("2026年", "二零二六年"),
        ("2026年11月23日", "二零二六年十一月二十三日"),
        ("2026-11-03", "二零二六年十一月三日"),
        ("1990年", "一九九零年"),
    ],
    "houses and rooms": [
        ("3号楼2单元301", "三号楼二单元三零幺"),
        ("3号楼", "三号楼"),
        ("12号楼", "十二号楼"),
        ("1203室", "幺二零三室"),
        ("3-2-301", "三杠二杠三零幺"),
        ("2楼", "二楼"),
        ("２号楼", "二号楼"),
    ],
    "keys": [("请按1。", "请按一。"), ("请按0。", "请按零。"), ("按2键", "按二键"), ("按#键", "按井号键")],
    "times": [
        ("8:30", "八点三十分"),
        ("08:05", "八点零五分"),
        ("14：00", "十四点"),
        ("2:00", "两点"),
        ("8-10点", "八到十点"),
    ],
    "decimals and measurements": [
        ("36.5", "三十六点五"),
        ("36.5℃", "三十六点五度"),
        ("120/80", "一百二十 八十"),
        ("2.5斤", "二点五斤"),
        ("50%", "百分之五十"),
        ("-5度", "负五度"),
    ],
    "quantities": [
        ("2斤", "两斤"),
        ("2个", "两个"),
        ("2个月", "两个月"),
        ("22个", "二十二个"),
        ("2两", "二两"),
        ("第2个", "第二个"),
        ("2月2日", "二月二日"),
        ("3,000元", "三千元"),
    ],
    "numbers by value": [
        ("10", "十"),
        ("105", "一百零五"),
        ("2002", "两千零二"),
        ("10010人", "一万零一十人"),
        ("20000元", "两万元"),
        ("1000001000元", "十亿零一千元"),
        ("A12", "A十二"),
    ],
    "syllables that the voice lacks": [("王琼胸口疼", "王渠颙虚雍口疼")],
}

ENGLISH = [
    ("ring 120 when this call has ended", "ring one two zero when this call has ended"),
    ("The emergency number is 120.", "The emergency number is one two zero."),
    ("Call 999 now", "Call nine nine nine now"),
    ("0311-86012345", "zero three one one, eight six zero one, two three four five"),
    ("+86 13800138000", "one three eight, zero zero one three, eight zero zero zero"),
    ("building 3, room 301", "building 3, room three oh one"),
    ("Room 1205", "Room one two oh five"),
    ("press 1", "press 1"),
    ("120/80 at 8:30 in 2026, 36.5 degrees", "120/80 at 8:30 in 2026, 36.5 degrees"),
    ("Hello 王奶奶, 3号楼", "Hello 王奶奶, 三号楼"),
]

NUMBERY = st.text(st.sampled_from("0123456789０①٣.,:/-~%+ 年号楼单元室点个按第个两A二a"), max_size=20)


@pytest.mark.parametrize(("text", "spoken"), [case for cases in CHINESE.values() for case in cases])
def test_what_the_mandarin_voice_misreads_is_written_out(text: str, spoken: str) -> None:
    assert read_aloud(text, Language.CHINESE) == spoken


@pytest.mark.parametrize(("text", "spoken"), ENGLISH)
def test_what_the_english_voice_misreads_is_written_out(text: str, spoken: str) -> None:
    assert read_aloud(text, Language.ENGLISH) == spoken


@given(NUMBERY | st.text())
def test_no_digit_is_left_in_chinese(text: str) -> None:
    assert not any(character.isdigit() for character in read_aloud(text, Language.CHINESE))


@given(NUMBERY | st.text(), st.sampled_from(Language))
def test_reading_twice_changes_nothing(text: str, language: Language) -> None:
    once = read_aloud(text, language)
    assert read_aloud(once, language) == once


@given(NUMBERY | st.text(), st.sampled_from(Language))
def test_what_says_something_is_never_read_as_nothing(text: str, language: Language) -> None:
    assert bool(read_aloud(text, language)) == bool(text)
    assert bool(units(read_aloud(text, language), language)) >= bool(units(text, language))


def test_characters_that_no_voice_knows_are_named() -> None:
    assert unreadable("王𠮷奶奶") == "𠮷"


def test_a_chinese_name_in_an_english_text_is_spoken_by_the_mandarin_voice() -> None:
    spoken = passages("Hello 王奶奶. This is the morning call.", Language.ENGLISH)
    assert [(each.words, each.language) for each in spoken] == [
        ("Hello ", Language.ENGLISH),
        ("王奶奶. ", Language.CHINESE),
        ("This is the morning call.", Language.ENGLISH),
    ]
    assert spoken[1].pause_seconds > spoken[0].pause_seconds
