"""English in one way of writing, so that what was said and what was heard can be compared.

The same is done to both: numbers become their digits, each a word (8:02 and "eight oh two" are the same), short forms
become long, marks go, and what British and American people write differently is written in one way.
"""

import re
from collections.abc import Sequence
from typing import Final
from unicodedata import normalize

from audio.reading.numerals import english

_LONG: Final = (
    (r"\bcan't\b", "can not"), (r"\bcannot\b", "can not"), (r"\bwon't\b", "will not"), (r"n't\b", " not"),
    (r"'m\b", " am"), (r"'re\b", " are"), (r"'ve\b", " have"), (r"'ll\b", " will"), (r"'d\b", " would"),
    (r"\banymore\b", "any more"), (r"\balright\b", "all right"), (r"\b(it|that|there|here|what|who|let)'s\b", r"\1 is"),
)  # fmt: skip
_SIGNS: Final = (("#", " hash "), ("*", " star "), ("&", " and "), ("%", " percent "))
_SAME: Final = {
    "mister": "mr", "missus": "mrs", "misses": "mrs", "mrs": "mrs", "miss": "ms", "ok": "okay", "practise": "practice",
    "programme": "program", "centre": "center", "grey": "gray", "neighbour": "neighbor", "colour": "color",
}  # fmt: skip
_OCLOCK: Final = re.compile(r"(?<!\d)(\d{1,2})[:.]00(?!\d)")
_TIME: Final = re.compile(r"(?<!\d)0?(\d{1,2})[:.]([0-5]\d)(?!\d)")
_WORD: Final = re.compile(r"[^\W\d_]+|\d")
_ONES: Final = {english(value): value for value in range(20)} | {"oh": 0}
_TENS: Final = {english(value): value for value in range(20, 100, 10)}
_HUNDRED, _AND = "hundred", "and"


def as_compared(text: str) -> tuple[str, ...]:
    """Small words; of a number each digit is a word."""
    plain = normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")
    for short, long in _LONG:
        plain = re.sub(short, long, plain)
    for sign, word in _SIGNS:
        plain = plain.replace(sign, word)
    plain = _OCLOCK.sub(r"\1 oclock", plain)
    plain = _TIME.sub(r"\1 \2", plain.replace("o'clock", "oclock").replace("a.m", "am").replace("p.m", "pm"))
    words = [_SAME.get(each, each) for each in _WORD.findall(plain.replace("'", ""))]
    return tuple(_numbers_as_digits(words))


def _numbers_as_digits(words: Sequence[str]) -> list[str]:
    told: list[str] = []
    number: int | None = None
    for at, word in enumerate(words):
        if word == _AND and number and number % 100 == 0 and words[at + 1 : at + 2] and _is_number(words[at + 1]):
            continue
        if word == _HUNDRED and number is None and told[-1:] == ["a"]:
            number = int(told.pop() == "a")
        joined = _joined(number, word)
        if joined is None and number is not None:
            told += str(number)
        number = joined if joined is not None else _alone(word)
        if number is None:
            told.append(word)
    return told + (list(str(number)) if number is not None else [])


def _joined(number: int | None, word: str) -> int | None:
    """The number that goes on with this word; None where it does not."""
    if number is None or not _is_number(word):
        return None
    if word == _HUNDRED:
        return number * 100 if 0 < number < 10 else None
    value = _ONES.get(word, _TENS.get(word, 0))
    if number and number % 100 == 0:
        return number + value
    return number + value if number % 100 >= 20 and number % 10 == 0 and 0 < value < 10 else None


def _alone(word: str) -> int | None:
    return _ONES.get(word, _TENS.get(word))


def _is_number(word: str) -> bool:
    return word in _ONES or word in _TENS or word == _HUNDRED
