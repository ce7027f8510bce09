"""Names within an English text, as the English voice is told them: "Mrs Zhang" is "Mrs jahng", "Ms" is "Miz".

Left to itself that voice reads pinyin by English rules: Li as "lie", Qian as "kian". A Chinese name is known by what
stands around it: a form of address before a surname, or a surname before a given name. A list has the names of other
languages that the voice says wrongly. All else is left as it is.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
_TITLES: Final = r"(?:Mr|Mrs|Ms|Miss|Dr|Doctor|Nurse|Teacher|Grandma|Grandpa|Granny|Auntie|Aunt|Uncle|Madam|Old)\.?"
_WORD: Final = r"[A-Z][a-zü]*(?:['’-](?!s\b)[A-Za-zü][a-zü]*)*"
_NAME: Final = re.compile(rf"(?<![\w'’-])(?:({_TITLES}) )?({_WORD})(?: ({_WORD}))?(?![\w-])")
_CAPITALISED: Final = re.compile(r"\b[A-Z][A-Za-z]+\b")
_LONGEST_GIVEN: Final = 2


def told(words: str) -> str:
    """The words with the names respelt."""
    return _CAPITALISED.sub(lambda match: _misread().get(match[0], match[0]), _pinyin_told(words))


def _pinyin_told(words: str) -> str:
    at, parts = 0, []
    while found := _NAME.search(words, at):
        said = _said(*found.groups())
        end = found.end() if said else found.end(2) if not found[1] else found.end(1)
        parts.append(words[at : found.start()] + (said or words[found.start() : end]))
        at = end
    return "".join(parts) + words[at:]


def _said(title: str | None, first: str, second: str | None) -> str | None:
    """As the voice is told a name in its place; None where it is none."""
    if first.lower() not in _surnames():
        return None
    surname, given = _respelt(first), _respelt(second) if second else None
    if surname is None or (second and given is None and not title):
        return None
    if not title and not (second and _is_clear(first, second)):
        return None
    return " ".join(each for each in (title, surname, given if second and given else second) if each)


def _is_clear(surname: str, given: str) -> bool:
    return not _surnames()[surname.lower()] or len(_syllables(given) or ()) > 1


def _respelt(name: str) -> str | None:
    """Each of its syllables as the voice is told it; None where it is not pinyin."""
    found = _syllables(name)
    return "-".join(_table()[each] for each in found) if found else None


def _syllables(name: str) -> tuple[str, ...] | None:
    """The syllables of one or two that the name consists of: ``Gui-lan``, ``Xi'an``, ``Changhai``.

    Where it can be cut twice, no syllable but the first begins with a vowel, as pinyin demands; then the longer first.
    """
    parts = re.split(r"['’-]", name.lower())
    if len(parts) > 1:
        return tuple(parts) if len(parts) <= _LONGEST_GIVEN and all(each in _table() for each in parts) else None
    whole = parts[0]
    if whole in _table():
        return (whole,)
    cuts = [(whole[:i], whole[i:]) for i in range(len(whole) - 1, 0, -1)]
    return next((cut for cut in cuts if cut[0] in _table() and cut[1] in _table() and cut[1][0] not in "aeo"), None)


@cache
def _table() -> Mapping[str, str]:
    """Syllable → what the voice is told."""
    return dict(_lines("pinyin_in_english.txt"))


@cache
def _misread() -> Mapping[str, str]:
    """Name or title → what the voice is told."""
    return dict(_lines("english_names_respelt.txt"))


@cache
def _surnames() -> Mapping[str, str]:
    """Surname → "word" where it is an English word as well."""
    return dict(_lines("pinyin_surnames.txt"))


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for each in (_FOLDER / name).read_text("utf-8").splitlines():
        if not each.startswith("#"):
            first, _, rest = each.partition(" ")
            yield first, rest
