"""Numbers as words, digit by digit or by their value."""

import re
from typing import Final

_DIGITS: Final = "零一二三四五六七八九"
_TELEPHONE_DIGITS: Final = "零幺二三四五六七八九"
_PLACES: Final = ("", "十", "百", "千")
_MYRIADS: Final = ("", "万", "亿")
_LONGEST_VALUE: Final = 12
_ENGLISH_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ENGLISH_SMALL: Final = (
    *_ENGLISH_DIGITS, "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_ENGLISH_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def digit_by_digit(number: str) -> str:
    """``2026`` → 二零二六: years and what follows a decimal point."""
    return "".join(_DIGITS[int(digit)] for digit in number)


def as_telephone(number: str) -> str:
    """``120`` → 幺二零: telephone and room numbers, where 一 is spoken yāo lest it be taken for 七."""
    return "".join(_TELEPHONE_DIGITS[int(digit)] for digit in number)


def by_value(number: str) -> str:
    """``120`` → 一百二十. A number with a leading zero or of more than 12 digits is spoken digit by digit."""
    if len(number) > _LONGEST_VALUE or (number.startswith("0") and len(number) > 1):
        return digit_by_digit(number)
    if number == "0":
        return "零"
    spoken = _groups(number)
    return spoken.removeprefix("一") if spoken.startswith("一十") else spoken


def counted(number: str) -> str:
    """``2`` → 两, as before a measure word: 两斤, 两个. Any other number by its value."""
    return "两" if number == "2" else by_value(number)


def english_digits(number: str, zero: str = "zero") -> str:
    """``301`` → three zero one."""
    return " ".join(zero if digit == "0" else _ENGLISH_DIGITS[int(digit)] for digit in number)


def _groups(number: str) -> str:
    """Chinese counts in groups of four digits; what stands empty between two spoken groups is one 零."""
    width = -(-len(number) // 4) * 4
    groups = [number.zfill(width)[start : start + 4] for start in range(0, width, 4)]
    spoken, empty = "", False
    for group, myriad in zip(groups, reversed(_MYRIADS[: len(groups)]), strict=True):
        if int(group):
            spoken += "零" if spoken and (empty or group.startswith("0")) else ""
            spoken += ("两" if group == "0002" and myriad else _group(group)) + myriad
        empty = not int(group)
    return spoken


def _group(group: str) -> str:
    """Four digits: ``0105`` → 一百零五, ``2000`` → 两千."""
    spoken = ""
    for place, digit in zip(reversed(range(4)), group, strict=True):
        if digit == "0":
            continue
        if spoken and group[2 - place] == "0":
            spoken += "零"
        spoken += ("两" if digit == "2" and place == 3 else _DIGITS[int(digit)]) + _PLACES[place]
    return spoken


def english(number: int) -> str:
    """``120`` → one hundred and twenty; below a thousand million."""
    for size, name in ((1_000_000, "million"), (1_000, "thousand")):
        if number >= size:
            rest = number % size
            link = " and " if 0 < rest < 100 else " " if rest else ""
            return f"{english(number // size)} {name}{link}{english(rest) if rest else ''}"
    if number >= 100:
        rest = number % 100
        return f"{_ENGLISH_DIGITS[number // 100]} hundred" + (f" and {english(rest)}" if rest else "")
    if number < 20:
        return _ENGLISH_SMALL[number]
    tens, ones = divmod(number, 10)
    return _ENGLISH_TENS[tens] + (f"-{_ENGLISH_DIGITS[ones]}" if ones else "")


def english_ordinal(number: int) -> str:
    """``21`` → twenty-first."""
    cardinal = english(number)
    head, last = re.fullmatch(r"(.*?)([a-z]+)", cardinal).groups()  # type: ignore[union-attr]
    return head + _ENGLISH_ORDINALS.get(last, last.removesuffix("y") + "ieth" if last.endswith("y") else last + "th")


def english_year(number: int) -> str:
    """``1954`` → nineteen fifty-four, ``1905`` → nineteen oh five, ``2005`` → two thousand and five."""
    century, rest = divmod(number, 100)
    if century % 10 == 0 and rest < 10:
        return english(number)
    if rest == 0:
        return f"{english(century)} hundred"
    return f"{english(century)} {'oh ' if rest < 10 else ''}{english(rest)}"
