"""Keys heard as tones in the sound itself, for telephones and gateways that send them in no other way.

What a receiver has to take and to leave is ITU-T Q.24's: frequencies within 1.5 % are taken and beyond 3.5 % left, the
higher tone may be 4 dB louder or 8 dB softer than the lower, 40 ms are enough and 23 ms too little, an interruption of
10 ms does not make two keys of one. Speech, music and our own prompts that come back have more in them than two tones.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trunk.sound.g711 import RATE

KEYS: Final = ("123A", "456B", "789C", "*0#D")
ROWS: Final = (697.0, 770.0, 852.0, 941.0)
COLUMNS: Final = (1209.0, 1336.0, 1477.0, 1633.0)

_WINDOW: Final = 102
"""Samples. One tone's neighbours in a row are about where the window hears nothing of it (78 Hz)."""
_HOP: Final = 51
_HITS: Final = 4
"""Windows in a row: in 40 ms there are always four, in 23 ms never."""
_MISSES: Final = 5
"""An interruption of 10 ms spoils three, a pause of 40 ms at least seven."""
_LEAST_LEVEL: Final = 10 ** (-32 / 10) / 2
"""Mean square of one tone 32 dB under full scale: −28 dBm0."""
_TWIST: Final = 10 ** (6 / 10)
_REVERSE_TWIST: Final = 10 ** (10 / 10)
_OTHERS: Final = 10 ** (-6 / 10)
"""How much of a tone's neighbours may be heard beside it."""
_SHARE: Final = 0.62
"""How much of all that is heard the two tones are."""

_MOMENTS: Final = np.arange(_WINDOW) / RATE
_PROBES: Final[NDArray[np.complex128]] = np.exp(-2j * np.pi * np.outer(_MOMENTS, [*ROWS, *COLUMNS]))


class InBand:
    """Listens to one side of a call. Each key is told once, at its beginning."""

    def __init__(self) -> None:
        self._rest: NDArray[np.float64] = np.zeros(0)
        self._candidate = ""
        self._hits = 0
        self._key = ""
        self._misses = 0

    def feed(self, pcm: bytes) -> Sequence[str]:
        """The keys that begin in what is heard now."""
        heard = np.concatenate((self._rest, np.frombuffer(pcm, "<i2") / 32768.0))
        if len(heard) < _WINDOW:
            self._rest = heard
            return ()
        windows = np.lib.stride_tricks.sliding_window_view(heard, _WINDOW)[::_HOP]
        self._rest = heard[len(windows) * _HOP :]
        return [key for key in map(self._step, _heard_in(windows)) if key]

    def _step(self, heard: str) -> str:
        self._hits = self._hits + 1 if heard and heard == self._candidate else int(bool(heard))
        self._candidate = heard
        if self._key:
            self._misses = 0 if heard == self._key else self._misses + 1
            if self._misses >= _MISSES:
                self._key = ""
        if self._hits < _HITS or heard == self._key:
            return ""
        self._key, self._misses = heard, 0
        return heard


def _heard_in(windows: NDArray[np.float64]) -> Iterator[str]:
    """The key in each window; empty where there is none."""
    energy = np.mean(windows**2, axis=1)
    tones = 2 * np.abs(windows @ _PROBES) ** 2 / _WINDOW**2
    for whole, rows, columns in zip(energy, tones[:, :4], tones[:, 4:], strict=True):
        row, column = int(np.argmax(rows)), int(np.argmax(columns))
        is_key = _is_key(float(whole), float(rows[row]), float(columns[column])) and _stand_out(rows, columns)
        yield KEYS[row][column] if is_key else ""


def _is_key(whole: float, low: float, high: float) -> bool:
    if min(low, high) < _LEAST_LEVEL or low + high < _SHARE * whole:
        return False
    return high <= low * _TWIST and low <= high * _REVERSE_TWIST


def _stand_out(*groups: NDArray[np.float64]) -> bool:
    return all(np.sort(group)[-2] <= group.max() * _OTHERS for group in groups)
