"""DTMF: which keys of a telephone are heard in a sound, by the bounds of ITU-T Q.24.

Made to find what any receiver may take for a key in speech or music (talk-off): whatever a receiver by Q.24 has to
accept is found; between the bounds within which it has to and beyond which it must not, the bounds here lie.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.sound.activity import Samples

RATE: Final = 8000
ROWS: Final = (697, 770, 852, 941)
COLUMNS: Final = (1209, 1336, 1477, 1633)
KEYS: Final = "123A456B789C*0#D"
"""Row by row (ITU-T Q.23)."""

LEAST_DBM0: Final = -36.0
"""The level of each of the two tones."""

FULL_SCALE_DBM0: Final = 3.14
"""The level of a sine at full scale (ITU-T G.711, µ-law 3.17, A-law 3.14)."""

NORMAL_TWIST_DB: Final = 8.0
"""So much the column's tone, the higher one, may be weaker than the row's (Q.24, AT&T)."""

REVERSE_TWIST_DB: Final = 4.0
"""So much it may be stronger."""

OFF_FREQUENCY: Final = 0.025
"""1.5 % must be accepted and 3.5 % must be rejected."""

LEAST_SECONDS: Final = 0.033
"""40 ms must be accepted and 23 ms must be rejected; both are measured to within 5 ms."""

BRIDGED_SECONDS: Final = 0.03
"""A break of 10 ms, which spoils the windows of so long a time, makes no two keys of one; a pause of 40 ms does."""

LEAST_SHARE: Final = 0.7
"""Of all that sounds, the two tones have so much: beside noise 15 dB weaker, which must not matter, they have 0.97."""

_WITHIN_DB: Final = 0.7
"""What the measuring of a level, the steps of G.711 and noise may take or give."""

_WINDOW: Final = 160
_HOP: Final = 40
"""Windows of 20 ms, one each 5 ms."""

_HALF: Final = 0.5
"""Of its own peak, a tone is this strong where it begins and ends, as half of the window sees it."""

_Frames = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Key:
    """A key that was heard: its name, and from when to when, in seconds."""

    name: str
    start_seconds: float
    end_seconds: float

    @property
    def seconds(self) -> float:
        """How long it sounded, to within 5 ms."""
        return self.end_seconds - self.start_seconds


def keys_in(samples: Samples) -> tuple[Key, ...]:
    """The keys that are heard in mono samples at 8 kHz (full scale is 1), in their order."""
    found = _Tones(np.asarray(samples, np.float64)).keys()
    return tuple(
        Key(KEYS[number], first * _HOP / RATE, (last + 1) * _HOP / RATE)
        for number, first, last in _runs(found)
        if (last + 1 - first) * _HOP / RATE >= LEAST_SECONDS
    )


class _Tones:
    """The eight tones in each window of the sound, as Goertzel's filters hear them: their strength and their phase."""

    def __init__(self, samples: _Frames) -> None:
        quiet = np.zeros(_WINDOW)
        padded = np.concatenate((quiet[_WINDOW // 2 :], samples, quiet))
        windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
        self._power = windows**2 @ _hann()
        self._heard = windows @ _filters()

    def keys(self) -> _Numbers:
        """For each window the number of the key that is heard in it, −1 where there is none."""
        rows, columns = self._strongest(0), self._strongest(len(ROWS))
        low, high = (self._amplitude(each) for each in (rows, columns))
        is_key = (
            _loud_enough(np.minimum(low, high))
            & _twisted_little(low, high)
            & self._alone(low, high)
            & self._in_tune(rows)
            & self._in_tune(columns)
            & _sounding(np.minimum(low, high))
        )
        return np.where(is_key, rows * len(COLUMNS) + columns - len(ROWS), -1)

    def _strongest(self, first: int) -> _Numbers:
        strongest: _Numbers = first + np.argmax(np.abs(self._heard[:, first : first + len(ROWS)]), axis=1)
        return strongest

    def _amplitude(self, tones: _Numbers) -> _Frames:
        return 2 * np.abs(self._heard[np.arange(len(tones)), tones])

    def _alone(self, low: _Frames, high: _Frames) -> _Flags:
        """Whether little else sounds."""
        return (low**2 + high**2) / 2 >= LEAST_SHARE * self._power

    def _in_tune(self, tones: _Numbers) -> _Flags:
        """Whether the tone is the one it is nearest to: beside it the phase turns from window to window."""
        turned = np.zeros(len(tones))
        here = np.arange(1, len(tones) - 1)
        turned[1:-1] = np.angle(self._heard[here + 1, tones[1:-1]] * np.conj(self._heard[here - 1, tones[1:-1]]))
        expected = 2 * np.pi * _frequencies()[tones] * 2 * _HOP / RATE
        beside = (turned - expected + np.pi) % (2 * np.pi) - np.pi
        return np.abs(beside) <= OFF_FREQUENCY * expected


def _loud_enough(weaker: _Frames) -> _Flags:
    return weaker >= 10 ** ((LEAST_DBM0 - FULL_SCALE_DBM0 - _WITHIN_DB) / 20)


def _twisted_little(low: _Frames, high: _Frames) -> _Flags:
    normal, reverse = (10 ** ((bound + _WITHIN_DB) / 20) for bound in (NORMAL_TWIST_DB, REVERSE_TWIST_DB))
    return (low <= normal * high) & (high <= reverse * low)


def _sounding(weaker: _Frames) -> _Flags:
    """Whether the window is within the tone: at its ends half of the window is."""
    reach = _WINDOW // _HOP
    around = np.lib.stride_tricks.sliding_window_view(np.pad(weaker, reach), 2 * reach + 1)
    within: _Flags = weaker >= _HALF * around.max(axis=1)
    return within


def _runs(keys: _Numbers) -> list[tuple[int, int, int]]:
    """Key, first window and last window of each stretch with the same key, short breaks bridged."""
    runs: list[tuple[int, int, int]] = []
    for at in np.flatnonzero(keys >= 0).tolist():
        number, bridged = int(keys[at]), BRIDGED_SECONDS * RATE / _HOP
        if runs and runs[-1][0] == number and at - runs[-1][2] - 1 <= bridged:
            runs[-1] = (number, runs[-1][1], at)
        else:
            runs.append((number, at, at))
    return runs


@cache
def _frequencies() -> _Frames:
    return np.array(ROWS + COLUMNS, np.float64)


@cache
def _hann() -> _Frames:
    """A window whose weights are one together."""
    window = np.hanning(_WINDOW + 1)[:-1]
    weights: _Frames = window / window.sum()
    return weights


@cache
def _filters() -> NDArray[np.complex128]:
    """One column for each tone."""
    turns = np.outer(np.arange(_WINDOW), _frequencies()) / RATE
    filters: NDArray[np.complex128] = _hann()[:, None] * np.exp(-2j * np.pi * turns)
    return filters
