"""Names of people in a text: where they stand, how a surname is spoken, and a family's own reading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from audio.characters import HAN
from audio.tables import surnames

FORMS_OF_ADDRESS: Final = (
    "奶奶|爷爷|婆婆|外婆|外公|阿姨|叔叔|伯伯|伯母|大爷|大妈|大娘|大叔|大婶|大姐|大哥|大嫂|老师|先生|女士|医生|大夫|主任|书记|"
    "师傅|老太太|老先生|同志|婶婶|姑姑|姥姥|姥爷|嫂子|太太|小姐|护士|警官|站长|院长|教授|老"
)
_BEGINS: Final = (
    rf"(?:(?<![{HAN}])|(?<=[让是给叫请和跟到的])|(?<=(?<![{HAN}])[老小])|(?<=您好)|(?<=[让请给叫跟和][老小]))"
)
"""Not within a word: 社区医生, 主任医生."""
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


def surnames_in(text: str, alone: Sequence[bool]) -> Iterator[tuple[int, Sequence[str]]]:
    """Where in running text a surname stands before a form of address or after 老 or 小, and its syllables.

    ``alone`` says of each character whether it is a word of its own: 小任 is somebody, 小任务 is not.
    """
    for match in _surname_pattern().finditer(text):
        yield match.start(), surnames()[match[0]].syllables
    for match in re.finditer(f"(?<=[老小])[{HAN}]", text):
        known = surnames().get(match[0])
        if known is not None and not known.is_a_word and alone[match.start()] and alone[match.start() - 1]:
            yield match.start(), known.syllables


@cache
def _surname_pattern() -> re.Pattern[str]:
    known = sorted((each for each, said in surnames().items() if not said.is_a_word), key=len, reverse=True)
    return re.compile(rf"{_BEGINS}(?:{'|'.join(known)})(?=(?:{FORMS_OF_ADDRESS}))")
