"""Mandarin read aloud: numbers and signs as the characters that a person would say."""

import re
from functools import partial
from typing import Final

from audio.numerals import as_telephone, by_value, counted, digit_by_digit
from audio.passages import HAN, SUFFIX
from audio.rules import Rule, applied, rule, said, telephone_groups


def spoken(words: str) -> str:
    """The words with every number written out, and in syllables that the voice has."""
    return applied(_RULES, words).translate(_RESPELLED)


def _telephone(match: re.Match[str]) -> str:
    return "，".join(as_telephone(group) for group in telephone_groups(match[0]))


def _date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{digit_by_digit(year)}年{by_value(month.lstrip('0'))}月{by_value(day.lstrip('0'))}日"


def _time(match: re.Match[str]) -> str:
    hour, minute = match[1].lstrip("0") or "0", match[2]
    return f"{counted(hour)}点" + (f"{by_value(minute)}分" if int(minute) else "")


def _decimal(match: re.Match[str]) -> str:
    return by_value(match[1]) + "".join("点" + digit_by_digit(part) for part in match[2].split(".")[1:])


def _house(match: re.Match[str]) -> str:
    return "杠".join(as_telephone(part) if len(part) > 2 else by_value(part) for part in match[0].split("-"))


def _fraction(match: re.Match[str]) -> str:
    return f"{by_value(match[2])}分之{by_value(match[1])}"


def _blood_pressure(match: re.Match[str]) -> str:
    return f"{match[1]}高压{by_value(match[2])}，低压{by_value(match[3])}"


def _unit(match: re.Match[str]) -> str:
    return match[1] + _LATIN_UNITS[match[2].lower()]


def _surname(match: re.Match[str]) -> str:
    return _SURNAMES[match[0]]


_LATIN_UNITS: Final = {
    "kg": "公斤", "g": "克", "mg": "毫克", "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "ml": "毫升", "l": "升",
    "mmhg": "毫米汞柱", "mmol/l": "毫摩尔每升", "℃": "度", "°c": "度", "℉": "华氏度", "°f": "华氏度",
}  # fmt: skip
_SURNAMES: Final = {
    "单": "善", "仇": "球", "曾": "增", "朴": "瓢", "任": "人", "区": "欧", "解": "谢", "查": "渣", "覃": "秦",
    "翟": "宅", "缪": "妙", "尉迟": "玉迟", "万俟": "莫其", "长孙": "掌孙",
}  # fmt: skip
"""As a surname each is spoken otherwise than as a word; written with a character that has this sound alone."""

_FORMS_OF_ADDRESS: Final = (
    "奶奶|爷爷|婆婆|外婆|外公|阿姨|叔叔|伯伯|伯母|大爷|大妈|大娘|大叔|大婶|大姐|大哥|老师|先生|女士|医生|大夫|主任|书记|"
    "师傅|老太太|老先生|同志"
)
_NAME_BEGINS: Final = rf"(?<![{HAN}])|(?<=[让是给叫请和跟到的])"
"""Not within a word: 社区医生, 主任医生."""

_UNITS: Final = (
    "个|斤|公斤|千克|克|两|吨|升|毫升|米|公里|厘米|块|元|角|毛|万|亿|天|周|星期|小时|钟头|分钟|秒|年|岁|点|位|名|人|户|家|"
    "口|次|遍|趟|回|盒|袋|瓶|片|粒|颗|包|箱|桶|只|件|份|张|条|支|根|把|台|双|副|套|杯|碗|顿|餐|针|种|项|本|封|部|辆|倍|度"
)
_QUANTITY: Final = rf"(?=\s?(?:{_UNITS}))"
_NO_QUANTITY: Final = rf"(?!\s?(?:{_UNITS}))"
_ALONE: Final = r"(?<![\d.\-/:])"
_END: Final = r"(?![\d]|[.\-/:]\d)"
_HOUSE_WORDS: Final = "号楼|号院|单元|楼|栋|幢|座|室|号"

_NO_CHILD: Final = r"(?<![女孤婴幼少小胎患育男健宠弃侄孙妻])(?<!新生)(?<!早产)(?<!混血)(?<!残疾)儿"
_OF_A_CHILD: Final = "[子童女媳孙科歌戏]|(?<=托儿)所"
"""Where 儿 is a syllable of its own: 女儿, 儿子, 托儿所. What espeak takes for a suffix even there is 而: 大女儿."""

_RULES: Final[tuple[Rule, ...]] = (
    rule(rf"(?:{_NAME_BEGINS})(?:尉迟|万俟|长孙|[单仇曾朴任区解查覃翟缪])(?=(?:{_FORMS_OF_ADDRESS}))", _surname),
    rule(r"(?<=\d),(?=\d{3}(?!\d))", lambda _: ""),
    rule(r"[¥](\d+(?:\.\d+)?)", lambda match: match[1] + "元"),
    rule(r"(?<!\d)([1-9])/([2-9])(?=[片粒颗袋包杯碗瓶斤个])", _fraction),
    rule(r"(血压[^\d，。；,;]{0,4})(\d{2,3})/(\d{2,3})(?:\s?(?i:mmHg))?(?!\d)", _blood_pressure),
    rule(r"(?i)(\d)\s?(mmol/l|mmhg|kg|km|cm|mm|mg|ml|°c|°f|℃|℉|[gml])(?![a-z])", _unit),
    rule(r"℃|°C", lambda _: "度"),
    rule(r"℉|°F", lambda _: "华氏度"),
    rule(r"(?<!\d)(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)", _date),
    rule(r"(?<!\d)(?:\+86)?[ -]?1[3-9]\d{9}(?!\d)", _telephone),
    rule(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)|(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)", _telephone),
    rule(rf"(?<=[打拨])\d{{3,}}{_NO_QUANTITY}", _telephone),
    rule(rf"{_ALONE}(?:11[09]|12[0-2]|12345|95\d{{3}}|10010|10086){_END}{_NO_QUANTITY}", _telephone),
    rule(rf"{_ALONE}\d{{7,}}{_END}{_NO_QUANTITY}", _telephone),
    rule(r"(?<!\d)(\d{4})(?=年)", partial(said, digit_by_digit)),
    rule(r"(?<!\d)([01]?\d|2[0-4]):([0-5]\d)(?::\d{2})?(?!\d)", _time),
    rule(r"(?<=[点分])\s?[-~—]\s?(?=[一二三四五六七八九十两零])", lambda _: "到"),
    rule(r"(?<=[日号月年岁元斤点分])[-~](?=\d)", lambda _: "到"),
    rule(r"(\d+)((?:\.\d+)+)%", lambda match: "百分之" + _decimal(match)),
    rule(r"(\d+)%", lambda match: "百分之" + by_value(match[1])),
    rule(r"(\d+)((?:\.\d+)+)", _decimal),
    rule(r"(?<=\d)/(?=\d)", lambda _: " "),
    rule(rf"{_ALONE}\d{{1,2}}-\d{{1,2}}-\d{{3,4}}{_END}|{_ALONE}\d{{1,2}}-\d{{3,4}}{_END}{_NO_QUANTITY}", _house),
    rule(r"(?<=\d)[-~](?=\d)", lambda _: "到"),
    rule(r"(?<![\w])-(?=\d)", lambda _: "负"),
    rule(rf"({_HOUSE_WORDS})(\d{{3,4}})(?!\d){_NO_QUANTITY}", lambda match: match[1] + as_telephone(match[2])),
    rule(r"(?<!\d)(\d{3,})(?=号房|号楼|号院|号|室|房|栋|幢|弄)", partial(said, as_telephone)),
    rule(r"第(\d+)", lambda match: "第" + by_value(match[1])),
    rule(rf"(?<!\d)(\d+){_QUANTITY}(?!两)", partial(said, counted)),
    rule(r"(\d+)", partial(said, by_value)),
    rule(r"按\*", lambda _: "按星号"),
    rule(r"按#", lambda _: "按井号"),
    rule(rf"(?<=[会点这那哪块伴边今明昨])儿|(?<=[{HAN}]){_NO_CHILD}(?!{_OF_A_CHILD})", lambda _: SUFFIX),
    rule(rf"(?<=[{HAN}])儿(?!{_OF_A_CHILD})", lambda _: "而"),
)

_RESPELLED: Final = str.maketrans(
    {
        character: spelling
        for spelling, characters in {
            "虚雍": "兄兇凶匈芎哅忷恟汹洶胷胸訩詾讻賯",
            "徐颙": "熊雄赨",
            "序用": "夐敻詗诇",
            "区雍": "匔焪",
            "渠颙": "儝卭宆惸桏棾橩焭煢琼瓊睘瞏穷穹窮竆笻筇茕藑藭蛩赹跫輁邛銎",
            "居雍": "冂冋坰埛扃蘏蘔駫",
            "举永": "窘侰僒冏囧幜泂炯烱煚煛熲澃皛絅綗褧迥逈顈颎駉",
        }.items()
        for character in characters
    }
)
"""The Mandarin voice lacks the syllables xiong, qiong and jiong and spells them in English letters ("X I O N G one")
for 胸, 琼, 雄 and the others. Two syllables that it has, run together, come as near as can be."""
