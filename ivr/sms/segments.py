"""How long a text is: segments as networks count and bill them, and what is left out of a text that is too long.

A text in the GSM 7-bit alphabet (3GPP TS 23.038) has 160 characters in one segment and 153 in each of several; one
character outside it, such as any Chinese one, turns the whole text into UCS-2: 70 and 67 units of 16 bits.
"""

import re
from collections.abc import Callable, Iterable

MOST_SEGMENTS = 4
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_SENTENCE_END = re.compile(r"[。！？；!?;]|[.](?=\s)")
_WORD_END = re.compile(r"[\s，、,：:]")
LEAST_KEPT = 0.5
"""A boundary is only worth cutting at when at least this share of what would fit stays."""


def segments(body: str) -> int:
    """How many segments ``body`` takes; an empty text takes one."""
    if all(character in _BASIC or character in _EXTENDED for character in body):
        return _packed((1 if character in _BASIC else 2 for character in body), 160, 153)
    return _packed((2 if ord(character) > 0xFFFF else 1 for character in body), 70, 67)


def fitted(body: str, most: int = MOST_SEGMENTS) -> str:
    """``body`` when it fits into ``most`` segments, otherwise its beginning up to a sentence's or a word's end.

    What was cut ends with "…", or with "..." where "…" alone would make a long text of a short alphabet's.
    """
    if segments(body) <= most:
        return body
    mark = "…" if any(character not in _BASIC and character not in _EXTENDED for character in body) else "..."
    longest = _longest(len(body), lambda length: segments(body[:length] + mark) <= most)
    return _at_boundary(body[:longest]) + mark


def _packed(costs: Iterable[int], single: int, several: int) -> int:
    """A character that takes two units is never divided between two segments."""
    units = list(costs)
    if sum(units) <= single:
        return 1
    count, room = 1, several
    for cost in units:
        if cost > room:
            count, room = count + 1, several
        room -= cost
    return count


def _longest(upper: int, fits: Callable[[int], bool]) -> int:
    """The greatest length below ``upper`` that fits; what fits at one length fits at every shorter one."""
    lower = 0
    while lower < upper - 1:
        middle = (lower + upper) // 2
        lower, upper = (middle, upper) if fits(middle) else (lower, middle)
    return lower


def _at_boundary(kept: str) -> str:
    least = int(len(kept) * LEAST_KEPT)
    for boundary, keep in ((_SENTENCE_END, 1), (_WORD_END, 0)):
        ends = [match.start() + keep for match in boundary.finditer(kept) if match.start() + keep >= least]
        if ends:
            return kept[: ends[-1]]
    return kept
