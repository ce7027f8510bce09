"""Phrases: the few words that people say in one go, and between which they may be given time.

A phrase has two syllables at least, and so has what follows the last one. A word without a tone (的, 了, 们) or, in
English, without a stress leans on its neighbour: nobody rests before 的, or behind "the".
"""

import re
from itertools import pairwise
from typing import Final

from audio.engines.neural.mandarin_phonemes import THROUGH_THE_NOSE, TONES

LEAST_SYLLABLES: Final = 2
MANY_SYLLABLES: Final = 5
"""Two words of one syllable each belong together (很 快, 请 按) until a phrase has so many."""
_VOWELS: Final = re.compile(rf"[aeiouyɨɤəɔɛɚʊɑæɪʌɜᵊAIOWYQ{THROUGH_THE_NOSE}]+(?:[→↗↓↘]ɚ(?![→↗↓↘]))?")
"""One match for each syllable: an 儿 without a tone of its own belongs to the one before it."""
_TONES: Final = frozenset(filter(None, TONES.values()))
_STRESSES: Final = frozenset("ˈˌ")
_MARKS: Final = frozenset(",.!?;:—…")


def phrase_ends(phonemes: str) -> tuple[int, ...]:
    """The places of the blanks between two phrases of what is said in one breath."""
    ends, place, syllables = list[int](), 0, 0
    ends_phrase = _ends_mandarin if _TONES & set(phonemes) else _ends_english
    words = phonemes.split(" ")
    for word, following in pairwise(words):
        place += len(word)
        syllables += _syllables(word)
        if is_mark(word[-1:]) or (syllables >= LEAST_SYLLABLES and ends_phrase(word, following, syllables)):
            ends.append(place)
            syllables = 0
        place += 1
    if ends and _syllables(words[-1]) == 1 and ends[-1] == place - 1 and not is_mark(phonemes[place - 2]):
        ends.pop()
    return tuple(ends)


def is_mark(symbol: str) -> bool:
    """Whether a symbol of the voice is a mark, at which it pauses."""
    return symbol in _MARKS


def _ends_mandarin(word: str, following: str, syllables: int) -> bool:
    both_short = _syllables(word) == _syllables(following) == 1 and bool(_TONES & set(word))
    return bool(_TONES & set(following)) and (not both_short or syllables >= MANY_SYLLABLES)


def _ends_english(word: str, _following: str, _syllables: int) -> bool:
    return bool(_STRESSES & set(word))


def _syllables(word: str) -> int:
    return len(_VOWELS.findall(word))
