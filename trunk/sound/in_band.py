"""Keys heard as tones in the sound itself, for telephones and gateways that send them in no other way.

What a receiver has to take and to leave is ITU-T Q.24's: frequencies within 1.5 % are taken and beyond 3.5 % left, the
higher tone may be 4 dB louder or 8 dB softer than the lower, 40 ms are enough and 23 ms too little, an interruption of
10 ms does not make two keys of one. Speech, music and our own prompts that come back have more in them than two tones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trunk.sound.g711 import RATE

KEYS: Final = ("123A", "456B", "789C", "*0#D")
ROWS: Final = (697.0, 770.0, 852.0, 941.0)
COLUMNS: Final = (1209.0, 1336.0, 1477.0, 1633.0)

_WINDOW: Final = 102
"""Samples. One tone's neighbours in a row are about where the window hears nothing of it (78 Hz)."""
_HOP: Final = 34
_HITS: Final = 6
"""Windows in a row that are mostly tone: in 40 ms there are always six, in 23 ms at most five."""
_MISSES: Final = 7
"""An interruption of 10 ms spoils five, a pause of 40 ms at least eleven."""
_AT_ONCE: Final = _WINDOW + 7 * _HOP
"""Eight windows, 42 ms, are looked at together: a third of the work of looking at each frame."""
_LEAST_LEVEL: Final = 10 ** (-32 / 10) / 2
"""Mean square of one tone 32 dB under full scale: −28 dBm0."""
_LEAST_PEAK: Final = int(10 ** (-32 / 20) * 32768)
"""Two tones of that level are nowhere so soft: whoever listens in silence costs next to nothing."""
_TWIST: Final = 10 ** (6 / 10)
_REVERSE_TWIST: Final = 10 ** (10 / 10)
_OTHERS: Final = 10 ** (-6 / 10)
"""How much of a tone's neighbours may be heard beside it."""
_SHARE: Final = 0.68
"""How much of all that is heard the two tones are: 0.72 where both are 1.5 % off."""
_MOST_OFF: Final = 0.025
"""Between what is to be taken and what is to be left; seen by how a tone's phase goes on from window to window."""

_TONES: Final = np.array([*ROWS, *COLUMNS])
_MOMENTS: Final = np.arange(_WINDOW) / RATE
_PROBES: Final[NDArray[np.float64]] = np.hstack(
    [wave(2 * np.pi * np.outer(_MOMENTS, _TONES)) for wave in (np.cos, np.sin)]
)
_FULL_SCALE: Final = 32768.0
_MOST_WINDOWS: Final = 256
_SAMPLES: Final = _HOP * np.arange(_MOST_WINDOWS)[:, None] + np.arange(_WINDOW)
"""Which samples each window has: taking them so costs a fifth of a view that slides."""
_ADVANCE: Final[NDArray[np.complex128]] = np.exp(2j * np.pi * _TONES * _HOP / RATE)
_HERTZ_A_RADIAN: Final = RATE / (2 * np.pi * _HOP)


@dataclass(frozen=True)
class _Hit:
    """One window with a key in it, and its two tones as they were heard."""

    key: str
    row: int
    column: int
    tones: NDArray[np.complex128]


class InBand:
    """Listens to one side of a call. Each key is told once, at its beginning."""

    def __init__(self) -> None:
        self._rest: NDArray[np.int16] = np.zeros(0, np.int16)
        self._hits: list[_Hit] = []
        self._key = ""
        self._misses = 0

    def feed(self, pcm: bytes) -> Sequence[str]:
        """The keys that begin in what is heard now."""
        self._rest = np.concatenate((self._rest, np.frombuffer(pcm, "<i2")))
        keys: list[str] = []
        while len(self._rest) >= _AT_ONCE:
            windows = min((len(self._rest) - _WINDOW) // _HOP + 1, _MOST_WINDOWS)
            heard, self._rest = self._rest[: (windows - 1) * _HOP + _WINDOW], self._rest[windows * _HOP :]
            keys += filter(None, map(self._step, self._looked_at(heard, windows)))
        return keys

    def _looked_at(self, heard: NDArray[np.int16], windows: int) -> Sequence[_Hit | None]:
        """What is in each window; where nothing is in any, that is done with."""
        if heard.max() >= _LEAST_PEAK or heard.min() <= -_LEAST_PEAK:
            hits = _heard_in(heard[_SAMPLES[:windows]] / _FULL_SCALE)
            if hits:
                return hits
        self._hits.clear()
        self._misses += windows
        if self._misses >= _MISSES:
            self._key = ""
        return ()

    def _step(self, hit: _Hit | None) -> str:
        key = hit.key if hit else ""
        if self._key:
            self._misses = 0 if key == self._key else self._misses + 1
            if self._misses >= _MISSES:
                self._key = ""
        if hit is None or (self._hits and self._hits[-1].key != key):
            self._hits.clear()
        if hit is None or key == self._key:
            return ""
        self._hits.append(hit)
        if len(self._hits) < _HITS:
            return ""
        is_key = _is_on_frequency(self._hits)
        self._hits.clear()
        if not is_key:
            return ""
        self._key, self._misses = key, 0
        return key


def _heard_in(windows: NDArray[np.float64]) -> Sequence[_Hit | None]:
    """The key in each window, where there is one; empty where it is seen at once that there is none in any."""
    waves = windows @ _PROBES
    cosines, sines = waves[:, : len(_TONES)], waves[:, len(_TONES) :]
    powers = (cosines**2 + sines**2) * (2 / _WINDOW**2)
    energy = np.einsum("ij,ij->i", windows, windows) / _WINDOW
    low, high = powers[:, :4].max(axis=1), powers[:, 4:].max(axis=1)
    may_be = (np.minimum(low, high) >= _LEAST_LEVEL) & (low + high >= _SHARE * energy)
    if not may_be.any():
        return ()
    looked_at = zip(may_be, cosines - 1j * sines, powers, strict=True)
    return [_hit(tones, power) if is_worth_a_look else None for is_worth_a_look, tones, power in looked_at]


def _hit(tones: NDArray[np.complex128], powers: NDArray[np.float64]) -> _Hit | None:
    rows, columns = powers[:4], powers[4:]
    row, column = int(np.argmax(rows)), int(np.argmax(columns))
    if not (_is_level(float(rows[row]), float(columns[column])) and _stand_out(rows, columns)):
        return None
    return _Hit(KEYS[row][column], row, 4 + column, tones)


def _is_level(low: float, high: float) -> bool:
    return high <= low * _TWIST and low <= high * _REVERSE_TWIST


def _stand_out(*groups: NDArray[np.float64]) -> bool:
    return all(np.sort(group)[-2] <= group.max() * _OTHERS for group in groups)


def _is_on_frequency(hits: Sequence[_Hit]) -> bool:
    return all(_off(hits, tone) <= _MOST_OFF * _TONES[tone] for tone in (hits[0].row, hits[0].column))


def _off(hits: Sequence[_Hit], tone: int) -> float:
    """How many hertz a tone is off its nominal frequency."""
    heard = np.array([hit.tones[tone] for hit in hits])
    turned = np.sum(heard[1:] * np.conj(heard[:-1]) / _ADVANCE[tone])
    return abs(float(np.angle(turned))) * _HERTZ_A_RADIAN
