"""Sounds for tests: the tones of keys, noise, and WAV files of them."""

import numpy as np
import soundfile

from trunk.sound.in_band import COLUMNS, KEYS, ROWS

RATE = 8000


def sine(hertz, seconds, decibels):
    """A tone so many decibels under full scale."""
    moments = np.arange(round(seconds * RATE)) / RATE
    return 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * moments)


def key(which, seconds=0.1, low=-12.0, high=-12.0, off=(0.0, 0.0)):
    """A key; the levels of its two tones, and by what part of them their frequencies are off."""
    [(row, column)] = [(row, line.index(which)) for row, line in enumerate(KEYS) if which in line]
    return sine(ROWS[row] * (1 + off[0]), seconds, low) + sine(COLUMNS[column] * (1 + off[1]), seconds, high)


def quiet(seconds):
    return np.zeros(round(seconds * RATE))


def keys(which, seconds=0.1, pause=0.1, **how):
    """Several keys, one after the other."""
    return np.concatenate([part for each in which for part in (key(each, seconds, **how), quiet(pause))])


def noise(seconds, decibels, seed=0):
    return 10 ** (decibels / 20) * np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def speech(seconds, decibels=-18.0, seed=0):
    """Words as a larynx makes them: a buzz of many harmonics whose pitch wanders, in syllables of a quarter second."""
    random = np.random.default_rng(seed)
    moments = np.arange(round(seconds * RATE)) / RATE
    pitch = 150 * 2 ** (0.3 * np.sin(2 * np.pi * 0.7 * moments + random.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    buzz = sum(np.sin(n * phase + random.uniform(0, 6)) / n**0.7 for n in range(1, 18))
    syllables = np.clip(1.4 * np.abs(np.sin(2 * np.pi * 2.0 * moments + random.uniform(0, 3))) - 0.15, 0, 1)
    sound = buzz * syllables + 0.02 * random.standard_normal(len(moments))
    return 10 ** (decibels / 20) * sound / np.sqrt(np.mean(sound**2))


def pcm(samples):
    return np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def write(path, samples):
    soundfile.write(path, np.clip(samples, -1, 1), RATE, subtype="PCM_16")
    return str(path)
