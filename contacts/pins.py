"""PINs: with one, a responder who rings in is believed. Caller numbers can be forged, so without one they are not."""

import secrets
from hashlib import scrypt
from hmac import compare_digest

LEAST_DIGITS, MOST_DIGITS = 6, 10
_SALT_BYTES = 16
COST = {"n": 2**14, "r": 8, "p": 1}
"""About 50 ms and 16 MB for each guess (RFC 7914 names these as the cost of an interactive login)."""
_RUNS = ("01234567890", "09876543210")


def hashed(pin: str) -> str:
    """The PIN as it is kept: salt and slow hash, hexadecimal."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{salt.hex()}${_slow(pin, salt)}"


def matches(pin: str, kept: str) -> bool:
    """Whether ``pin`` is the one that is kept."""
    salt, _, expected = kept.partition("$")
    return compare_digest(_slow(pin, bytes.fromhex(salt)), expected)


def is_guessable(pin: str) -> bool:
    """Whether it is one of the first that anybody would try: one digit repeated, or a run such as 123456."""
    return len(set(pin)) == 1 or any(pin in run for run in _RUNS)


def _slow(pin: str, salt: bytes) -> str:
    return scrypt(pin.encode(), salt=salt, **COST).hex()
