"""Letters by which a Chinese name is typed: every reading that a character has anywhere, in each spelling of it.

Not how a name is spoken, which is ``pinyin``: whoever looks somebody up may know another reading than the family's, or
type ü as v, as u, or as the yu of passports.
"""

import re
from functools import lru_cache
from typing import Final

from audio.reading.characters import HAN
from audio.reading.syllables.tables import surnames

_IS_HAN: Final = re.compile(f"[{HAN}]")
_TONE: Final = re.compile(r"[1-5]$")


@lru_cache(maxsize=10_000)
def typed_syllables(character: str) -> frozenset[str]:
    """Syllables without tones by which a character is typed; empty for what is not Chinese.

    The library takes 60 MB once it is loaded: only who looks up by letters loads it.
    """
    if not _IS_HAN.fullmatch(character):
        return frozenset()
    from pypinyin import Style, pinyin

    said = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False, errors="ignore")
    surname = surnames().get(character)
    known = {*(said[0] if said else ()), *(surname.syllables if surname else ())}
    return frozenset(spelt for syllable in known for spelt in spellings(syllable))


def spellings(syllable: str) -> frozenset[str]:
    """A syllable with v for ü, with or without a tone, in every way in which it is typed: lv, lu, lyu."""
    plain = _TONE.sub("", syllable)
    return frozenset({plain, plain.replace("v", "u"), plain.replace("v", "yu")} if "v" in plain else {plain})
