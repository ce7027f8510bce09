"""Sound: G.711 as it comes and goes, how loud it is, and what a machine says."""

from functools import cache
from io import BytesIO

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE, FRAME_BYTES = 8000, 160
PCMU, PCMA = 0, 8
SILENCE = {PCMU: b"\xff" * FRAME_BYTES, PCMA: b"\xd5" * FRAME_BYTES}
_SUBTYPES = {PCMU: "ULAW", PCMA: "ALAW"}
_GREETING_HERTZ, _BEEP_HERTZ, _BEEP_SECONDS = 240.0, 1400.0, 0.6


def level(payload: bytes, codec: int) -> float:
    """RMS of full scale."""
    heard = samples(payload, codec)
    return float(np.sqrt((heard**2).mean())) if len(heard) else 0.0


@cache
def greeting(seconds: float) -> NDArray[np.float64]:
    """A machine's words, which rise and fall as words do, and its beep."""
    moments = np.arange(round(seconds * RATE)) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * moments) + 0.5, 0, 1)
    voice = sum(np.sin(2 * np.pi * _GREETING_HERTZ * overtone * moments) / overtone for overtone in range(1, 9))
    beep = np.sin(2 * np.pi * _BEEP_HERTZ * np.arange(round(_BEEP_SECONDS * RATE)) / RATE)
    return np.concatenate([voice * syllables * 0.12, np.zeros(RATE // 4), beep * 0.3])


@cache
def greeting_frames(seconds: float, codec: int) -> tuple[bytes, ...]:
    """The same in frames of 20 ms."""
    encoded = BytesIO()
    soundfile.write(encoded, greeting(seconds), RATE, format="RAW", subtype=_SUBTYPES[codec])
    whole = encoded.getvalue()
    return tuple(whole[at : at + FRAME_BYTES] for at in range(0, len(whole) - FRAME_BYTES + 1, FRAME_BYTES))


def samples(payload: bytes, codec: int) -> NDArray[np.float64]:
    """One packet's, of full scale."""
    return _samples(codec)[np.frombuffer(payload, np.uint8)]


@cache
def _samples(codec: int) -> NDArray[np.float64]:
    every = BytesIO(bytes(range(256)))
    found, _ = soundfile.read(every, format="RAW", subtype=_SUBTYPES[codec], samplerate=RATE, channels=1)
    return np.asarray(found)
