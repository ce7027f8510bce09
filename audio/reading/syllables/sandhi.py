"""The tones with which 一 and 不 are spoken, by what follows. (The voice bends two third tones in a row itself.)"""

import re
from collections.abc import Sequence
from typing import Final

_DIGIT: Final = "零〇一二三四五六七八九幺两"
_COUNTED_OFF: Final = re.compile(
    rf"(?<=[第十初{_DIGIT}百千万])一(?![百千万亿])|一(?=[{_DIGIT}])|(?<=[周期拜])一(?![次个])|(?<=[按键])一(?![次下遍个])|"
    r"一(?=月|号|楼|单元|栋|幢|层|十|年级|班|日|室|元店|等奖|期)|(?<=[统万唯专单之同逐合划])一(?![个下])|一(?![\u3400-\u9fff])"
)
"""一 as a number in a row or an ordinal keeps its first tone."""
_BETWEEN: Final = re.compile(r"(?<=([^一\W]))(?<!一.)[一不](?=\1)")
"""看一看, 好不好: between the same word twice, but 一件一件."""


def spoken_tones(text: str, syllables: Sequence[str]) -> list[str]:
    """The syllables, one for each character of ``text``, with 一 and 不 as they are spoken there."""
    told = list(syllables)
    plain = {match.start() for match in _COUNTED_OFF.finditer(text)}
    between = {match.start() for match in _BETWEEN.finditer(text)}
    for place in reversed(range(len(text))):
        following = told[place + 1][-1:] if place + 1 < len(told) else ""
        if text[place] == "不" and told[place]:
            told[place] = "bu2" if following == "4" else "bu4"
        elif text[place] == "一" and told[place]:
            told[place] = _one(following, place in plain, place in between)
    return told


def _one(following: str, is_plain: bool, is_between: bool) -> str:
    if is_between:
        return "yi5"
    if is_plain or not following:
        return "yi1"
    return "yi2" if following == "4" else "yi4"
