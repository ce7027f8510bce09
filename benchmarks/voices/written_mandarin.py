"""Mandarin in one way of writing, so that what was said and what was heard can be compared.

The same is done to both: numbers become their digits (八点三十分, 8点30分 and 8:30 are the same, and so
are 幺二零, 一百二十 and 120), marks and blanks go, Latin letters are small.
"""

import re
from typing import Final
from unicodedata import normalize

from audio.reading.characters import HAN

_DIGITS: Final = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": "0", "幺": "1", "两": "2"
}  # fmt: skip
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_MYRIADS: Final = {"万": 10**4, "亿": 10**8}
_ARABIC: Final = "零一二三四五六七八九"
_KEYS: Final = (("#号", "井号"), ("#", "井号"), ("*号", "星号"), ("*", "星号"))
_TIME: Final = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)分?")
_NUMERAL: Final = re.compile(f"(?:[{''.join(_DIGITS)}]|十)[{''.join({**_DIGITS, **_PLACES, **_MYRIADS})}]*")
_LEFT_OUT: Final = re.compile(rf"[^{HAN}a-z0-9]")


def as_compared(text: str) -> str:
    """Characters and small Latin letters only; every number digit by digit, in Chinese characters."""
    plain = normalize("NFKC", text).lower()
    for sign, name in _KEYS:
        plain = plain.replace(sign, name)
    plain = _TIME.sub(_as_time, plain)
    told = _NUMERAL.sub(lambda match: _digits(match[0]), plain)
    return re.sub(r"\d", lambda match: _ARABIC[int(match[0])], _LEFT_OUT.sub("", told))


def _as_time(match: re.Match[str]) -> str:
    return f"{int(match[1])}点" + (f"{match[2]}分" if int(match[2]) else "")


def _digits(numeral: str) -> str:
    """``幺二零`` and ``一百二十`` → 120; what is no number is left."""
    if not any(each in _PLACES or each in _MYRIADS for each in numeral):
        return "".join(_DIGITS[each] for each in numeral)
    whole = group = digit = 0
    for each in numeral:
        if each in _DIGITS:
            digit = int(_DIGITS[each])
        elif each in _PLACES:
            group, digit = group + (digit or 1) * _PLACES[each], 0
        else:
            whole, group, digit = (whole + group + digit) * _MYRIADS[each], 0, 0
    return str(whole + group + digit)
