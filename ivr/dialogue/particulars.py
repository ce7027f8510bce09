"""What of a dialogue is only this call's — names, ids, a telephone number —, apart from what it shares with others.

Whatever fills a prompt's gaps and is not the same for everybody, and whom a choice is about, is put aside in the order
in which it is first said; a blank stands in its place. Put back, the dialogue is word for word what it was.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.storage.database import as_json

MARK = "\N{SYMBOL FOR SUBSTITUTE}"
LONGEST = 80
"""Longer words are a message of the office to everybody in a round, and stay with what calls share."""
OF_EVERYBODY = frozenset({"community", "call_back", "emergency"})
"""Gaps that are filled alike for everybody in a community."""
_BLANK = re.compile(f'(?<!\\\\)"{MARK}(\\d+){MARK}"')
_LIKE_A_BLANK = re.compile(f"{MARK}\\d+{MARK}")


def parted(dialogue: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """A dialogue as a plain document → its JSON with blanks, and what fills them."""
    particulars: dict[str, int] = {}
    return as_json(_blanked(dialogue, particulars)), tuple(particulars)


def filled(text: str, particulars: Sequence[str]) -> str:
    """The JSON of the whole dialogue. Raises ``IndexError`` where something is missing."""
    written = [as_json(each) for each in particulars]
    return _BLANK.sub(lambda blank: written[int(blank[1])], text)


def _blanked(value: Any, particulars: dict[str, int]) -> Any:
    if isinstance(value, Mapping):
        return {_literal(name, particulars): _particular(name, each, particulars) for name, each in value.items()}
    if isinstance(value, list):
        return [_blanked(each, particulars) for each in value]
    return _literal(value, particulars) if isinstance(value, str) else value


def _literal(value: str, particulars: dict[str, int]) -> str:
    """The same; somebody's own words that look like a blank are filled in with themselves."""
    return _blank(value, particulars) if _LIKE_A_BLANK.fullmatch(value) else value


def _particular(name: str, value: Any, particulars: dict[str, int]) -> Any:
    if name == "subject" and isinstance(value, str):
        return _blank(value, particulars)
    if name == "words" and isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
        return {_literal(gap, particulars): _filling(gap, each, particulars) for gap, each in value.items()}
    return _blanked(value, particulars)


def _filling(gap: str, value: str, particulars: dict[str, int]) -> str:
    return _literal(value, particulars) if gap in OF_EVERYBODY else _blank(value, particulars)


def _blank(value: str, particulars: dict[str, int]) -> str:
    if len(value) > LONGEST and not _LIKE_A_BLANK.fullmatch(value):
        return value
    return f"{MARK}{particulars.setdefault(value, len(particulars))}{MARK}"
