#!/usr/bin/env bash
# A message ("please come to room 301 to have your blood pressure taken"), spoiled in several ways, judged by the two usual measures
# of speech on a telephone line: PESQ, narrow band (pesq 0.0.4), and STOI (pystoi 0.4.1).
#
# Guess before running: the best mark is for what can be understood best. A message without its room number, with another one, or 40 dB
#   too quiet, gets a worse one than the whole message with a little hiss, or than the whole message as every line carries it.
# Seen: it is the other way round. PESQ evens out loudness and shifts before it compares: 40 dB too quiet has the best mark there is
#   (4.5), and so has STOI. With "room 301" cut out it is 4.2, better than the whole message after 8-bit A-law (3.8); with "room
#   307" instead it is 3.6; the whole message with hiss 20 dB below the voice gets 1.7. STOI tells the cut one (0.5), but has
#   the wrong room and the hiss both at 0.95 or more.
# What it means: an alarm on "PESQ below 3" rings at a fan and is silent at a message of which the number is lost or which nobody old can
#   hear. Measure loudness on its own, and whether words are there by hearing them back, not by a measure of quality.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  pesq==0.0.4 pystoi==0.4.1 espeakng-loader==0.2.4 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import ctypes

import espeakng_loader
import numpy as np
from pesq import pesq
from pystoi import stoi
from scipy.signal import resample_poly

SYNCHRONOUS, UTF_8, RATE, A = 2, 1, 8000, 87.6
heard = []


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
def hear(samples, count, events):
    if count > 0:
        heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
    return 0


espeak = ctypes.CDLL(espeakng_loader.get_library_path())
own_rate = espeak.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
espeak.espeak_SetSynthCallback(hear)
assert espeak.espeak_SetVoiceByName(b"cmn") == 0


def spoken(text):
    heard.clear()
    words = text.encode()
    espeak.espeak_Synth(words, len(words) + 1, 0, 0, 0, UTF_8, None, None)
    return resample_poly(np.concatenate(heard) / 32768, RATE, own_rate)


def a_law(sound):
    """What is left of the sound after eight bits of A-law."""
    loud = np.abs(sound)
    kept = np.where(loud < 1 / A, A * loud, 1 + np.log(np.maximum(A * loud, 1))) / (1 + np.log(A))
    kept = np.round(kept * 127) / 127 * (1 + np.log(A))
    return np.sign(sound) * np.where(kept < 1, kept, np.exp(kept - 1)) / A


def of_length(sound, count):
    return np.pad(sound, (0, max(0, count - len(sound))))[:count]


before, room, other, after = map(spoken, [
    "王奶奶您好，请今天上午到社区卫生站", "三零一室", "三零七室", "量血压，听明白了请按一，需要帮助请按二。"])
whole = np.concatenate([before, room, after])
scale = 0.5 / abs(whole).max()
whole = whole * scale
hiss = np.random.default_rng(1).normal(0, whole.std() / 10, len(whole))
LINES = {
    "as it was spoken": whole,
    "40 dB too quiet": whole / 100,
    "its room cut out": of_length(np.concatenate([before, after]) * scale, len(whole)),
    "another room": np.concatenate([before, of_length(other, len(room)), after]) * scale,
    "8 bits of A-law": a_law(whole),
    "hiss of -20 dB": whole + hiss,
}
marks = {}
for name, line in LINES.items():
    marks[name] = pesq(RATE, whole.astype(np.float32), line.astype(np.float32), "nb"), stoi(whole, line, RATE)
    print("%-18s PESQ %.2f, STOI %.2f" % (name, *marks[name]))
quality = {name: mark for name, (mark, _) in marks.items()}
words = {name: mark for name, (_, mark) in marks.items()}
assert abs(quality["40 dB too quiet"] - quality["as it was spoken"]) < 0.01 and words["40 dB too quiet"] > 0.99
assert quality["its room cut out"] > 4 and quality["its room cut out"] > quality["8 bits of A-law"]
assert quality["another room"] > 3 > 2 > quality["hiss of -20 dB"]
assert words["its room cut out"] < 0.7 and words["another room"] > 0.93 and words["hiss of -20 dB"] > 0.93
PYTHON
