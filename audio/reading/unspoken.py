"""What the voice cannot say: characters that it would replace by the name of an alphabet, a code or nothing."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import category, normalize

from audio.reading.read_aloud import read_aloud
from audio.reading.syllables.names import Name, named_parts
from core.i18n import Language

TABLE: Final = Path(__file__).parent / "unspoken.txt"
"""Made from espeak itself by ``audio.reading.syllables.phonemes``."""


def unreadable(text: str, language: Language, names: Sequence[Name] = ()) -> str:
    """The characters of ``text`` that cannot be spoken in ``language``, each once, in their order; empty when none.

    Whoever writes the text has a way out: another form of address, a character of the same sound, the family's own
    reading (of the ``names`` that stand in the text), or a recording.
    """
    if not any(_is_unspoken(character) for character in normalize("NFKC", text)):
        return ""  # reading aloud puts in nothing but common characters
    parts = named_parts(read_aloud(text, language), names)
    return "".join(dict.fromkeys(each for part, name in parts for each in _unspoken_in(part, name)))


def _unspoken_in(part: str, name: Name | None) -> Iterator[str]:
    told = dict(name.own) if name else {}
    yield from (each for each in part if each not in told and _is_unspoken(each))


def _is_unspoken(character: str) -> bool:
    if ord(character) > 0xFFFF:
        return category(character).startswith("L")
    return character in _unspoken()


@cache
def _unspoken() -> frozenset[str]:
    """Both languages share the table: Chinese characters in an English text are the Mandarin voice's to say."""
    ranges = (line.partition("-") for line in TABLE.read_text().split())
    return frozenset(
        chr(code) for first, _, last in ranges for code in range(int(first, 16), int(last or first, 16) + 1)
    )
