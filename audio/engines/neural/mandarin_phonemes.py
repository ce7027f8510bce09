"""Pinyin to the phonemes of the neural voice: the IPA of its vocabulary, with an arrow for each tone but the neutral.

The arrow stands behind the vowel: ``xuang2`` would be ``ɕ`` ``wa↗`` ``ŋ``. The alphabet is the one with which the voice
was trained (the package misaki 0.9.4), and agrees with it for every syllable that pypinyin knows.
"""

import re
from collections.abc import Sequence
from typing import Final

TONES: Final = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_INITIALS: Final = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x",
    "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s", "": "",
}  # fmt: skip
_FINALS: Final = {
    "a": "a", "o": "wo", "e": "ɤ", "ai": "ai", "ei": "ei", "ao": "au", "ou": "ou", "an": "a n", "en": "ə n",
    "ang": "a ŋ", "eng": "ə ŋ", "ong": "ʊ ŋ", "i": "i", "ia": "ja", "ie": "je", "iao": "jau", "iu": "jou",
    "ian": "jɛ n", "in": "i n", "iang": "ja ŋ", "ing": "i ŋ", "iong": "jʊ ŋ", "u": "u", "ua": "wa", "uo": "wo",
    "uai": "wai", "ui": "wei", "uan": "wa n", "un": "wə n", "uang": "wa ŋ", "ueng": "wə ŋ", "v": "y", "ve": "ɥe",
    "van": "ɥɛ n", "vn": "y n",
}  # fmt: skip
"""Final → its vowel, and after a blank its nasal."""

_ALONE: Final = {
    "o": "ɔ", "er": "ɚ", "r": "ɚ", "yo": "jɔ", "m": "m", "n": "n", "ng": "ŋ", "hm": "hm", "hng": "hŋ", "ê": "ɛ",
    "yi": "i", "yin": "i n", "ying": "i ŋ", "yu": "y", "yue": "ɥe", "yuan": "ɥɛ n", "yun": "y n", "yong": "jʊ ŋ",
    "you": "jou", "wu": "u", "wei": "wei", "wen": "wə n", "weng": "wə ŋ", "wong": "ʊ ŋ",
}  # fmt: skip
"""Syllables without an initial that are spelt otherwise than their final."""

_BUZZED: Final = {"zh", "ch", "sh", "r", "z", "c", "s"}
_SYLLABLE: Final = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs]?)([a-zê]+)")


def phonemes(syllable: str) -> str:
    """A syllable with its tone (``nv3``, 5 for the neutral one) in the voice's phonemes.

    Raises ``ValueError`` for what is no syllable.
    """
    vowel, nasal = _parts(syllable[:-1])
    if syllable[-1:] not in TONES or not vowel:
        raise ValueError(f"{syllable!r} is no syllable of pinyin with its tone")
    return vowel + TONES[syllable[-1]] + nasal


def _parts(sound: str) -> tuple[str, str]:
    """What stands before the tone and behind it; nothing where there is no such syllable."""
    if sound in _ALONE:
        vowel, _, nasal = _ALONE[sound].partition(" ")
        return vowel, nasal
    if sound[:1] in {"y", "w"}:
        sound = ("i" if sound[0] == "y" else "u") + sound[1:]
        initial, final = "", sound
    elif found := _SYLLABLE.fullmatch(sound):
        initial, final = found.groups()
    else:
        return "", ""
    if initial in {"j", "q", "x"} and final[0] == "u":
        final = "v" + final[1:]
    vowel, _, nasal = ("ɨ" if final == "i" and initial in _BUZZED else _FINALS.get(final, "")).partition(" ")
    return (_INITIALS[initial] + vowel if vowel else ""), nasal


def of_word(syllables: Sequence[str]) -> str:
    """The syllables of a word; an 儿 that is no syllable of its own colours the one before it."""
    said = [phonemes(each) for each in syllables]
    for place in range(1, len(said)):
        if syllables[place] in {"er5", "r5"}:
            said[place - 1] = _coloured(said[place - 1])
    return "".join(said)


def _coloured(said: str) -> str:
    """Before ɚ the tongue reaches neither n nor i: 一点儿 is ``tja``, 小孩儿 ``xa``."""
    return said
