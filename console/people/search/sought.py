"""What somebody looks for: a home, the last digits of a telephone, a name; several words each say something of them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from audio.reading.characters import HAN
from console.people.search.name_search import named_so, tidy
from contacts import places

LEAST_DIGITS = 3
"""So many of the last digits of a telephone tell anything."""
LEAST_OF_A_NUMBER = 8
_NUMERAL = f"(?:(?<![{HAN}])|(?<=[第楼栋幢座门元]))[一二三四五六七八九十]{{1,3}}"
_PART = rf"(?:[0-9a-z]{{1,4}}|{_NUMERAL})"
_SPOKEN: Sequence[tuple[str, re.Pattern[str]]] = (
    ("building", re.compile(rf"第?({_PART})\s*(?:号楼|栋|幢|座|楼)|(?:building|bldg\.?|block)\s*(\w{{1,4}})")),
    ("unit", re.compile(rf"第?({_PART})\s*(?:单元|门)|(?:unit|entrance)\s*(\w{{1,4}})")),
    ("room", re.compile(r"([0-9a-z]{1,6})\s*(?:室|房|户)|(?:room|flat|apartment|apt\.?)\s*([\w-]{1,6})")),
)
_DASHED = re.compile(r"([0-9a-z]{1,3})-(?:([0-9a-z]{1,2})-)?([0-9]{3,4}[a-z]?)")
_TELEPHONE = re.compile(r"\+?[0-9()./-]+")


class Lives(Protocol):
    """Where somebody lives, as the database spells it."""

    @property
    def building(self) -> str:
        """Empty where it is not known."""

    @property
    def unit(self) -> str:
        """Empty where the building has none."""

    @property
    def room(self) -> str:
        """The room."""


@dataclass(frozen=True)
class Sought:
    """The ``home`` that was written (parts of it, by their names), and what else was: ``words`` and ``digits``."""

    home: Mapping[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()
    digits: Sequence[str] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was typed that anybody could be found by."""
        return not (self.home or self.words or self.digits)


def sought(text: str) -> Sought:
    """What is meant by what was typed, in either language and in any order."""
    left, home = unicodedata.normalize("NFKC", text).casefold(), dict[str, str]()
    for part, pattern in _SPOKEN:
        if found := pattern.search(left):
            home[part] = next(each for each in found.groups() if each)
            left = f"{left[: found.start()]} {left[found.end() :]}"
    words, digits = list[str](), list[str]()
    for each in re.split(r"[\s,，、;；]+", left):
        if dashed := _DASHED.fullmatch(each):
            home |= {
                name: said for name, said in zip(("building", "unit", "room"), dashed.groups(), strict=True) if said
            }
        elif _TELEPHONE.fullmatch(each) and re.search(r"\d", each):
            digits.append(re.sub(r"\D", "", each))
        elif letters := tidy(each):
            words.append(letters)
    return Sought(home, words, _one_number(digits))


def _one_number(digits: Sequence[str]) -> Sequence[str]:
    """Groups of digits are one number, as it is shown, where they are too many for a room and the end of one."""
    together = "".join(digits)
    return [together] if len(together) >= LEAST_OF_A_NUMBER else digits


def lives_there(looked_for: Sought, spot: Lives) -> bool:
    """Whether a home is at the address that was written, as far as it was."""
    home = looked_for.home
    return (
        ("building" not in home or _same_building(home["building"], spot.building))
        and ("unit" not in home or places.unit_name(f"{home['unit']}单元") == spot.unit)
        and ("room" not in home or places.room_name(home["room"]) == spot.room)
    )


def is_called(looked_for: Sought, names: Iterable[str], reading: str) -> bool:
    """Whether each word is of one of these ``names``."""
    known = list(names)
    return all(any(named_so(word, each, reading) for each in known) for word in looked_for.words)


def is_at(looked_for: Sought, room: str, numbers: Iterable[str]) -> bool:
    """Whether all digits are those of the ``room``, or the last of one of the ``numbers`` (E.164)."""
    known = list(numbers)
    return all(digits == room or any(_ends(number, digits) for number in known) for digits in looked_for.digits)


def _ends(number: str, digits: str) -> bool:
    """A number within its country begins with a 0 that is not dialled from abroad."""
    return len(digits) >= LEAST_DIGITS and (
        number.endswith(digits) or (digits.startswith("0") and number.endswith(digits[1:]) and len(digits) > 8)
    )


def _same_building(written: str, known: str) -> bool:
    name = places.building_name(f"{written}号楼")
    return name in (known, places.house_number(known))
