"""Spelling for espeak: Chinese as pinyin, word by word, so that the voice reads nothing by its own dictionary.

espeak (1.52) takes pinyin inside a text where whole words are spelt and their syllables joined: ``nai3nai5`` is 奶奶,
``nai3 nai5`` are two words. ü is v to it.
"""

import re
from collections.abc import Sequence
from typing import Final

from audio.reading.characters import HAN
from audio.reading.syllables.names import Name
from audio.reading.syllables.pinyin import Word, pinyin

_CHINESE: Final = re.compile(f"[{HAN}]")
_LACKING: Final = {
    "xiong": ("xu", "yong"),
    "qiong": ("qu", "yong"),
    "jiong": ("ju", "yong"),
    "r": ("er",),
    "ng": ("en",),
}
"""Syllables that the voice would spell in English letters ("X I O N G one"); two that it has, run together, do."""


def spelled(words: str, names: Sequence[Name] = ()) -> str:
    """Words that have been read aloud, as espeak is given them; ``names`` are spoken as names of people are."""
    if not _CHINESE.search(words):
        return words
    return " ".join(_spelt(word) for word in pinyin(words, names)).replace("  ", " ").strip()


def _spelt(word: Word) -> str:
    """A character whose syllable nobody knows is left to the voice."""
    pairs = zip(word.text, word.syllables, strict=True) if word.syllables else ()
    return "".join(_syllable(said) if said else f" {character} " for character, said in pairs) or word.text


def _syllable(said: str) -> str:
    sound, tone = said[:-1], said[-1]
    return "".join(part + tone for part in _LACKING.get(sound, (sound,)))
