"""A voice's own process: ``python -m audio.worker ENGINE [MODEL]`` reads orders and answers them.

Both are JSON, one document a line.

An order is ``{"text", "language", "pace", "timbre", "names", "path"}``; the text, in which people are named, is spoken
into a WAV file at ``path``, as a telephone plays it (8 kHz µ-law), and answered with ``{"ok": true, "seconds": …}`` or
``{"ok": false, "error": …}``. It ends when its input does. An engine that cannot even be loaded answers so, too.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from soundfile import SoundFileError

from audio.engines.engine import Engine, SpeechEngine
from audio.reading.syllables.names import Name, name_from
from audio.sound.checks import BadRenderingError
from core.i18n import Language
from core.timbre import Timbre

GIVING_WAY = 5
"""Whoever is on the telephone now comes before what will be said later."""


def main() -> None:
    """Serves orders from standard input until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(GIVING_WAY)
    answers = _private_answers()
    try:
        engine = loaded(*_asked(sys.argv[1:]))
    except Exception as failure:  # noqa: BLE001 - whatever it is, whoever asks is told
        engine = _Unloaded(failure)
    for line in sys.stdin:
        print(json.dumps(_answer(engine, json.loads(line))), file=answers, flush=True)


def _asked(words: Sequence[str]) -> tuple[Engine, Path | None]:
    return Engine(words[0]) if words else Engine.PYTTSX3, Path(words[1]) if len(words) > 1 else None


def loaded(engine: Engine, model: Path | None = None) -> SpeechEngine:
    """The engine, ready to speak. Only what it needs is loaded: one of them takes half a gigabyte."""
    if engine is Engine.NEURAL:
        from audio.engines.neural.neural_engine import NeuralEngine

        return NeuralEngine(model)
    from audio.engines.pyttsx3_engine import Pyttsx3Engine

    return Pyttsx3Engine()


class _Unloaded:
    """An engine that could not be loaded."""

    def __init__(self, failure: Exception) -> None:
        self._reason = f"it could not be loaded: {failure}"

    def record(self, *_: object) -> float:
        """Says why."""
        raise RuntimeError(self._reason)


def _private_answers() -> TextIO:
    """The real standard output, for answers only: C code's goes to standard error, pyttsx3's chatter nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open for as long as the process lives
    return answers


def _names(order: dict[str, Any]) -> list[Name]:
    return [name_from(each) for each in order.get("names", ())]


def _answer(engine: SpeechEngine, order: dict[str, Any]) -> dict[str, object]:
    try:
        language, timbre = Language(order["language"]), Timbre(order["timbre"])
        seconds = engine.record(order["text"], language, order["pace"], order["path"], timbre, _names(order))
    except (RuntimeError, OSError, ValueError, KeyError, SoundFileError, BadRenderingError) as error:
        return {"ok": False, "error": str(error) if isinstance(engine, _Unloaded) else repr(error)}
    return {"ok": True, "seconds": seconds}


if __name__ == "__main__":
    main()
