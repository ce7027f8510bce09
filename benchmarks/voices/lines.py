"""Lines: what becomes of a clip on its way to the ear."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import Final

import numpy as np
import soundfile

from audio.sound.activity import Samples
from audio.sound.telephone import RATE, as_ulaw

OPEN_SECONDS: Final = 0.5
"""So long a line is open before anything is said: in a call nobody begins to listen with the first sound."""

PACKET_SECONDS: Final = 0.02
LOST_SHARE: Final = 0.05
HUM: Final = ((50, -30.0), (150, -42.0))
"""Hertz and dB below full scale (RMS)."""

NOISE_DBFS: Final = -45.0
"""White; speech is at about −20."""


class Line(StrEnum):
    """How it sounds on the way."""

    CLEAR = "µ-law"
    NOISY = "noisy"


def transmitted(samples: Samples, line: Line, seed: str) -> bytes:
    """A sound file (8 kHz, G.711) of what arrives, first ``OPEN_SECONDS`` of the line; the same for one ``seed``."""
    return _LINES[line](np.pad(samples, (round(OPEN_SECONDS * RATE), 0)), seed)


def _clear(samples: Samples, _: str) -> bytes:
    return as_ulaw(samples.astype(np.float32))


def _noisy(samples: Samples, seed: str) -> bytes:
    """Hum and noise are in the sound before it is cut into packets; of a packet that is lost nothing is heard."""
    chance = np.random.default_rng(int.from_bytes(sha256(seed.encode()).digest()[:8], "big"))
    at = np.arange(len(samples)) / RATE
    hum = sum(np.sqrt(2) * 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * at) for hertz, dbfs in HUM)
    heard = samples + hum + chance.normal(0, 10 ** (NOISE_DBFS / 20), len(samples))
    packet = round(PACKET_SECONDS * RATE)
    arrives = chance.random(-(-len(samples) // packet)) >= LOST_SHARE
    return _as_alaw(np.clip(heard, -1, 1) * np.repeat(arrives, packet)[: len(samples)])


def _as_alaw(samples: Samples) -> bytes:
    file = BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="ALAW")
    return file.getvalue()


_LINES: Final[Mapping[Line, Callable[[Samples, str], bytes]]] = {Line.CLEAR: _clear, Line.NOISY: _noisy}
