"""Addresses of clips: only whoever was told an address by us can ask for the clip.

A provider that fetches a clip does not log in. The digest alone would be no secret: anybody can compute it for a
sentence that they guess, with a name and a house number, and would learn whether it was said.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

PATH: Final = "/telephony/audio/"
SIGNATURE_DIGITS: Final = 32
_NAME: Final = re.compile(rf"(?P<digest>[0-9a-f]{{40}})-(?P<signature>[0-9a-f]{{{SIGNATURE_DIGITS}}})")


class ClipAddresses:
    """Gives clips their addresses, and knows its own again. All processes of an installation share the ``secret``."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._secret = secret.encode()

    def url(self, digest: str) -> str:
        """Where the provider finds the clip: always the same, so that it may keep it."""
        return f"{self._public_url}{PATH}{digest}-{self._signature(digest)}.wav"

    def digest(self, name: str) -> str | None:
        """The digest in the last part of a clip's address (without its ".wav"); None where the address is not ours."""
        read = _NAME.fullmatch(name)
        if read is None or not hmac.compare_digest(read["signature"], self._signature(read["digest"])):
            return None
        return read["digest"]

    def _signature(self, digest: str) -> str:
        return hmac.new(self._secret, f"clip {digest}".encode(), sha256).hexdigest()[:SIGNATURE_DIGITS]
