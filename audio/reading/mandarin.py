"""Mandarin read aloud: numbers and signs as the characters that a person would say."""

import re
from functools import partial
from typing import Final

from audio.reading.characters import HAN
from audio.reading.numerals import as_telephone, by_value, counted, digit_by_digit
from audio.reading.rules import Rule, applied, rule, said, telephone_groups


def spoken(words: str) -> str:
    """The words with every number written out."""
    return applied(_RULES, words)


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


_LATIN_UNITS: Final = {
    "kg": "公斤", "g": "克", "mg": "毫克", "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "ml": "毫升", "l": "升",
    "mmhg": "毫米汞柱", "mmol/l": "毫摩尔每升", "㎡": "平方米", "m²": "平方米", "m³": "立方米", "km/h": "公里每小时",
    "h": "小时", "min": "分钟", "℃": "度", "°c": "度", "℉": "华氏度", "°f": "华氏度",
}  # fmt: skip
_UNITS: Final = (
    "个|斤|公斤|千克|克|毫克|两|吨|升|毫升|米|毫米|平方米|平米|立方米|平方|公里|厘米|块|元|角|毛|万|亿|天|周|星期|小时|钟头|分钟|秒|年|岁|点|位|名|人|户|家|"
    "口|次|遍|趟|回|盒|袋|瓶|片|粒|颗|包|箱|桶|只|件|份|张|条|支|根|把|台|双|副|套|杯|碗|顿|餐|针|种|项|本|封|部|辆|倍|度"
)
_QUANTITY: Final = rf"(?=\s?(?:{_UNITS}))"
_NO_QUANTITY: Final = rf"(?!\s?(?:{_UNITS}))"
_SHORT_NUMBERS: Final = (
    "123(?:45|15|20|28|29|33|36|38|48|50|51|55|56|66|67|69|78|79|80|81|85|88|89|90|93|95)|95\\d{3}|96(?!000)\\d{3}|"
    "100(?:00|10|86|99)|114"
)
"""Hotlines of the state and the towns (12…, 96…), banks and parcels (95…), telephone companies (100…)."""
_ALONE: Final = r"(?<![\d.\-/:])"
_END: Final = r"(?![\d]|[.\-/:]\d)"
_SECRETS: Final = "(?:微信号?|QQ群?号?|[账帐]号|验证码|密码|尾号|编号|单号|取件码|会议号|工号|卡号)"
"""What stands before digits that nobody counts."""
_HALVES: Final = {"a": "上午", "p": "下午"}
_HOUSE_WORDS: Final = "号楼|号院|单元|楼|栋|幢|座|室|号"

_RULES: Final[tuple[Rule, ...]] = (
    rule(r"(?<=\d),(?=\d{3}(?!\d))", lambda _: ""),
    rule(r"[¥](\d+(?:\.\d+)?)元?", lambda match: match[1] + "元"),
    rule(r"\$(\d+(?:\.\d+)?)(?:美元)?", lambda match: match[1] + "美元"),
    rule(r"(?<=\d)#(?=楼|栋|幢|院|单元)", lambda _: "号"),
    rule(r"(?<![A-Za-z])[Nn][Oo]\.?\s?(\d+)", lambda match: match[1] + "号"),
    rule(r"(?<![\dA-Za-z])(\d{1,2})F(?![A-Za-z\d])", lambda match: match[1] + "楼"),
    rule(rf"({_SECRETS}[:是为]{{0,2}}\s?[A-Za-z_-]*)(\d{{2,}})(?!\d)", lambda match: match[1] + as_telephone(match[2])),
    rule(r"(?<!\d)84(?=消毒)|(?<=[Nn])9[059](?!\d)", lambda match: digit_by_digit(match[0])),
    rule(r"(?<![\d:.点])([4-9][05]|[01]0)(?=后(?![天面来]))", partial(said, digit_by_digit)),
    rule(r"(?<!\d)(\d{1,2}):(\d{1,2})(?=配|兑|的比)", lambda match: f"{by_value(match[1])}比{by_value(match[2])}"),
    rule(r"(?<![\d.])(1[0-2]|[1-9])\.([12]\d|3[01]|[1-9])(?=日)", lambda match: f"{match[1]}月{match[2]}"),
    rule(r"(?<![\d:])([01]?\d:[0-5]\d)\s?([AaPp])[Mm]\b", lambda match: _HALVES[match[2].lower()] + match[1]),
    rule(r"(?<!\d)(\d{4})\s?[-~—]\s?(?=\d{4}年)", lambda match: digit_by_digit(match[1]) + "到"),
    rule(r"(?<![\d/.])([1-9])/([2-9]|10)(?=的|以上|左右)", _fraction),
    rule(r"(?<!\d)([1-9])/([2-9])(?=[片粒颗袋包杯碗瓶斤个])", _fraction),
    rule(r"(血压[^\d，。；,;]{0,4})(\d{2,3})/(\d{2,3})(?:\s?(?i:mmHg))?(?!\d)", _blood_pressure),
    rule(r"(\d)\s?((?i:mmol/l|mmhg|km/h|kg|km|cm|mm|mg|ml|min|°c|°f|℃|℉|㎡|m²|m³)|[gmlLh])(?![A-Za-z])", _unit),
    rule(rf"(?<=\d)({_UNITS})/(?=[{HAN}])", lambda match: match[1] + "每"),
    rule(
        r"(?<=\d)\s?[×*]\s?(?=\d)|(?<=\d[米升斤克])[×*](?=\d)|(?<=\d厘米)[×*](?=\d)|(?<=\d毫米)[×*](?=\d)",
        lambda _: "乘",
    ),
    rule(r"(?<=\d)\+(?=\d)", lambda _: "加"),
    rule(r"㎡|m²", lambda _: "平方米"),
    rule(r"℃|°C", lambda _: "度"),
    rule(r"℉|°F", lambda _: "华氏度"),
    rule(r"(?<!\d)(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)", _date),
    rule(r"(?<!\d)(?:\+86)?[ -]?1[3-9]\d(?:[ -]?\d){8}(?![ -]?\d)", _telephone),
    rule(r"(?<!\d)(?:\+86[ -]?)?\(?0\d{2,3}\)?[ -]{0,3}\d(?:[ -]?\d){6,7}(?!\d)", _telephone),
    rule(r"(?<![\d-])[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)|\+\d(?:[ ()-]{0,2}\d){6,14}(?!\d)", _telephone),
    rule(rf"(?<![\d.:/-])\d{{3,4}} \d{{4}}(?![\d年.:/-]){_NO_QUANTITY}", _telephone),
    rule(r"(分机|转接?|内线|热线|短号)\s?(\d{2,})(?!\d)", lambda match: match[1] + as_telephone(match[2])),
    rule(rf"(?<=[打拨])\d{{3,}}{_NO_QUANTITY}", _telephone),
    rule(rf"{_ALONE}(?:11[09]|12[0-2]|{_SHORT_NUMBERS}){_END}{_NO_QUANTITY}", _telephone),
    rule(r"(?<![\dA-Za-z])([GDKTZCY])(\d{1,4})(?=次)", lambda match: match[1] + as_telephone(match[2])),
    rule(r"(?<!\d)(\d{3,})(?=路(?!人)|医院|国道|省道|县道|国防|厂|信箱)", partial(said, as_telephone)),
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
)
