"""Pinyin to the phonemes of the neural voice: the IPA of its vocabulary, with an arrow for each tone but the neutral.

The arrow stands behind the vowel: ``xuang2`` would be ``ɕ`` ``wa↗`` ``ŋ``. The alphabet is the one with which the voice
was trained (the package misaki 0.9.4), and agrees with it for every syllable that pypinyin knows.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
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

SUFFIXES: Final = frozenset({"er5", "r5"})
THROUGH_THE_NOSE: Final = "\u0303"
"""A tilde over the vowel before it."""
_BEFORE_ER: Final = {
    "ai": "a", "ei": "", "ɨ": "", "ən": "", "ɛn": "a", "n": "", THROUGH_THE_NOSE: THROUGH_THE_NOSE,
}  # fmt: skip
"""How a syllable ends → what is left of that before ɚ; the longer endings first."""

_BUZZED: Final = {"zh", "ch", "sh", "r", "z", "c", "s"}
_SYLLABLE: Final = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs]?)([a-zê]+)")


def phonemes(syllable: str) -> str:
    """A syllable with its tone (``nv3``, 5 for the neutral one) in the voice's phonemes.

    Raises ``ValueError`` for what is no syllable.
    """
    vowel, nasal = _checked(syllable)
    return vowel + TONES[syllable[-1]] + nasal


def of_word(syllables: Sequence[str]) -> str:
    """The syllables of a word; an 儿 that is no syllable of its own (``er5``) ends the one before it."""
    said = []
    for at, (syllable, following) in enumerate(pairwise([*syllables, ""])):
        if at == 0 or syllable not in SUFFIXES:
            said.append((_rhotic if following in SUFFIXES else phonemes)(syllable))
    return "".join(said)


def _rhotic(syllable: str) -> str:
    """The syllable that ends in 儿 (erhua), as the standard language has it: 点儿 is ``tjaɚ↓``, 空儿 ``kʰʊ̃ɚ↘``.

    The tongue that is drawn back for ɚ reaches neither i nor n; ŋ is heard in the vowel, through the nose. Where
    nothing is lost ɚ stands behind the tone, as the voice has learnt it (这儿 ``ꭧɤ↘ɚ``); there n or ŋ before it would
    begin a syllable of its own: ``tjɛ↓nɚ`` is heard as 点而.
    """
    vowel, nasal = _checked(syllable)
    sound = vowel + (THROUGH_THE_NOSE if nasal == "ŋ" else nasal)
    lost = next((each for each in _BEFORE_ER if sound.endswith(each)), "")
    if not lost:
        return phonemes(syllable) + "ɚ"
    return sound.removesuffix(lost) + _BEFORE_ER[lost] + "ɚ" + TONES[syllable[-1]]


def _checked(syllable: str) -> tuple[str, str]:
    """What stands before the tone and behind it. Raises ``ValueError`` for what is no syllable."""
    vowel, nasal = _parts(syllable[:-1])
    if syllable[-1:] not in TONES or not vowel:
        raise ValueError(f"{syllable!r} is no syllable of pinyin with its tone")
    return vowel, nasal


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
