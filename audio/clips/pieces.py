"""Pieces: a sentence of which a part was recorded by a person, and the rest is spoken by the voice."""

from dataclasses import dataclass
from hashlib import sha256

from audio.clips.speech import Speech

RECIPE = "joined-2"
"""Names everything that shapes how pieces are joined. Change it, and every joined clip is made anew."""


@dataclass(frozen=True)
class Kept:
    """A recording, named by the digest of its sound; whoever keeps it is asked for it when its clip is gone."""

    digest: str


@dataclass(frozen=True)
class Quiet:
    """Nothing for some seconds: what a comma or a full stop between two pieces asks for."""

    seconds: float

    @property
    def digest(self) -> str:
        """Names the quiet."""
        return f"quiet {self.seconds:.2f}"


@dataclass(frozen=True)
class Joined:
    """Pieces said one after the other as one sentence."""

    pieces: tuple[Speech | Kept | Quiet, ...]

    @property
    def digest(self) -> str:
        """Names the clip: 40 hexadecimal digits."""
        identity = "\0".join((RECIPE, *(piece.digest for piece in self.pieces)))
        return sha256(identity.encode()).hexdigest()[:40]
