"""How much of each 20 ms is tone: a beep, a ringing or busy signal have one line or two, words and music have many."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trunk.sound.g711 import FRAME_BYTES, RATE

_SAMPLES: Final = FRAME_BYTES // 2
_WINDOW: Final = np.hanning(_SAMPLES + 2)[1:-1]
_BIN_HERTZ: Final = RATE / _SAMPLES
_LOBE: Final = 2
"""A line is so many bins wide on either side, in this window."""
_LOWEST: Final = 4
"""200 Hz: what lies below is hum."""


@dataclass(frozen=True)
class Frame:
    """20 ms: RMS of full scale, the loudest line in hertz, and how much of all energy one line and two lines have."""

    level: float
    hertz: float
    one_line: float
    two_lines: float


class Purity:
    """Looks at sound as it comes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, pcm: bytes) -> list[Frame]:
        """Each whole 20 ms."""
        heard = self._rest + pcm
        whole = len(heard) // FRAME_BYTES * FRAME_BYTES
        self._rest = heard[whole:]
        if not whole:
            return []
        samples = np.frombuffer(heard[:whole], "<i2").reshape(-1, _SAMPLES) / 32768.0
        levels = np.sqrt(np.mean(samples**2, axis=1))
        spectra = np.abs(np.fft.rfft(samples * _WINDOW, axis=1)) ** 2
        return [_frame(float(level), spectrum) for level, spectrum in zip(levels, spectra, strict=True)]


def _frame(level: float, spectrum: NDArray[np.float64]) -> Frame:
    spectrum[:_LOWEST] = 0.0
    total = float(spectrum.sum())
    if total <= 0.0:
        return Frame(level, 0.0, 0.0, 0.0)
    peak = int(np.argmax(spectrum))
    hertz, first = _centre(spectrum, peak), _taken(spectrum, peak)
    second = _taken(spectrum, int(np.argmax(spectrum)))
    return Frame(level, hertz, first / total, (first + second) / total)


def _centre(spectrum: NDArray[np.float64], peak: int) -> float:
    """Between the bins, by the energy around the peak."""
    low, high = max(0, peak - 1), min(len(spectrum), peak + 2)
    around = np.sqrt(spectrum[low:high])
    return float(np.dot(np.arange(low, high), around) / around.sum()) * _BIN_HERTZ


def _taken(spectrum: NDArray[np.float64], peak: int) -> float:
    """The energy of a line, which is then no longer there."""
    line = spectrum[max(0, peak - _LOBE) : peak + _LOBE + 1]
    energy = float(line.sum())
    line[:] = 0.0
    return energy
