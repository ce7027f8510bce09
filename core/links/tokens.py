"""Tokens of links: 120 bits of an HMAC in 24 letters and digits, so that a text with one costs no segment more.

A token that carried its payload (as itsdangerous makes them) would be three times as long; the payload stands in the
database, and the token is the signature over it: whoever can write the row and has not the key can sign nothing.
"""

import hmac
import re
from base64 import b32encode

from core.links.models import Link

BYTES = 15
_TOKEN = re.compile(r"[a-z2-7]{24}")


def token_of(link: Link, key: str) -> str:
    """The token of this row under the installation's ``key``; each purpose is signed with a key of its own."""
    salted = hmac.digest(key.encode(), f"zaoan link {link.purpose}".encode(), "sha256")
    return b32encode(hmac.digest(salted, _payload(link), "sha256")[:BYTES]).decode().lower()


def typed(token: str) -> str | None:
    """The token as it was made, however it was typed or copied; None for what is none."""
    found = token.strip().lower()
    return found if _TOKEN.fullmatch(found) else None


def _payload(link: Link) -> bytes:
    until = int(link.expires_at.timestamp())
    return f"{link.id} {link.about_id} {link.holder_id} {until}".encode()
