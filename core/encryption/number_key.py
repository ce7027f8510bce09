"""The number key of an installation: telephones are encrypted with it so that the same one is always kept the same.

AES-SIV (RFC 5297): what is kept begins with a keyed MAC of the number, by which it is looked up, joined and kept
unique, and which tells nobody without the key what it is. That two rows have one number in common is seen, no more.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property, lru_cache
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from core.encryption.key_ring import UnreadableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES: Final = 64
"""Of AES-256-SIV: half authenticates, half encrypts."""
REMEMBERED: Final = 32_768
"""So many numbers a process need not decrypt again: those of a large community, on every page."""
MARK: Final = "#"
"""In front of every number that is kept: none begins so that is written or dialled."""
_DOMAIN: Final = (b"zaoan number",)


class NumberKey:
    """One number key; ``written`` is its 64 bytes in base64 for addresses."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.sealed = lru_cache(REMEMBERED)(self._sealed)
        """As the database keeps a number; the same for the same one."""
        self.opened = lru_cache(REMEMBERED)(self._opened)
        """The number that was ``sealed``; raises ``UnreadableError``."""

    @cached_property
    def _cipher(self) -> "AESSIV":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return AESSIV(urlsafe_b64decode(self.written))

    def _sealed(self, number: str) -> str:
        return MARK + urlsafe_b64encode(self._cipher.encrypt(number.encode(), list(_DOMAIN))).decode()

    def _opened(self, kept: str) -> str:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(urlsafe_b64decode(kept.removeprefix(MARK)), list(_DOMAIN)).decode()
        except (InvalidTag, ValueError) as failure:
            raise UnreadableError(
                "A telephone number cannot be read with the number key of this database.",
                way_out="Put the database back from a backup.",
            ) from failure


def new_number_key() -> NumberKey:
    """A fresh key."""
    return NumberKey(urlsafe_b64encode(token_bytes(KEY_BYTES)).decode())


_current: NumberKey | None = None


def use(key: NumberKey | None) -> None:
    """Makes ``key`` the one of this process."""
    global _current
    _current = key


def current() -> NumberKey:
    """The number key of this process; raises ``UnreadableError`` where it could not be read."""
    if _current is None:
        raise UnreadableError("Telephone numbers cannot be read: their key is not there.", way_out="Run zaoan doctor.")
    return _current
