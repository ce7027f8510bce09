"""The key ring of this process: encrypts with the newest data key, and decrypts with the one that was used.

A text that was encrypted is ``fingerprint:token``, bytes are the same without base64. So it is known of every row which
key it needs, and a key that has come meanwhile is looked for when the first row needs it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

from core.encryption.data_keys import DIGITS, DataKey
from core.encryption.key_sources import KeySource
from core.errors import UserError

MARK_BYTES: Final = DIGITS // 2
"""Of the fingerprint in front of bytes."""
_BETWEEN: Final = ":"
LOST = (
    "Put the keys back from where they are kept apart from the database. Without its key what was encrypted with it is "
    "lost: nobody can read it, not even we."
)


class UnreadableError(UserError):
    """Something that was encrypted cannot be read: its key is not there, or it was changed (HTTP 500)."""

    status = 500


class _Held(NamedTuple):
    state: object
    keys: Sequence[DataKey]
    by_fingerprint: Mapping[str, DataKey]


class KeyRing:
    """The keys of one source, the newest first; they are read again when the source has changed."""

    def __init__(self, source: KeySource) -> None:
        self.source = source
        self._held = self._read()

    @property
    def keys(self) -> Sequence[DataKey]:
        """All keys, as they are now."""
        self._follow()
        return self._held.keys

    @property
    def newest(self) -> DataKey:
        """What is encrypted from now on is encrypted with it; raises ``UnreadableError`` where there is no key."""
        if not self.keys:
            raise UnreadableError("There is no data key at {place}.", way_out=LOST, place=self.source.place)
        return self._held.keys[0]

    def sealed(self, plain: str) -> str:
        """The text, encrypted with the newest key."""
        key = self.newest
        return f"{key.fingerprint}{_BETWEEN}{key.fernet.encrypt(plain.encode()).decode()}"

    def opened(self, kept: str) -> str:
        """The text that was ``sealed``; raises ``UnreadableError``."""
        fingerprint, _, token = kept.partition(_BETWEEN)
        return self._plain(fingerprint, token.encode()).decode()

    def sealed_bytes(self, plain: bytes) -> bytes:
        """The bytes, encrypted with the newest key."""
        key = self.newest
        return bytes.fromhex(key.fingerprint) + urlsafe_b64decode(key.fernet.encrypt(plain))

    def opened_bytes(self, kept: bytes) -> bytes:
        """The bytes that were ``sealed``; raises ``UnreadableError``."""
        return self._plain(kept[:MARK_BYTES].hex(), urlsafe_b64encode(kept[MARK_BYTES:]))

    def rotated(self, kept: str) -> str:
        """The same text under the newest key, as old as it was; raises ``UnreadableError``."""
        fingerprint, _, token = kept.partition(_BETWEEN)
        return f"{self.newest.fingerprint}{_BETWEEN}{self._rotated(fingerprint, token.encode()).decode()}"

    def rotated_bytes(self, kept: bytes) -> bytes:
        """The same bytes under the newest key, as old as they were; raises ``UnreadableError``."""
        token = self._rotated(kept[:MARK_BYTES].hex(), urlsafe_b64encode(kept[MARK_BYTES:]))
        return bytes.fromhex(self.newest.fingerprint) + urlsafe_b64decode(token)

    def _plain(self, fingerprint: str, token: bytes) -> bytes:
        from cryptography.fernet import InvalidToken

        try:
            return self._key(fingerprint).fernet.decrypt(token)
        except InvalidToken as failure:
            raise _changed(fingerprint) from failure

    def _rotated(self, fingerprint: str, token: bytes) -> bytes:
        from cryptography.fernet import InvalidToken, MultiFernet

        try:
            return MultiFernet([self.newest.fernet, self._key(fingerprint).fernet]).rotate(token)
        except InvalidToken as failure:
            raise _changed(fingerprint) from failure

    def _key(self, fingerprint: str) -> DataKey:
        if (known := self._held.by_fingerprint.get(fingerprint)) is not None:
            return known
        self._read_again()
        if (come := self._held.by_fingerprint.get(fingerprint)) is not None:
            return come
        raise UnreadableError(
            "Something was encrypted with data key {fingerprint}, which is not at {place}.",
            way_out=LOST,
            fingerprint=fingerprint if fingerprint.isalnum() else "?",
            place=self.source.place,
        )

    def _follow(self) -> None:
        """Where the source has changed, its keys are those that it has now."""
        with suppress(OSError):
            if self.source.state() != self._held.state:
                self._read_again()

    def _read_again(self) -> None:
        """Whatever has happened to the source: keys that were held until now are better than none."""
        with suppress(OSError, UserError):
            held = self._read()
            if held.keys:
                self._held = held

    def _read(self) -> _Held:
        state, keys = self.source.state(), tuple(self.source.read())
        return _Held(state, keys, {each.fingerprint: each for each in keys})


def _changed(fingerprint: str) -> UnreadableError:
    return UnreadableError(
        "Something that was encrypted with data key {fingerprint} has been changed since, and cannot be read.",
        way_out="Put the database back from a backup.",
        fingerprint=fingerprint,
    )


_current: KeyRing | None = None


def use(ring: KeyRing) -> None:
    """Makes ``ring`` the one of this process."""
    global _current
    _current = ring


@contextmanager
def using(ring: KeyRing) -> Iterator[None]:
    """For the time being ``ring`` is the one of this process."""
    global _current
    before, _current = _current, ring
    try:
        yield
    finally:
        _current = before


def current() -> KeyRing:
    """The ring of this process; raises ``RuntimeError`` before ``use`` was called."""
    if _current is None:
        raise RuntimeError("no data keys are in use yet")
    return _current
