"""Phonemes: what espeak would say for a text, asked of espeak itself.

It runs in a process of its own: the library keeps one voice and one way of working for the whole process. The table
``unspoken.txt`` names, as ranges of code points, every letter and character of Unicode's first plane that the Mandarin
voice lacks: instead of the sound it says the name of an alphabet ("Cyrillic"), letters of pinyin in English, a code in
digits, or nothing. Make it anew when espeak-ng changes: ``python -m audio.reading.syllables.phonemes >
audio/reading/unspoken.txt``.
"""

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import category, name

import espeakng_loader

from audio.reading.syllables.spelling import spelled

VOICE: Final = b"sit/cmn-latn-pinyin"
_SYNCHRONOUS: Final = 2
_UTF_8: Final = 1
_FIRST_PLANE: Final = 0x10000
_IN_ENGLISH: Final = "(en)"
_SPELLED_AS_CODE: Final = "@:11"


class Phonemes:
    """The Mandarin voice's phonemes. At most one in a process, and none beside pyttsx3."""

    def __init__(self) -> None:
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        self._espeak = ctypes.CDLL(espeakng_loader.get_library_path())
        self._espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
        if self._espeak.espeak_Initialize(_SYNCHRONOUS, 0, None, 0) < 0 or self._espeak.espeak_SetVoiceByName(VOICE):
            raise RuntimeError("espeak does not start")

    def of(self, text: str) -> str:
        """The phonemes in espeak's own spelling."""
        rest, spoken = ctypes.c_char_p(text.encode()), []
        while rest:
            clause = self._espeak.espeak_TextToPhonemes(ctypes.byref(rest), _UTF_8, 0)
            spoken.append(clause.decode() if clause else "")
        return " ".join(spoken)

    def lacks(self, character: str) -> bool:
        """Whether the voice has no sound of its own for the letter or character, not even as pinyin."""
        spoken = self.of(spelled(character))
        return not spoken.strip("_:| ") or _IN_ENGLISH in spoken or spoken.startswith(_SPELLED_AS_CODE)


def letters() -> Iterator[str]:
    """Every letter and character of the first plane but the Latin ones, which the voice reads in English."""
    for code in range(_FIRST_PLANE):
        character = chr(code)
        if category(character).startswith("L") and "LATIN" not in name(character, ""):
            yield character


def ranges(characters: Iterable[str]) -> Iterator[str]:
    """Code points as lines ``4e00`` or ``3400-34ff``."""
    first = last = -2
    for code in map(ord, characters):
        if code == last + 1:
            last = code
            continue
        if first >= 0:
            yield _line(first, last)
        first = last = code
    if first >= 0:
        yield _line(first, last)


def _line(first: int, last: int) -> str:
    return f"{first:04x}" if first == last else f"{first:04x}-{last:04x}"


def main() -> None:
    """Prints the table, or with an argument the phonemes of each character in it that the voice lacks."""
    phonemes = Phonemes()
    among = sys.argv[1] if len(sys.argv) > 1 else letters()
    print("\n".join(ranges(character for character in among if phonemes.lacks(character))))


if __name__ == "__main__":
    main()
