"""Recordings as people upload them: a voice-like sound in any container, made with FFmpeg's encoders."""

from functools import cache
from io import BytesIO

import av
import numpy as np

RATE = 48_000


def murmur(seconds: float = 1.5, amplitude: float = 0.3, hertz: int = 140) -> np.ndarray:
    """A hummed tone with overtones that swells four times a second, as syllables do."""
    return amplitude * np.resize(_hummed(hertz), round(seconds * RATE))


@cache
def _hummed(hertz: int) -> np.ndarray:
    """A second of it, after which it is the same again; the loudest moment is 1."""
    at = np.arange(RATE) / RATE
    tones = sum(np.sin(2 * np.pi * hertz * n * at) / n for n in range(1, 16))
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * 4 * at)
    sound = tones * swell
    return sound / np.max(np.abs(sound))


def press(seconds: float = 0.1, row: int = 770, column: int = 1336) -> np.ndarray:
    """The key 5 of a telephone, as it sounds beside a microphone."""
    at = np.arange(round(seconds * RATE)) / RATE
    return 0.2 * (np.sin(2 * np.pi * row * at) + np.sin(2 * np.pi * column * at))


def upload(samples: np.ndarray, container: str = "wav", codec: str = "pcm_s16le", layout: str = "mono") -> bytes:
    """The samples (48 kHz), one channel or a row for each, as a file of this kind."""
    file = BytesIO()
    channels = 2 if layout == "stereo" else 1
    with av.open(file, "w", format=container) as writing:
        stream = writing.add_stream(codec, rate=RATE, layout=layout)
        stream.bit_rate = 128_000
        planes = np.broadcast_to(np.atleast_2d(samples).astype(np.float32), (channels, samples.shape[-1]))
        planes = np.ascontiguousarray(planes)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
        frame.rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            writing.mux(packet)
    return file.getvalue()
