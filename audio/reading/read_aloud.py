"""Reading aloud: what espeak misreads, written as a person would say it (the rules: mandarin.py, english.py)."""

from typing import Final
from unicodedata import category, normalize
from unicodedata import digit as digit_value

from audio.reading import english, mandarin
from core.i18n import Language


def read_aloud(text: str, language: Language) -> str:
    """The text as it is to be spoken: no digit is left in Chinese; reading twice changes nothing."""
    words = _plain(text)
    return mandarin.spoken(words) if language is Language.CHINESE else english.spoken(words)


def _plain(text: str) -> str:
    """ASCII digits and signs for full-width, circled and foreign ones; one code for each Chinese character."""
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if category(character) == "Cc":
        return " "
    value = digit_value(character, None)
    if value is not None:
        return str(value)
    if "\uf900" <= character <= "\ufaff" or character in "：／．％＋－＊＃":
        return normalize("NFKC", character)
    return _VARIANTS.get(character, character)


_VARIANTS: Final = {"○": "〇", "兒": "儿", "–": "-", "—": "—", "−": "-", "～": "~", "￥": "¥"}
