"""A few soft notes for whoever waits to be connected, made here from sines."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from audio.sound.telephone import TelephoneSamples

RECIPE: Final = "melody-2"
"""Names everything that shapes the sound. Change it with the notes, and the clip is made anew."""

SECONDS_PER_NOTE: Final = 0.55
RINGS_FOR_SECONDS: Final = 1.1
_RATE: Final = 16_000
_ATTACK_SECONDS: Final = 0.02
_FADE_PER_SECOND: Final = 3.2
_OVERTONE: Final = 0.25
_SEMITONES: Final = (0, 4, 7, 9, 7, 4, 2, 0)
"""Up and down a pentatonic scale, from C5: nothing that a telephone's 300 Hz would cut off."""

_LOWEST_HERTZ: Final = 523.25


@dataclass(frozen=True)
class Melody:
    """The notes. There is one melody, the same for everybody."""

    notes: tuple[int, ...] = _SEMITONES

    @property
    def digest(self) -> str:
        """Names the clip: 40 hexadecimal digits."""
        return sha256(f"{RECIPE}\0{self.notes}".encode()).hexdigest()[:40]


def played(melody: Melody) -> TelephoneSamples:
    """The melody as an 8 kHz clip, about as loud as speech: ``to_telephone`` sets the level of every clip."""
    import numpy as np  # as in voice.py: costs time, and is not needed to find a clip

    from audio.sound.telephone import to_telephone

    step, length = round(SECONDS_PER_NOTE * _RATE), round(RINGS_FOR_SECONDS * _RATE)
    at = np.arange(length) / _RATE
    swell = np.minimum(1.0, at / _ATTACK_SECONDS) * np.exp(-_FADE_PER_SECOND * at)
    heard = np.zeros(step * (len(melody.notes) - 1) + length)
    for index, note in enumerate(melody.notes):
        hertz = _LOWEST_HERTZ * 2 ** (note / 12)
        tone = np.sin(2 * np.pi * hertz * at) + _OVERTONE * np.sin(4 * np.pi * hertz * at)
        heard[index * step : index * step + length] += swell * tone
    return to_telephone(0.3 * heard, _RATE)
