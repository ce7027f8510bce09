"""Where in a recording somebody speaks. Samples are floats in −1…1, mono."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAME_SECONDS = 0.01
FADE_SECONDS = 0.01
SPEAKING_RMS = 0.01
"""A frame louder than this (−40 dBFS) is speech: renderings speak at 0.1, and their pauses are digital silence."""

Samples = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Activity:
    """The span of speech, first sound to last, and the share of all frames in which somebody speaks."""

    start_seconds: float
    end_seconds: float
    share: float

    @property
    def seconds(self) -> float:
        """Seconds of speech with the pauses inside it, without the quiet around it."""
        return self.end_seconds - self.start_seconds


def activity(samples: Samples, rate: int) -> Activity:
    """Finds the speech to the nearest 10 ms; a silent recording has no seconds and no share."""
    frame = round(rate * FRAME_SECONDS)
    padded = np.pad(samples, (0, -len(samples) % frame)).reshape(-1, frame)
    speaking = np.flatnonzero(np.einsum("ij,ij->i", padded, padded) > SPEAKING_RMS**2 * frame)
    if not len(speaking):
        return Activity(0.0, 0.0, 0.0)
    start, end = int(speaking[0]) * frame, min((int(speaking[-1]) + 1) * frame, len(samples))
    return Activity(start / rate, end / rate, len(speaking) / len(padded))


def trimmed(samples: Samples, rate: int) -> Samples:
    """The samples from the first sound of speech to the last; a silent recording as it is."""
    return within(samples, rate, activity(samples, rate))


def within(samples: Samples, rate: int, spoken: Activity) -> Samples:
    """The same, where it is known when somebody speaks."""
    if not spoken.seconds:
        return samples
    return samples[round(spoken.start_seconds * rate) : round(spoken.end_seconds * rate)]


def faded(samples: Samples, rate: int) -> Samples:
    """The samples with their first and last 10 ms swelling from nothing and to nothing: a cut is no click."""
    length = min(round(FADE_SECONDS * rate), len(samples) // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))
    soft = np.array(samples, dtype=np.float64)
    soft[:length] *= ramp
    soft[len(soft) - length :] *= ramp[::-1]
    return soft


def rms(samples: Samples) -> float:
    """The root mean square, 0…1 of full scale."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
