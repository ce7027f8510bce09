"""From any recording to what a telephone plays well: 8 kHz, 300–3,400 Hz, even loudness, quiet at both ends."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from audio.sound.activity import Activity, Samples, activity, rms, trimmed

RATE: Final = 8000
TARGET_LUFS: Final = -19.0
"""About as loud as the peak limit allows speech to be without audible limiting; every clip is equally loud."""

PEAK_DBFS: Final = -3.0
LEAD_IN_SECONDS: Final = 0.13
"""A soft first sound ("thank") is heard up to 110 ms later: with it speech begins within 250 ms."""

TRAILING_SECONDS: Final = 0.55
"""Between the choices of a menu an older listener needs 500 to 750 ms."""

_LIMIT: Final = 10 ** (-3.5 / 20)
"""The limiter's ceiling: half a decibel under the peak, because µ-law rounds loud samples by up to 1/64."""

_LEVELLINGS: Final = 10
"""What the limiter takes from the loudness, the next levelling gives back; a single word has most to give back."""

_LEVEL_WITHIN: Final = 0.1
"""Loudness units; nobody hears less."""

_LIMITER_FRAME: Final = round(0.005 * RATE)
_SHORTEST_METERED_SECONDS: Final = 0.4
_BAND_HERTZ: Final = (300, 3400)

TelephoneSamples = NDArray[np.float32]


@dataclass(frozen=True)
class Measurements:
    """How a clip sounds: seconds in all, full-scale RMS, decibels, and where it speaks."""

    seconds: float
    rms: float
    peak_dbfs: float
    loudness_lufs: float
    activity: Activity

    @property
    def active_share(self) -> float:
        """The share of the clip in which somebody speaks."""
        return self.activity.share


def to_telephone(samples: Samples, rate: int) -> TelephoneSamples:
    """Mono float samples at ``rate`` as the 8 kHz clip that is played; a silent recording stays silent."""
    clip, _ = levelled(samples, rate)
    return clip


def levelled(samples: Samples, rate: int) -> tuple[TelephoneSamples, float]:
    """The same clip, and its loudness in LUFS: beside the target where the limiter takes too much, −∞ for silence."""
    spoken = _limited(_band_limited(_with_quiet(soxr.resample(trimmed(samples, rate), rate, RATE))))
    for _ in range(_LEVELLINGS):
        loudness = _loudness(_played(spoken), RATE)
        if not np.isfinite(loudness) or abs(loudness - TARGET_LUFS) <= _LEVEL_WITHIN:
            return spoken.astype(np.float32), loudness
        spoken = _limited(spoken * 10 ** ((TARGET_LUFS - loudness) / 20))
    return spoken.astype(np.float32), _loudness(_played(spoken), RATE)


def measure(samples: Samples, rate: int = RATE) -> Measurements:
    """Measures any mono clip; loudness is −∞ for silence, and taken from the RMS for what is too short to meter."""
    peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
    return Measurements(
        seconds=len(samples) / rate,
        rms=rms(samples),
        peak_dbfs=_decibels(peak),
        loudness_lufs=_loudness(samples, rate),
        activity=activity(samples, rate),
    )


def write_ulaw(path: Path, samples: TelephoneSamples) -> None:
    """Writes an 8 kHz mono µ-law WAV file (G.711)."""
    soundfile.write(path, samples, RATE, format="WAV", subtype="ULAW")


def as_ulaw(samples: TelephoneSamples) -> bytes:
    """The same file in memory."""
    file = BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="ULAW")
    return file.getvalue()


def read(path: Path) -> tuple[NDArray[np.float64], int]:
    """The samples of a mono sound file and their rate. Raises ``soundfile.SoundFileError``."""
    samples, rate = soundfile.read(path)
    return samples, rate


def _played(samples: Samples) -> Samples:
    """As they come out of the file, which rounds them; of a single word that can change which moments are metered."""
    heard: Samples = soundfile.read(BytesIO(as_ulaw(samples.astype(np.float32))))[0]
    return heard


def _with_quiet(samples: Samples) -> Samples:
    return np.pad(samples, (round(LEAD_IN_SECONDS * RATE), round(TRAILING_SECONDS * RATE)))


def _band_limited(samples: Samples) -> Samples:
    """Filtered forwards and backwards, so that consonants keep their place; the quiet around lets the ends ring out.

    That quiet is why the filter may begin at rest, and nothing has to be found out about its beginnings.
    """
    # SciPy and what is built on it are imported where they are used: they cost a second, and few processes need them.
    from scipy.signal import sosfilt

    filtered: Samples = sosfilt(_band(), sosfilt(_band(), samples)[::-1])[::-1]
    return filtered


@cache
def _band() -> Samples:
    from scipy.signal import butter

    sections: Samples = butter(6, _BAND_HERTZ, btype="bandpass", fs=RATE, output="sos")
    return sections


def _loudness(samples: Samples, rate: int) -> float:
    if not np.any(samples):
        return float("-inf")
    if len(samples) < _SHORTEST_METERED_SECONDS * rate:
        return _decibels(rms(samples))
    return float(_meter(rate).integrated_loudness(samples))


@cache
def _meter(rate: int) -> Any:
    import pyloudnorm

    return pyloudnorm.Meter(rate)


def _limited(samples: Samples) -> Samples:
    """Turns the loudest moments down, gliding over 5 ms: a sample never exceeds the limit and nothing is clipped."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    wanted = np.minimum(1.0, _LIMIT / np.maximum(np.abs(samples), _LIMIT))
    held = minimum_filter1d(wanted, 2 * _LIMITER_FRAME + 1)
    limited: Samples = samples * uniform_filter1d(held, 2 * _LIMITER_FRAME + 1)
    return limited


def _decibels(amplitude: float) -> float:
    return 20 * float(np.log10(amplitude)) if amplitude > 0 else float("-inf")
