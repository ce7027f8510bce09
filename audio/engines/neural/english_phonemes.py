"""English to the phonemes of the neural voice: what espeak would say, in the voice's alphabet.

espeak-ng is loaded into this process, which therefore has to be one that only speaks (``audio.worker``), never the
service, and never one with pyttsx3. The voice writes a diphthong as one capital letter, no length of vowels, and ``T``
for the tapped t of "water"; that is the alphabet of the package misaki 0.9.4, with which it was trained.
"""

import ctypes
import os
import re
from typing import Final

import espeakng_loader

VOICE: Final = b"gmw/en-us"
_SYNCHRONOUS: Final = 2
_UTF_8: Final = 1
_IPA_TIED: Final = 0x02 | 0x80 | ord("^") << 8
"""IPA, with a ^ between the letters of one sound."""

_SOUNDS: Final = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ɔ^ɪ", "Y"), ("d^ʒ", "ʤ"), ("t^ʃ", "ʧ"), ("ə^l", "ᵊl"),
    ("^", ""), ("ɚ", "əɹ"), ("ɝ", "ɜɹ"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ɐ", "ə"), ("ɾ", "T"),
    ("ʔn\u0329", "tᵊn"), ("ʔ", "t"), ("ɬ", "l"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("e", "A"), ("o", "ɔ"), ("ː", ""),
    ("\u0303", ""),
)  # fmt: skip
"""Sound of espeak → sound of the voice, the longer before the shorter."""

_SYLLABIC: Final = re.compile("(.)\u0329")
_CLAUSE: Final = re.compile(
    r"(.+?)(?:(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)([,;:.!?…—])[”’\"')\]]*(?:\s+|$)|$)", re.DOTALL
)


_OWNER: Final = re.compile(r"\s*['’]s\b")
"""What is left of "王桂兰's" when the Mandarin voice has said the name."""


class EnglishPhonemes:
    """espeak's phonemes. At most one in a process. Raises ``RuntimeError`` where espeak does not start."""

    def __init__(self) -> None:
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        self._espeak = ctypes.CDLL(espeakng_loader.get_library_path())
        self._espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
        if self._espeak.espeak_Initialize(_SYNCHRONOUS, 0, None, 0) < 0 or self._espeak.espeak_SetVoiceByName(VOICE):
            raise RuntimeError("espeak does not start")

    def of(self, text: str) -> str:
        """The phonemes of a text, each clause with the mark that ends it.

        The clauses are ours: espeak-ng 1.52.0 joins short ones ("If all is well, please press") and loses the comma.
        """
        owner = _OWNER.match(text)
        said = (
            (self._said(words), mark or "") for words, mark in _CLAUSE.findall(text[owner.end() :] if owner else text)
        )
        return " ".join([*(["z"] if owner else []), *(f"{phonemes}{mark}" for phonemes, mark in said if phonemes)])

    def _said(self, clause: str) -> str:
        rest, parts = ctypes.c_char_p(clause.encode()), list[str]()
        while rest.value:
            said = self._espeak.espeak_TextToPhonemes(ctypes.byref(rest), _UTF_8, _IPA_TIED)
            parts += [spelt(said.decode().strip())] if said and said.strip() else []
        return " ".join(parts)


def spelt(ipa: str) -> str:
    """espeak's IPA in the alphabet of the voice."""
    for sound, letter in _SOUNDS:
        ipa = ipa.replace(sound, letter)
    return _SYLLABIC.sub(r"ᵊ\1", ipa)
