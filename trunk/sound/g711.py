"""WAV files as 16-bit PCM. Our clips are µ-law, whose values the engine's µ-law coder gives back unchanged."""

from io import BytesIO

import numpy as np
import soundfile

RATE = 8000
BYTES_A_SAMPLE = 2
BYTES_A_SECOND = RATE * BYTES_A_SAMPLE
FRAME_BYTES = BYTES_A_SECOND // 50
"""20 ms."""


def pcm_of(content: bytes) -> bytes:
    """The sound of a WAV file as 8 kHz mono PCM; several channels are mixed. Raises ``ValueError`` for what is none."""
    try:
        samples, rate = soundfile.read(BytesIO(content), dtype="int16", always_2d=True)
    except soundfile.SoundFileError as failure:
        raise ValueError(f"not a sound file: {failure}") from failure
    mono = samples[:, 0] if samples.shape[1] == 1 else np.round(samples.mean(axis=1)).astype(np.int16)
    if rate != RATE:
        import soxr

        mono = soxr.resample(mono, rate, RATE)
    return bytes(mono.astype("<i2").tobytes())


def wav_of(pcm: bytes) -> bytes:
    """The same as a WAV file of 16-bit samples."""
    written = BytesIO()
    soundfile.write(written, np.frombuffer(pcm, "<i2"), RATE, format="WAV", subtype="PCM_16")
    return written.getvalue()


def quiet(seconds: float) -> bytes:
    """So much silence, in whole frames."""
    return bytes(round(seconds * 50) * FRAME_BYTES)
