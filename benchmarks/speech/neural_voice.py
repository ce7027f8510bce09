"""The neural voice in a process of its own: seconds of speech per second of a core, beside pyttsx3, and its memory."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from audio.clips.sentences import by_sentence
from audio.clips.speech import Speech
from audio.engines.engine import Engine
from audio.engines.neural import voice_files
from audio.reading.read_aloud import read_aloud
from audio.worker import loaded
from benchmarks import peak_memory
from benchmarks.figures import Figure, at_least, at_most
from benchmarks.voices.utterances import utterances
from core.i18n import Language
from core.timbre import Timbre

PROMPTS: Final = {Language.CHINESE: 6, Language.ENGLISH: 2}
"""Shipped prompts, taken evenly from the catalogue, said to somebody by name where they name somebody."""
SENTENCES: Final = 8
"""Of theirs, taken evenly: about forty seconds of speech."""
LEAST_SECONDS: Final = 2.2
MOST_MEGABYTES: Final = 600


def figures() -> Sequence[Figure]:
    """Nothing where the neural voice is not installed."""
    if not voice_files.is_installed():
        return []
    neural, quick = _measured(Engine.NEURAL), _measured(Engine.PYTTSX3)
    spoken = ("speech of the neural voice", "speech", "s a core second", at_least(LEAST_SECONDS))
    taken = ("a process of the neural voice", "megabytes", "MB at its most", at_most(MOST_MEGABYTES))
    return [
        Figure(name, neural[key], unit, f"pyttsx3: {quick[key]:,.3g}", neural[key] / quick[key], bound)
        for name, key, unit, bound in (spoken, taken)
    ]


def _measured(engine: Engine) -> Mapping[str, float]:
    run = [sys.executable, "-m", "benchmarks.speech.neural_voice", engine]
    said = subprocess.run(run, check=True, capture_output=True).stdout
    measured: Mapping[str, float] = json.loads(said.splitlines()[-1])  # pyttsx3 may chatter before
    return measured


def _sentences() -> Sequence[Speech]:
    """Each once, as the neural voice makes them."""
    asked = [each for language, limit in PROMPTS.items() for each in utterances(language, names=1, limit=limit)]
    sounds = [by_sentence(each.speech(Engine.NEURAL, Timbre.FEMALE)) for each in asked]
    parts = [part for each in sounds for part in ([each] if isinstance(each, Speech) else each.pieces)]
    said = list({part.digest: part for part in parts if isinstance(part, Speech)}.values())
    return [said[index * len(said) // SENTENCES] for index in range(min(SENTENCES, len(said)))]


def _run(engine: Engine) -> None:
    """In a process that does nothing else; what an engine needs to start does not count."""
    speaks, speech, spent = loaded(engine), 0.0, 0.0
    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        path = str(Path(folder) / "said.wav")
        speaks.record("好。", Language.CHINESE, 170, path, Timbre.FEMALE)
        for each in _sentences():
            text = read_aloud(each.text, each.language)
            begun = process_time()
            speech += speaks.record(text, each.language, each.pace, path, each.timbre, each.names)
            spent += process_time() - begun
    print(json.dumps({"speech": speech / spent, "megabytes": peak_memory.of_this_process()}))


if __name__ == "__main__":
    _run(Engine(sys.argv[1]))
