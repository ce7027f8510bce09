"""Secrets that we make ourselves: 256 random bits, of which only the SHA-256 is kept."""

from hashlib import sha256
from secrets import token_urlsafe

BYTES = 32


def new_secret(prefix: str = "") -> str:
    """A fresh secret, safe in an address and in a header; ``prefix`` says to whoever finds it what it is."""
    return f"{prefix}{token_urlsafe(BYTES)}"


def kept(secret: str) -> str:
    """What is stored of it: nobody guesses 256 bits, so a fast hash will do, and finds its row by an index."""
    return sha256(secret.encode()).hexdigest()
