"""Data keys: with what personal data is encrypted; each is known by its fingerprint, which tells nothing of it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from core.errors import UserError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_BYTES: Final = 32
"""Of a Fernet key, https://github.com/fernet/spec/blob/master/Spec.md: half signs, half encrypts."""
DIGITS: Final = 8
"""Hexadecimal digits of a fingerprint."""
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{43}=")
_DOMAIN = b"zaoan data key\0"


@dataclass(frozen=True)
class DataKey:
    """One key, as Fernet writes it: 32 random bytes in base64 for addresses."""

    secret: str = field(repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """By what it is called: the beginning of a SHA-256, which nobody finds the key by."""
        return sha256(_DOMAIN + urlsafe_b64decode(self.secret)).hexdigest()[:DIGITS]

    @cached_property
    def fernet(self) -> "Fernet":
        """What encrypts with it. Loaded only where something is encrypted: commands that need none start sooner."""
        from cryptography.fernet import Fernet

        return Fernet(self.secret)


def new_key() -> DataKey:
    """A fresh key."""
    return DataKey(urlsafe_b64encode(token_bytes(KEY_BYTES)).decode())


def keys_in(text: str, place: str) -> tuple[DataKey, ...]:
    """The keys in a text, separated by commas or blanks, the newest first; each once.

    Raises ``UserError`` where a word is no key; it names the ``place`` and the word's number, never the word.
    """
    words = text.replace(",", " ").split()
    for number, word in enumerate(words, 1):
        if not _WRITTEN.fullmatch(word):
            raise UserError(
                "Word {number} of {field} is no data key.",
                way_out="A key has 44 characters, as `zaoan keys create` prints it; several are separated by commas, "
                "the newest first.",
                field=place,
                number=number,
            )
    return tuple(DataKey(word) for word in dict.fromkeys(words))


def written(keys: Sequence[DataKey]) -> str:
    """As a file keeps them, one on a line."""
    return "".join(f"{each.secret}\n" for each in keys)
