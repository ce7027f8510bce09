"""Strict reading of decoded JSON: every error names the place and what would be right there."""

from collections.abc import Callable, Set
from enum import StrEnum
from typing import TypeVar

from exchange.errors import ScriptError

_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=StrEnum)


def read_list(content: object, at: str, read: Callable[[object, str], _T]) -> list[_T]:
    """Reads each element of a JSON list. Raises ``ScriptError``."""
    if not isinstance(content, list):
        raise ScriptError(f"{at}: expected a list")
    return [read(element, f"{at}[{index}]") for index, element in enumerate(content)]


class Fields:
    """A JSON object with no other names than ``known``. Everything raises ``ScriptError``; ``null`` is absent."""

    def __init__(self, content: object, at: str, known: Set[str]) -> None:
        if not isinstance(content, dict):
            raise ScriptError(f"{at}: expected an object")
        unknown = sorted(set(content) - known)
        if unknown:
            raise ScriptError(f"{at}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        self._content: dict[str, object] = content
        self._at = at

    def absent(self, name: str) -> bool:
        """Whether nothing, or null, stands there."""
        return self._content.get(name) is None

    def has(self, name: str) -> bool:
        """Whether the name is there, be it with null."""
        return name in self._content

    def get(self, name: str) -> object:
        """What stands there, as it is."""
        return self._content.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A string."""
        value = default if self.absent(name) else self.get(name)
        if not isinstance(value, str):
            raise ScriptError(f"{self._at}.{name}: expected a string, not {value!r}")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A number that is not negative."""
        value = default if self.absent(name) else self.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ScriptError(f"{self._at}.{name}: expected a number from 0 up, not {value!r}")
        return value

    def choice(self, name: str, choices: type[_Choice], default: _Choice | None = None) -> _Choice:
        """One of an enum's values."""
        value = default if self.absent(name) else self.get(name)
        if value not in list(choices):
            raise ScriptError(f"{self._at}.{name}: {value!r} is none of {', '.join(choices)}")
        return choices(str(value))

    def list(self, name: str, read: Callable[[object, str], _T]) -> tuple[_T, ...]:
        """A list read element by element; empty when absent."""
        return () if self.absent(name) else tuple(read_list(self.get(name), f"{self._at}.{name}", read))
