"""Writes down what is heard in a sound file, by the recogniser in its own process."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from benchmarks.voices import recogniser_process
from core.i18n import Language

Listener = Callable[[Path, Language], str]
"""What is heard in a sound file, in a language that is known."""

NAME: Final = "Whisper base (int8, beam 5, faster-whisper 1.2.1)"
"""Who listens, and how. Change it with the recogniser's options or with the lines, and all is heard anew."""

LANGUAGES: Final = {Language.CHINESE: "zh", Language.ENGLISH: "en"}


class RecogniserError(Exception):
    """The recogniser's process has ended, or did not start; what it said is on stderr."""


class Recogniser:
    """One process, started when first asked. ``python`` is that of its environment, ``folder`` has the joined model."""

    def __init__(self, python: Path, folder: Path) -> None:
        script = Path(recogniser_process.__file__)
        self._command = (str(python.absolute()), str(script), str(folder.absolute()))
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, path: Path, language: Language) -> str:
        """What is heard; raises ``RecogniserError``."""
        order = json.dumps({"path": str(path), "language": LANGUAGES[language]})
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(order + "\n")
            process.stdin.flush()
            heard: str = json.loads(process.stdout.readline())["heard"]
        except (OSError, ValueError) as failure:
            raise RecogniserError("the recogniser has ended") from failure
        return heard

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _started(self) -> "subprocess.Popen[str]":
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            except OSError as failure:
                raise RecogniserError(
                    f"the recogniser is not installed: {failure}; make voices installs it"
                ) from failure
        return self._process
