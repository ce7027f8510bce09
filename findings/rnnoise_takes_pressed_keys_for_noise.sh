#!/usr/bin/env bash
# Keys pressed by telephone (DTMF, 200 ms, as loud as the voice) after a spoken sentence, through noise suppressors: RNNoise
# (pyrnnoise 0.4.5), WebRTC's (webrtc-noise-gain 1.3.0) and Speex's (speexdsp-ns 0.1.2).
#
# Guess before running: what is loud and begins of a sudden is no noise: a suppressor takes hiss and hum away, keys pass all three
#   about as loud as they were.
# Seen: WebRTC's and Speex's suppressors leave the keys as they are (less than 2 dB). RNNoise leaves the voice as it is and
#   takes every key away, at 8 kHz as at 48 kHz: most of the twelve are quieter by 40 dB and more, and what is left of any of
#   them is shorter than the 40 ms that make a key.
# What it means: a suppressor put before the speech recognition "so that it hears better" makes those who press 1 for "I am well"
#   and 2 for "I need help" into people who do not answer. Take keys off the line before the suppressor, or from RTP events.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  pyrnnoise==0.4.5 webrtc-noise-gain==1.3.0 speexdsp-ns==0.1.2 espeakng-loader==0.2.4 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import ctypes

import espeakng_loader
import numpy as np
from pyrnnoise import RNNoise
from scipy.signal import resample_poly
from speexdsp_ns import NoiseSuppression
from webrtc_noise_gain import AudioProcessor

LOW = dict(zip("147*", [697, 770, 852, 941]))
HIGH = dict(zip("123", [1209, 1336, 1477]))
ROWS = ["123", "456", "789", "*0#"]
SYNCHRONOUS, UTF_8 = 2, 1
SHORTEST_KEY = 40  # milliseconds: of a shorter one no receiver need take notice (ITU-T Q.24)


def spoken(text):
    """The sentence as espeak-ng says it, at its own rate, with a peak of half of full scale."""
    pieces = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def keep(samples, count, events):
        if count > 0:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    espeak = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = espeak.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    espeak.espeak_SetSynthCallback(keep)
    assert espeak.espeak_SetVoiceByName(b"cmn") == 0
    words = text.encode()
    espeak.espeak_Synth(words, len(words) + 1, 0, 0, 0, UTF_8, None, None)
    sound = np.concatenate(pieces).astype(float)
    return sound / abs(sound).max() / 2, rate


def key(name, rate):
    row = next(row for row in ROWS if name in row)
    time = np.arange(rate // 5) / rate
    return sum(np.sin(2 * np.pi * hertz * time) for hertz in (LOW[row[0]], HIGH[ROWS[0][row.index(name)]])) / 4


def rnnoise(samples, rate):
    return np.concatenate([frame for _, frame in RNNoise(rate).denoise_chunk(samples[None, :], True)], axis=1)[0]


def webrtc(samples, rate):
    processor = AudioProcessor(0, 4)
    return tens(samples, rate, lambda piece: processor.Process10ms(piece).audio)


def speex(samples, rate):
    return tens(samples, rate, NoiseSuppression.create(rate // 100, rate).process)


def tens(samples, rate, process):
    """What is left of the sound, taken through in pieces of ten milliseconds."""
    step = rate // 100
    pieces = [process(samples[at : at + step].tobytes()) for at in range(0, len(samples) - step + 1, step)]
    return np.frombuffer(b"".join(pieces), np.int16)


def change(before, after):
    """By how many dB the sound is louder afterwards."""
    return 20 * np.log10(after.astype(float).std() / before.astype(float).std() + 1e-9)


def left_of_key(before, after, rate):
    """For how many milliseconds of a key it is louder than 20 dB below what it was."""
    step = rate // 100
    return 10 * sum(change(before[at : at + step], after[at : at + step]) > -20 for at in range(0, len(before), step))


sentence, own_rate = spoken("我很好，谢谢你，今天早上吃过药了。")
for name, suppress, rate in [("RNNoise", rnnoise, 8000), ("RNNoise", rnnoise, 48000), ("WebRTC", webrtc, 16000), ("Speex", speex, 8000)]:
    voice = resample_poly(sentence, rate, own_rate)
    voice = np.pad(voice, (0, -len(voice) % (rate // 10)))
    pause = np.zeros(rate // 2)
    keys = {}
    for each in "1234567890*#":
        line = (np.concatenate([voice, pause, key(each, rate), pause]) * 32767).astype(np.int16)
        left = suppress(line, rate)
        begin = len(voice) + len(pause)
        part = slice(begin, begin + rate // 5)
        keys[each] = (change(line[part], left[part]), left_of_key(line[part], left[part], rate))
        of_voice = change(line[: len(voice)], left[: len(voice)])
    print(f"{name} at {rate} Hz: the voice {of_voice:.1f} dB, keys", " ".join(f"{k}: {dB:.0f} dB/{ms} ms" for k, (dB, ms) in keys.items()))
    if name == "RNNoise":
        assert abs(of_voice) < 2, "the voice is taken away"
        assert all(dB < -18 and ms < SHORTEST_KEY for dB, ms in keys.values()), "a key can be heard"
    else:
        assert all(dB > -2 and ms >= 180 for dB, ms in keys.values()), "a key is taken away"
PYTHON
