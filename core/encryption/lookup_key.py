"""The look-up key of an installation: what is looked up is encrypted with it so that the same is always kept the same.

AES-SIV (RFC 5297): what is kept begins with a keyed MAC of the text, by which telephones and addresses are looked up,
joined and kept unique, and which tells nobody without the key what they are. That two rows have the same is seen.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from core.encryption.key_ring import UnreadableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES: Final = 64
"""Of AES-256-SIV: half authenticates, half encrypts."""
REMEMBERED: Final = 32_768
"""So many texts of a kind a process need not decrypt again: those of a large community, on every page."""
MARK: Final = "#"
"""In front of everything that is kept: no telephone number begins so."""


class LookupKey:
    """One look-up key; ``read`` tells it when it is first used, which many commands never do."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    @cached_property
    def written(self) -> str:
        """Its 64 bytes in base64 for addresses; raises ``UnreadableError``."""
        return self._read()

    @cached_property
    def numbers(self) -> "Alike":
        """For telephone numbers."""
        return Alike(self._cipher, b"zaoan number")

    @cached_property
    def places(self) -> "Alike":
        """For names of areas and rooms."""
        return Alike(self._cipher, b"zaoan place")

    @cached_property
    def _cipher(self) -> "AESSIV":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return AESSIV(urlsafe_b64decode(self.written))


class Alike:
    """Encrypts texts of one kind: the same one alike, and none as the same one of another kind."""

    def __init__(self, cipher: "AESSIV", kind: bytes) -> None:
        from cryptography.exceptions import InvalidTag

        self._cipher, self._kind = cipher, [kind]
        self._changed = (InvalidTag, ValueError)
        self.sealed = lru_cache(REMEMBERED)(self._sealed)
        """As the database keeps a text; empty stays empty."""
        self.opened = lru_cache(REMEMBERED)(self._opened)
        """The text that was ``sealed``; raises ``UnreadableError``."""

    def _sealed(self, text: str) -> str:
        if not text:
            return text
        return MARK + urlsafe_b64encode(self._cipher.encrypt(text.encode(), self._kind)).decode()

    def _opened(self, kept: str) -> str:
        if not kept:
            return kept
        try:
            return self._cipher.decrypt(urlsafe_b64decode(kept.removeprefix(MARK)), self._kind).decode()
        except self._changed as failure:
            raise UnreadableError(
                "A telephone number or address cannot be read with the look-up key of this database.",
                way_out="Put the database back from a backup.",
            ) from failure


def new_lookup_key() -> LookupKey:
    """A fresh key."""
    written = urlsafe_b64encode(token_bytes(KEY_BYTES)).decode()
    return LookupKey(lambda: written)


_current: LookupKey | None = None


def use(key: LookupKey | None) -> None:
    """Makes ``key`` the one of this process."""
    global _current
    _current = key


@contextmanager
def using(key: LookupKey | None) -> Iterator[None]:
    """For the time being ``key`` is the one of this process; None: it could not be read."""
    global _current
    before, _current = _current, key
    try:
        yield
    finally:
        _current = before


def current() -> LookupKey:
    """The look-up key of this process; raises ``UnreadableError`` where it could not be read."""
    if _current is None:
        raise UnreadableError(
            "Telephone numbers and addresses cannot be read: their key is not there.", way_out="Run zaoan doctor."
        )
    return _current
