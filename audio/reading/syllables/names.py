"""Names of people in a text: where they stand, how a surname is spoken, and a family's own reading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from audio.reading.syllables.tables import surnames

_BEFORE: Final = "老小阿大"
"""What may stand before a surname where somebody is called: 老贾."""


@dataclass(frozen=True)
class Name:
    """What somebody is called (贾国强, 贾奶奶), as it stands in a text.

    ``own`` is how the family itself reads characters of it, each with its syllable; it wins over the list of surnames.
    """

    text: str
    own: tuple[tuple[str, str], ...] = ()

    def written(self) -> str:
        """As an order or a digest has it: ``盖国强 盖=ge3``."""
        return " ".join((self.text, *(f"{character}={said}" for character, said in self.own)))

    def spoken(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The name in parts; with each its syllables, none where it is read as any word is."""
        rest = text
        if len(rest) > 1 and rest[0] in _BEFORE and rest[1:2] in self._known_beginnings():
            yield rest[0], ()
            rest = rest[1:]
        if surname := self._surname(rest):
            said, length = surname
            yield rest[:length], said
            rest = rest[length:]
        yield from self._with_own(rest)

    def _known_beginnings(self) -> set[str]:
        return {each[0] for each in surnames()} | {character for character, _ in self.own}

    def _surname(self, rest: str) -> tuple[tuple[str, ...], int] | None:
        own = dict(self.own)
        for length in (2, 1):
            known = surnames().get(rest[:length])
            if known is not None and len(rest) >= length and not (length == 1 and rest[:1] in own):
                return tuple(own.get(rest[i], known.syllables[i]) for i in range(length)), length
        return None

    def _with_own(self, rest: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        own = dict(self.own)
        for is_own, characters in groupby(rest, key=own.__contains__):
            if is_own:
                yield from ((character, (own[character],)) for character in characters)
            else:
                yield "".join(characters), ()


def named(text: str, reading: str) -> Name:
    """What somebody is called, with the ``reading`` of characters of it: ``盖=ge3 华=hua4``, or nothing."""
    return Name(text, tuple((each[0], each[2:]) for each in reading.split()))


def name_from(written: str) -> Name:
    """The name that ``Name.written`` has written."""
    text, *own = written.rsplit(" ", written.count("="))
    return Name(text, tuple((each[0], each[2:]) for each in own))


def has_surname_of_its_own(text: str) -> bool:
    """Whether a name begins with a surname of the list, so that it is not read as words are."""
    return len(text) > 1 and (text[:2] in surnames() or text[0] in surnames())


def named_parts(text: str, names: Sequence[Name]) -> Iterator[tuple[str, Name | None]]:
    """The text cut where a name stands, each part with its name; the longest name wins."""
    known = {each.text: each for each in names if each.text}
    if not known:
        yield text, None
        return
    either = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    for part in re.split(f"({either})", text):
        if part:
            yield part, known.get(part)


def parts_told(text: str, names: Sequence[Name]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text in parts, each with its syllables where it is a surname or read in the family's own way."""
    for part, name in named_parts(text, names):
        yield from name.spoken(part) if name else ((part, ()),)
