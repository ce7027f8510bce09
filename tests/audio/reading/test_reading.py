import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import espeakng_loader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.reading.passages import passages
from audio.reading.read_aloud import read_aloud
from audio.reading.syllables.names import Name
from audio.reading.unspoken import TABLE, unreadable
from audio.sound.pace import units
from core.i18n import Language
from tests.audio.conftest import prompt_texts

ROOT = Path(__file__).parents[3]
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
    "blood pressure": [
        ("血压120/80", "血压高压一百二十，低压八十"),
        ("血压是135/85mmHg，偏高", "血压是高压一百三十五，低压八十五，偏高"),
        ("血压：98/60。", "血压:高压九十八，低压六十。"),
    ],
    "measures with Latin letters": [
        ("2kg", "两公斤"),
        ("2.5 kg", "二点五公斤"),
        ("500ml", "五百毫升"),
        ("100g", "一百克"),
        ("血糖5.6mmol/L", "血糖五点六毫摩尔每升"),
        ("36.5°C", "三十六点五度"),
        ("¥30", "三十元"),
        ("1/2片", "二分之一片"),
    ],
    "from here to there": [
        ("8:30-10:00", "八点三十分到十点"),
        ("11月3日-5日", "十一月三日到五日"),
        ("5~6个", "五到六个"),
    ],
    "telephone numbers are digits, however they are written": [
        ("0311 8601 2345", "零三幺幺，八六零幺，二三四五"),
        (
            "您有事，随时可以打这个号码找我们：0311 8601 2345。",
            "您有事，随时可以打这个号码找我们:零三幺幺，八六零幺，二三四五。",
        ),
        ("010-8601 2345", "零幺零，八六零幺，二三四五"),
        ("(0311)86012345", "零三幺幺，八六零幺，二三四五"),
        ("138 0013 8000", "幺三八，零零幺三，八零零零"),
        ("138-0013-8000", "幺三八，零零幺三，八零零零"),
        ("+86 138 0013 8000", "幺三八，零零幺三，八零零零"),
        ("+86 311 8601 2345", "三幺幺，八六零幺，二三四五"),
        ("400 800 1234", "四零零，八零零，幺二三四"),
        ("8601 2345", "八六零幺，二三四五"),
        ("电话860 1234。", "电话八六零，幺二三四。"),
        ("转801", "转八零幺"),
        ("86012345转801", "八六零幺，二三四五转八零幺"),
        ("分机801", "分机八零幺"),
    ],
    "numbers that are names": [
        ("96110", "九六幺幺零"),
        ("反诈专线是96110。", "反诈专线是九六幺幺零。"),
        ("12345热线", "幺二三四五热线"),
        ("101路", "幺零幺路"),
        ("2路", "二路"),
        ("301医院", "三零幺医院"),
        ("107国道", "幺零七国道"),
        ("G101次", "G幺零幺次"),
        ("5G", "五G"),
        ("5G手机", "五G手机"),
        ("128G", "一百二十八G"),
        ("5g盐", "五克盐"),
        ("12345人", "一万两千三百四十五人"),
        ("96110元", "九万六千一百一十元"),
    ],
    "what notices are full of": [
        ("押金￥200元", "押金二百元"),
        ("$5", "五美元"),
        ("面积120㎡", "面积一百二十平方米"),
        ("120毫克", "一百二十毫克"),
        ("到3F领取", "到三楼领取"),
        ("3#楼2单元", "三号楼二单元"),
        ("No.5", "五号"),
        ("降压药2片/天", "降压药两片每天"),
        ("收费5元/次", "收费五元每次"),
        ("限速5km/h", "限速五公里每小时"),
        ("1h", "一小时"),
        ("30min", "三十分钟"),
        ("5cm×3cm", "五厘米乘三厘米"),
        ("7×24小时", "七乘二十四小时"),
        ("1/3的居民", "三分之一的居民"),
        ("1:1配比", "一比一配比"),
        ("11.28日", "十一月二十八日"),
        ("2025-2026年", "二零二五到二零二六年"),
        ("2:30pm", "下午两点三十分"),
        ("微信号wx_abc123", "微信号wx_abc幺二三"),
        ("验证码：482913", "验证码:四八二九幺三"),
        ("84消毒液", "八四消毒液"),
        ("N95口罩", "N九五口罩"),
        ("80后", "八零后"),
        ("住A3-2-501", "住A三杠二杠五零幺"),
        ("下午3:00—5:00", "下午三点到五点"),
        ("7-9号停水", "七到九号停水"),
        ("11月28日8:30", "十一月二十八日八点三十分"),
    ],
    "names are left to the pinyin": [("单奶奶，早上好", "单奶奶，早上好"), ("王琼胸口疼", "王琼胸口疼")],
}

ENGLISH = {
    "emergency numbers are said digit by digit": [
        ("ring 120 when this call has ended", "ring one two zero when this call has ended"),
        ("The emergency number is 120.", "The emergency number is one two zero."),
        ("Call 999 now", "Call nine nine nine now"),
        ("120 people", "120 people"),
    ],
    "telephone numbers are said in groups": [
        ("0311-86012345", "zero three one one, eight six zero one, two three four five"),
        ("0311 2000 0000", "zero three one one, two zero zero zero, zero zero zero zero"),
        ("+86 13800138000", "one three eight, zero zero one three, eight zero zero zero"),
        ("Ring 86012345 please", "Ring eight six zero one, two three four five please"),
    ],
    "years": [
        ("born in 1938", "born in nineteen thirty-eight"),
        ("born 1905", "born nineteen oh five"),
        ("since 1900", "since nineteen hundred"),
        ("the year 2000", "the year two thousand"),
        ("until 2008", "until two thousand and eight"),
        ("in 2026.", "in twenty twenty-six."),
        ("from 1998 to 2004", "from nineteen ninety-eight to two thousand and four"),
        ("of 2000 people", "of 2000 people"),
    ],
    "dates": [
        ("on 2026-11-03", "on November the third, twenty twenty-six"),
        ("on 2026/1/21", "on January the twenty-first, twenty twenty-six"),
        ("November 3, 2026", "November the third, twenty twenty-six"),
        ("3 November 2026", "the third of November twenty twenty-six"),
        ("Nov 5", "November the fifth"),
        ("5th of May", "the fifth of May"),
        ("Sept. 30", "September the thirtieth"),
    ],
    "clock times": [
        ("at 8:00", "at eight o'clock"),
        ("8:30 in the morning", "eight thirty in the morning"),
        ("at 08:02 today", "at eight oh two today"),
        ("12:00", "twelve o'clock"),
        ("at 14:00", "at two o'clock in the afternoon"),
        ("18:30", "six thirty in the evening"),
        ("22:45", "ten forty-five at night"),
        ("00:15", "twelve fifteen at night"),
        ("8:30 am", "eight thirty a m"),
        ("9 p.m.", "nine p m"),
    ],
    "houses and rooms": [
        ("Building 3, Unit 2, Flat 501", "Building 3, Unit 2, Flat five oh one"),
        ("building 3, room 301", "building 3, room three oh one"),
        ("Room 1205", "Room one two oh five"),
        ("Room 1203A", "Room one two oh three A"),
        ("Flat 12", "Flat 12"),
        ("3-2-501", "three, two, five oh one"),
        ("No. 5", "number 5"),
    ],
    "quantities": [
        ("2 kg of rice", "two kilograms of rice"),
        ("1 kg", "one kilogram"),
        ("2.5kg", "two point five kilograms"),
        ("500 ml of milk", "five hundred millilitres of milk"),
        ("1 l", "one litre"),
        ("200 g", "two hundred grams"),
        ("5 mg", "five milligrams"),
        ("30 min", "thirty minutes"),
        ("3,000 yuan", "three thousand yuan"),
        ("1,250.50 yuan", "one thousand two hundred and fifty point five zero yuan"),
        ("¥30", "thirty yuan"),
        ("8-10 days", "eight to ten days"),
        ("8-10 o'clock", "eight to ten o'clock"),
    ],
    "decimals, percentages and temperatures": [
        ("36.5", "thirty-six point five"),
        ("37.2°C", "thirty-seven point two degrees"),
        ("-5°C", "minus five degrees"),
        ("50%", "fifty percent"),
        ("12.5%", "twelve point five percent"),
        ("0.5", "zero point five"),
        ("version 1.2.3", "version 1.2.3"),
    ],
    "ordinals": [
        ("the 1st call", "the first call"),
        ("the 2nd floor", "the second floor"),
        ("the 12th", "the twelfth"),
        ("the 20th", "the twentieth"),
        ("the 21st time", "the twenty-first time"),
        ("the 100th", "the one hundredth"),
    ],
    "blood pressure": [
        ("120/80", "one hundred and twenty over eighty"),
        ("Blood pressure 135/85 mmHg", "Blood pressure one hundred and thirty-five over eighty-five"),
        ("120/80 at 8:30", "one hundred and twenty over eighty at eight thirty"),
    ],
    "names with a form of address": [
        ("Mr. Li and Mrs. Wang", "Mr Li and Mrs Wang"),
        ("Mr Li", "Mr Li"),
        ("Hello 王奶奶, 3号楼", "Hello 王奶奶, 三号楼"),
        ("Hello 单奶奶", "Hello 单奶奶"),
    ],
    "plain numbers are left to the voice": [("press 1", "press 1"), ("I am 88", "I am 88")],
}

NUMBERY = st.text(st.sampled_from("0123456789０①٣.,:/-~%+¥ 年号楼单元室点个按第个两A二akgml°C"), max_size=20)


@pytest.mark.parametrize(("text", "spoken"), [case for cases in CHINESE.values() for case in cases])
def test_what_the_mandarin_voice_misreads_is_written_out(text: str, spoken: str) -> None:
    assert read_aloud(text, Language.CHINESE) == spoken


@pytest.mark.parametrize(("text", "spoken"), [case for cases in ENGLISH.values() for case in cases])
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


def test_a_rare_character_is_spoken_as_its_family_reads_it() -> None:
    granny = Name("𠅤奶奶", (("𠅤", "yan3"),))
    for language in Language:
        assert unreadable("𠅤奶奶", language) == "𠅤"
        assert unreadable("𠅤奶奶", language, [granny]) == ""
        assert [each.words for each in passages("𠅤奶奶", language, [granny])] == ["yan3 nai3nai5"]


def test_characters_that_no_voice_knows_are_named() -> None:
    assert unreadable("王𠮷奶奶", Language.CHINESE) == "𠮷"
    assert unreadable("𠮷奶奶在这儿", Language.CHINESE) == "𠮷"
    assert unreadable("㐂㐂和Жanna，㐂㐂", Language.CHINESE) == "㐂Ж"
    assert unreadable("Hello 㐂㐂", Language.ENGLISH) == "㐂"


@pytest.mark.parametrize(
    "text", ["王奶奶", "欧阳琼", "覃喆垚", "Mrs Wáng-O'Neil", "3号楼2单元501，钥匙在门卫。", "兒", "這兒", "😀"]
)
def test_what_the_voice_says_somehow_is_not_complained_about(text: str) -> None:
    assert unreadable(text, Language.CHINESE) == unreadable(text, Language.ENGLISH) == ""


def test_the_table_of_what_the_voice_lacks_is_what_espeak_says() -> None:
    """``python -m audio.reading.syllables.phonemes > audio/reading/unspoken.txt`` makes it anew for a new espeak."""
    made = subprocess.run(
        [sys.executable, "-m", "audio.reading.syllables.phonemes"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert made.stdout == TABLE.read_text()


IN_ENGLISH_LETTERS = """
import json, sys
from audio.reading.passages import passages
from audio.reading.syllables.phonemes import Phonemes
from audio.reading.read_aloud import read_aloud
from core.i18n import Language
phonemes, chinese = Phonemes(), Language.CHINESE
said = {text: [phonemes.of(each.words) for each in passages(read_aloud(text, chinese), chinese)]
        for text in json.load(sys.stdin)}
print(json.dumps([text for text in said if "(en)" in "".join(said[text])]))
"""


def in_english_letters(texts: Sequence[str]) -> list[str]:
    """Those of which espeak's Mandarin voice would spell a part in English; asked in a process of its own."""
    program = [sys.executable, "-c", IN_ENGLISH_LETTERS]
    asked = subprocess.run(program, input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(asked.stdout)


def test_no_word_with_a_suffix_is_spelled_in_english_letters() -> None:
    """Its dictionary writes them with an r at the end of a syllable, which the voice lacks."""
    character = b"[\xe3-\xef][\x80-\xbf]{2}"
    entry = re.compile(b"(%b)[a-z0-9:]+r5[a-z0-9:]*\0[P-_]((?:%b ?)+)" % (character, character))
    dictionary = Path(espeakng_loader.get_data_path(), "cmn_dict").read_bytes()
    words = [(first + rest).decode().replace(" ", "") for first, rest in entry.findall(dictionary)]
    assert len(words) > 700
    assert {"过一会儿", "老伴儿", "这儿", "纳闷儿", "吊儿郎当"} <= set(words)
    assert in_english_letters(words) == []


def test_a_suffix_has_no_tone_and_is_no_letter() -> None:
    chinese = passages(read_aloud("请等一会儿。", Language.CHINESE), Language.CHINESE)
    english = passages(read_aloud("Hello 王莲儿!", Language.ENGLISH), Language.ENGLISH)
    assert [each.words for each in (*chinese, *english)] == ["qing3 deng3yi2hui4er5 。", "Hello ", "wang2 lian2er5 !"]


def test_no_chinese_prompt_is_spelled_in_english_letters() -> None:
    assert in_english_letters(["A 楼的李 Lee 奶奶"]) != []
    assert in_english_letters(list(prompt_texts(Language.CHINESE).values())) == []


def test_a_chinese_name_in_an_english_text_is_spoken_by_the_mandarin_voice() -> None:
    spoken = passages("Hello 王奶奶. This is the morning call.", Language.ENGLISH)
    assert [(each.words, each.language) for each in spoken] == [
        ("Hello ", Language.ENGLISH),
        ("wang2 nai3nai5 .", Language.CHINESE),
        ("This is the morning call.", Language.ENGLISH),
    ]
    assert spoken[1].pause_seconds > spoken[0].pause_seconds
