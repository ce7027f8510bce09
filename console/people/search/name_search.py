"""Names found by what is typed: characters, pinyin in any reading, its initials, or any of these mixed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from audio.reading.typed_letters import spellings, typed_syllables

_TYPED_LETTER = re.compile("[a-z]")
Spot = frozenset[str]
"""Whatever may be typed for one character."""


def named_so(letters: str, name: str, reading: str = "") -> bool:
    """Whether somebody of this ``name`` may be meant by ``letters`` (``tidy``), which begin at any of its characters.

    ``reading`` is the family's own, as it is kept (``ge3``), beside every reading that the characters have anywhere.
    Where no letter is typed none of them is looked up.
    """
    if not _TYPED_LETTER.search(letters):
        return letters in _plain(name)
    spots = _spots(name, reading)
    return any(_goes_on(letters, spots, start) for start in range(len(spots)))


def tidy(text: str) -> str:
    """What was typed, without blanks, marks of tones and of syllables; ü is v."""
    apart = (
        unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
        .replace("u\u0308", "v")
        .replace("u:", "v")
    )
    return "".join(each for each in apart if each.isalnum())


_plain = lru_cache(maxsize=50_000)(tidy)


@lru_cache(maxsize=50_000)
def _spots(name: str, reading: str) -> Sequence[Spot]:
    own = iter(reading.split())
    return tuple(_spot(each, own) for each in _plain(name))


def _spot(character: str, own: Iterator[str]) -> Spot:
    """A family's reading is of the Chinese characters of a name alone, from its beginning."""
    if not (known := typed_syllables(character)):
        return frozenset({character})
    return known | spellings(next(own, "")) - {""} | {character}


def _goes_on(letters: str, spots: Sequence[Spot], place: int) -> bool:
    """Whether the letters are those of the characters from this place on, each whole or its initial, the last begun."""
    if not letters:
        return True
    if place == len(spots):
        return False
    return any(
        typed.startswith(letters) or (letters.startswith(part) and _goes_on(letters[len(part) :], spots, place + 1))
        for typed in spots[place]
        for part in _parts(typed)
    )


def _parts(typed: str) -> Sequence[str]:
    """What of a syllable stands for it: all of it, its initial, or the two letters of zh, ch and sh."""
    initials = [typed[:2]] if typed[:2] in {"zh", "ch", "sh"} else []
    return [typed, *initials, typed[:1]]
