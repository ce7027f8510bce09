"""Results are kept as they come, a line each, so that a run that was stopped goes on where it was."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from audio.engines.engine import Engine
from benchmarks.voices.lines import Line
from core.i18n import Language
from core.timbre import Timbre


@dataclass(frozen=True)
class Heard:
    """What a listener heard of a prompt on a line.

    ``clip`` is the digest of the sound that was played: the same words spoken in another way have another. ``people``
    are named in the ``text``; ``keys`` are the telephone keys for which a decoder would take a moment of it.
    ``failure`` is why there was no sound, else empty.
    """

    clip: str
    key: str
    language: Language
    engine: Engine
    timbre: Timbre
    line: Line
    text: str
    people: tuple[str, ...]
    heard: str
    listener: str
    keys: str = ""
    failure: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What is measured once."""
        return self.clip, self.key, self.line, self.listener

    def written(self) -> str:
        """A line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> Self:
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is no result of ours."""
        told = json.loads(line)
        kinds = {"language": Language, "engine": Engine, "timbre": Timbre, "line": Line, "people": tuple}
        return cls(**told | {name: kind(told[name]) for name, kind in kinds.items()})


class Results:
    """A file of results. A line that was cut off when a run was stopped counts as none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._kept = {each.identity: each for each in _results(path)}
        if (content := path.read_bytes()) and not content.endswith(b"\n"):
            self._append("\n")

    def get(self, identity: tuple[str, ...]) -> Heard | None:
        """What is kept of it."""
        return self._kept.get(identity)

    def keep(self, heard: Heard) -> None:
        """Written at once, unless it failed for want of a voice: that is tried again by the next run."""
        self._kept[heard.identity] = heard
        if not heard.failure:
            self._append(heard.written() + "\n")

    @property
    def kept(self) -> Mapping[tuple[str, ...], Heard]:
        """All of them."""
        return self._kept

    def _append(self, text: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text)


def _results(path: Path) -> Iterator[Heard]:
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            yield Heard.read(line)
        except (ValueError, KeyError, TypeError):
            continue
