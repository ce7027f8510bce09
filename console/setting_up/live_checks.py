"""What is looked at while somebody waits: the entrance knows how, the pages only show what was found."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import ConflictError
from core.i18n import Language


class UnderWayError(ConflictError):
    """Somebody looks already: two at once would only disturb each other (HTTP 409)."""


@dataclass(frozen=True)
class Found:
    """One thing that was seen: which ``check`` saw it, how it stands (``ok``, ``warning``, ``wrong``), and the way out.

    ``said`` and ``mend`` are in the language that was asked for; no secret stands in them.
    """

    check: str
    state: str
    said: str
    mend: str


Look = Callable[[Language], Sequence[Found]]
"""Looks at everything, for a bounded time; raises ``UnderWayError``."""
_look: Look | None = None


def use(look: Look | None) -> None:
    """From now on this process looks so; None where it cannot."""
    global _look
    _look = look


@contextmanager
def using(look: Look | None) -> Iterator[None]:
    """For the time being this process looks so; None: it cannot."""
    global _look
    before, _look = _look, look
    try:
        yield
    finally:
        _look = before


def is_offered() -> bool:
    """Whether this process can look."""
    return _look is not None


def look(language: Language) -> Sequence[Found]:
    """What is found now; nothing where this process cannot look. Raises ``UnderWayError``."""
    return _look(language) if _look else ()
