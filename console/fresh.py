"""What many open pages ask for at the same moment is made once."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

KEEP_SECONDS = 5.0
"""Real seconds after which a text is made again although nothing seems to have changed."""


@dataclass(frozen=True)
class _Made:
    position: object
    until: float
    text: str


class Fresh:
    """Texts by name, each made again only when the position it was made at has passed."""

    def __init__(self) -> None:
        self._made: dict[str, _Made] = {}
        self._turn = Lock()

    def of(self, name: str, position: Callable[[], object], make: Callable[[], str]) -> str:
        """The text ``name`` as of now; whoever comes while it is being made waits for it."""
        with self._turn:
            now_at = position()
            made = self._made.get(name)
            if made is None or made.position != now_at or made.until < monotonic():
                made = self._made[name] = _Made(now_at, monotonic() + KEEP_SECONDS, make())
            return made.text

    def forget(self) -> None:
        """Nothing that was made counts any more: another database or clock is in use."""
        self._made.clear()
