"""PINs: with one, a responder who rings in is believed. Caller numbers can be forged, so without one they are not."""

import secrets
from hashlib import scrypt
from hmac import compare_digest

LEAST_DIGITS, MOST_DIGITS = 6, 10
_SALT_BYTES = 16
N, R, P = 2**14, 8, 1
"""About 50 ms and 16 MB for each guess (RFC 7914 names these as the cost of an interactive login)."""
_FORMERLY = (2**14, 8, 1)
"""The cost of PINs that were kept without it."""
_RUNS = ("01234567890", "09876543210")


def hashed(pin: str) -> str:
    """The PIN as it is kept: ``N$R$P$salt$hash``, the last two hexadecimal; its cost stays what it was at that time."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return "$".join((f"{N}${R}${P}", salt.hex(), _slow(pin, salt, N, R, P)))


def matches(pin: str, kept: str) -> bool:
    """Whether ``pin`` is the one that is kept."""
    *cost, salt, expected = kept.split("$")
    n, r, p = map(int, cost) if cost else _FORMERLY
    return compare_digest(_slow(pin, bytes.fromhex(salt), n, r, p), expected)


def is_guessable(pin: str) -> bool:
    """Whether it is one of the first that anybody would try: one digit repeated, or a run such as 123456."""
    return len(set(pin)) == 1 or any(pin in run for run in _RUNS)


def _slow(pin: str, salt: bytes, n: int, r: int, p: int) -> str:
    return scrypt(pin.encode(), salt=salt, n=n, r=r, p=p).hex()
