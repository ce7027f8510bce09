"""Passwords: Argon2id (pwdlib's recommendation), a bounded number at once, since each hash takes 64 MB."""

import unicodedata
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from core.errors import UserError

AT_ONCE = 2
"""Hashes that one process works on at the same time; whoever comes then waits for their turn."""
LEAST, MOST = 10, 200
"""Characters; NIST SP 800-63B asks for 8 at least, and for no rules of composition."""
_turns = BoundedSemaphore(AT_ONCE)
hasher = PasswordHash((Argon2Hasher(),))
_nobodys: str | None = None


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _turns:
        return hasher.hash(_spelled(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long for a user who has none, so that nobody learns who there is."""
    with _turns:
        try:
            right = hasher.verify(_spelled(password), kept or _of_nobody())
        except UnknownHashError:
            return False
    return right and kept is not None


def check(password: str, name: str) -> None:
    """Raises ``UserError`` for a password that is too short, too long, or the first that anybody would try."""
    spelled = _spelled(password)
    if not LEAST <= len(spelled) <= MOST:
        raise UserError("A password has {least} to {most} characters.", way_out="A sentence of your own is a good one.",
                        field="password", least=LEAST, most=MOST)  # fmt: skip
    if len(set(spelled)) < 4 or _plain(name) in _plain(spelled):
        raise UserError("This password is too easy to guess.", way_out="A sentence of your own is a good one.",
                        field="password")  # fmt: skip


def _of_nobody() -> str:
    global _nobodys
    if _nobodys is None:
        _nobodys = hasher.hash("nobody's password")
    return _nobodys


def _spelled(password: str) -> str:
    """The same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password)


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
