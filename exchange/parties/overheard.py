"""What was heard on a line: the stretches of sound that somebody at a telephone was played, joined to one recording.

Times are people's seconds. What was cut short by a key or a hang-up is as long as it was heard.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exchange.parties.recordings import SAMPLES_PER_SECOND

_SILENCE = b"\xff"
"""G.711 µ-law for nothing."""
_MU_LAW = 7
_FORMAT = struct.Struct("<HHIIHHH")


@dataclass(frozen=True)
class Stretch:
    """One sound, from when on, for how many seconds it was heard, and its address (None: not from a file)."""

    begins: float
    seconds: float
    url: str | None


def recording(stretches: Sequence[Stretch], sounds: Mapping[str, bytes]) -> bytes:
    """The line from its first sound on as an 8 kHz µ-law WAV file; what is in no file is silence.

    ``sounds`` are WAV files by address. Raises ``ValueError`` for one that is not 8 kHz mono µ-law.
    """
    line = bytearray()
    for stretch in stretches:
        line += _SILENCE * (_samples(stretch.begins - stretches[0].begins) - len(line))
        heard = mu_law(sounds[stretch.url]) if stretch.url else b""
        line += heard[: _samples(stretch.seconds)].ljust(_samples(stretch.seconds), _SILENCE)
    return _wav(bytes(line))


def mu_law(content: bytes) -> bytes:
    """The samples of an 8 kHz mono µ-law WAV file; raises ``ValueError`` for any other."""
    chunks = dict(_chunks(content))
    if b"fmt " not in chunks or b"data" not in chunks:
        raise ValueError("not a WAV file")
    coding, channels, rate = struct.unpack_from("<HHI", chunks[b"fmt "])
    if (coding, channels, rate) != (_MU_LAW, 1, SAMPLES_PER_SECOND):
        raise ValueError(f"not 8 kHz mono µ-law: coding {coding}, {channels} channels, {rate} Hz")
    return chunks[b"data"]


def _chunks(content: bytes) -> Sequence[tuple[bytes, bytes]]:
    found, position = [], 12
    while position + 8 <= len(content):
        name, size = content[position : position + 4], int.from_bytes(content[position + 4 : position + 8], "little")
        found.append((name, content[position + 8 : position + 8 + size]))
        position += 8 + size + size % 2
    return found


def _samples(seconds: float) -> int:
    return round(max(0.0, seconds) * SAMPLES_PER_SECOND)


def _wav(samples: bytes) -> bytes:
    about = _FORMAT.pack(_MU_LAW, 1, SAMPLES_PER_SECOND, SAMPLES_PER_SECOND, 1, 8, 0)
    body = b"WAVEfmt " + len(about).to_bytes(4, "little") + about
    body += b"data" + len(samples).to_bytes(4, "little") + samples + b"\0" * (len(samples) % 2)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
