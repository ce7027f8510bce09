"""Rules of reading: a pattern and what is said for it. They apply in order, the special before the general, so that a
number that is a telephone number is gone before anything takes it for a quantity."""

import re
from collections.abc import Callable, Sequence

Saying = Callable[[re.Match[str]], str]
Rule = tuple[re.Pattern[str], Saying]


def rule(pattern: str, saying: Saying) -> Rule:
    """``saying`` gives what is said for whatever matches ``pattern``."""
    return re.compile(pattern), saying


def applied(rules: Sequence[Rule], words: str) -> str:
    """The words after every rule."""
    for pattern, saying in rules:
        words = pattern.sub(saying, words)
    return words


def said(how: Callable[[str], str], match: re.Match[str]) -> str:
    """The digits of the first group are said; the rest of the match is dropped."""
    return how(match[1])


def telephone_groups(number: str) -> list[str]:
    """A telephone number in the groups in which it is said: mobile 3-4-4, eight digits 4-4, otherwise as written."""
    number = number.removeprefix("+86").strip(" -")
    digits = re.sub(r"[ -]", "", number)
    if re.fullmatch(r"1\d{10}", digits):
        return [digits[:3], digits[3:7], digits[7:]]
    parts = re.findall(r"\d+", number)
    return [half for part in parts for half in ((part[:4], part[4:]) if len(part) == 8 else (part,))]
