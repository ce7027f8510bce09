"""The version of what a page shows: a page that stands open asks for it, and is fetched again when it is another."""

from hashlib import blake2b

from fastapi import Response


def version_of(shown: object) -> str:
    """16 hexadecimal digits: equal in this process for equal values; ``shown`` is a dataclass of plain values."""
    return blake2b(repr(shown).encode(), digest_size=8).hexdigest()


def told(version: str) -> Response:
    """The answer to a page that asks; nobody keeps it."""
    return Response(version, media_type="text/plain", headers={"Cache-Control": "no-store"})
