"""Reading aloud: what espeak misreads, written as the words that a person would say.

Each rule is a pattern and what is said for it; rules apply in order, the special before the general, so that a
number that is a telephone number is gone before anything takes it for a quantity.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Final
from unicodedata import category, normalize
from unicodedata import digit as digit_value

from audio.numerals import as_telephone, by_value, counted, digit_by_digit, english_digits
from audio.passages import HAN
from core.i18n import Language

Saying = Callable[[re.Match[str]], str]
Rule = tuple[re.Pattern[str], Saying]


def read_aloud(text: str, language: Language) -> str:
    """The text as it is to be spoken: no digit is left in Chinese; reading twice changes nothing."""
    rules = _CHINESE if language is Language.CHINESE else _ENGLISH
    words = _plain(text)
    for pattern, saying in rules:
        words = pattern.sub(saying, words)
    return words.translate(_RESPELLED) if language is Language.CHINESE else words


def unreadable(words: str) -> str:
    """The characters that no voice knows and would speak as a code: the rare ones beyond Unicode's first plane."""
    return "".join(character for character in words if "\U00020000" <= character <= "\U0003ffff")


def _plain(text: str) -> str:
    """ASCII digits and signs for full-width, circled and foreign ones; one code for each Chinese character."""
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if category(character) == "Cc":
        return " "
    value = digit_value(character, None)
    if value is not None:
        return str(value)
    if "\uf900" <= character <= "\ufaff" or character in "：／．％＋－＊＃":
        return normalize("NFKC", character)
    return _VARIANTS.get(character, character)


def _rule(pattern: str, saying: Saying) -> Rule:
    return re.compile(pattern), saying


def _grouped(number: str) -> list[str]:
    """A telephone number in the groups in which it is said: mobile 3-4-4, eight digits 4-4, otherwise as written."""
    number = number.removeprefix("+86").strip(" -")
    if re.fullmatch(r"1\d{10}", number):
        return [number[:3], number[3:7], number[7:]]
    parts = re.findall(r"\d+", number)
    return [half for part in parts for half in ((part[:4], part[4:]) if len(part) == 8 else (part,))]


def _chinese_telephone(match: re.Match[str]) -> str:
    return "，".join(as_telephone(group) for group in _grouped(match[0]))


def _english_telephone(match: re.Match[str]) -> str:
    return ", ".join(english_digits(group) for group in _grouped(match[0]))


def _english_room(match: re.Match[str]) -> str:
    return match[1] + english_digits(match[2], zero="oh")


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


def _said(how: Callable[[str], str], match: re.Match[str]) -> str:
    """The digits of the first group are said; the rest of the match is dropped."""
    return how(match[1])


_VARIANTS: Final = {"○": "〇", "℃": "度", "℉": "华氏度", "兒": "儿", "–": "-", "—": "—", "−": "-", "～": "~"}

_UNITS: Final = (
    "个|斤|公斤|千克|克|两|吨|升|毫升|米|公里|厘米|块|元|角|毛|万|亿|天|周|星期|小时|钟头|分钟|秒|年|岁|点|位|名|人|户|家|"
    "口|次|遍|趟|回|盒|袋|瓶|片|粒|颗|包|箱|桶|只|件|份|张|条|支|根|把|台|双|副|套|杯|碗|顿|餐|针|种|项|本|封|部|辆|倍|度"
)
_QUANTITY: Final = rf"(?=\s?(?:{_UNITS}))"
_NO_QUANTITY: Final = rf"(?!\s?(?:{_UNITS}))"
_ALONE: Final = r"(?<![\d.\-/:])"
_END: Final = r"(?![\d]|[.\-/:]\d)"
_HOUSE_WORDS: Final = "号楼|号院|单元|楼|栋|幢|座|室|号"

_CHINESE: Final[tuple[Rule, ...]] = (
    _rule(r"(?<=\d),(?=\d{3}(?!\d))", lambda _: ""),
    _rule(r"(?<!\d)(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)", _date),
    _rule(r"(?<!\d)(?:\+86)?[ -]?1[3-9]\d{9}(?!\d)", _chinese_telephone),
    _rule(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)|(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)", _chinese_telephone),
    _rule(rf"(?<=[打拨])\d{{3,}}{_NO_QUANTITY}", _chinese_telephone),
    _rule(rf"{_ALONE}(?:11[09]|12[0-2]|12345|95\d{{3}}|10010|10086){_END}{_NO_QUANTITY}", _chinese_telephone),
    _rule(rf"{_ALONE}\d{{7,}}{_END}{_NO_QUANTITY}", _chinese_telephone),
    _rule(r"(?<!\d)(\d{4})(?=年)", partial(_said, digit_by_digit)),
    _rule(r"(?<!\d)([01]?\d|2[0-4]):([0-5]\d)(?::\d{2})?(?!\d)", _time),
    _rule(r"(\d+)((?:\.\d+)+)%", lambda match: "百分之" + _decimal(match)),
    _rule(r"(\d+)%", lambda match: "百分之" + by_value(match[1])),
    _rule(r"(\d+)((?:\.\d+)+)", _decimal),
    _rule(r"(?<=\d)/(?=\d)", lambda _: " "),
    _rule(rf"{_ALONE}\d{{1,2}}-\d{{1,2}}-\d{{3,4}}{_END}|{_ALONE}\d{{1,2}}-\d{{3,4}}{_END}{_NO_QUANTITY}", _house),
    _rule(r"(?<=\d)[-~](?=\d)", lambda _: "到"),
    _rule(r"(?<![\w])-(?=\d)", lambda _: "负"),
    _rule(rf"({_HOUSE_WORDS})(\d{{3,4}})(?!\d){_NO_QUANTITY}", lambda match: match[1] + as_telephone(match[2])),
    _rule(r"(?<!\d)(\d{3,})(?=号房|号楼|号院|号|室|房|栋|幢|弄)", partial(_said, as_telephone)),
    _rule(r"第(\d+)", lambda match: "第" + by_value(match[1])),
    _rule(rf"(?<!\d)(\d+){_QUANTITY}(?!两)", partial(_said, counted)),
    _rule(r"(\d+)", partial(_said, by_value)),
    _rule(r"按\*", lambda _: "按星号"),
    _rule(r"按#", lambda _: "按井号"),
)

_ENGLISH: Final[tuple[Rule, ...]] = (
    _rule(rf"\d*[{HAN}][\d{HAN}]*", lambda match: read_aloud(match[0], Language.CHINESE)),
    _rule(r"(?<![\d.])(?:\+\d{1,3}[ -]?)?\d(?:[ -]?\d){6,}(?!\d|\.\d)", _english_telephone),
    _rule(r"(?i)(?<=\bring )\d{3,}(?!\d)|(?<=\bcall )\d{3,}(?!\d)|(?<=\bdial )\d{3,}(?!\d)", _english_telephone),
    _rule(r"(?<![\w./,:-])(?:110|119|120|122)(?![\w/:]|[.,-]\d)", _english_telephone),
    _rule(r"(?i)\b((?:room|flat|apartment|suite) )(\d{3,4})\b", _english_room),
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
