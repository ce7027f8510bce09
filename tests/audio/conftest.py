import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from audio.clips.speech import Speech
from audio.clips.store import ClipStore
from audio.voice import Voice
from core.i18n import Language
from ivr.dialogue.catalogue import catalogue, example, words
from tests import voices
from tests.patience import PATIENCE_SECONDS


def prompt_texts(language: Language) -> dict[str, str]:
    """The catalogue with example words in its gaps."""
    return {key: words(example(key, language), language) for key in catalogue(language)}


@dataclass(frozen=True)
class NotedWorker:
    """A worker command whose every start leaves the number of its process in a file."""

    notes: Path
    hangs: int = 0

    @property
    def command(self) -> tuple[str, ...]:
        notes, python = shlex.quote(str(self.notes)), shlex.quote(sys.executable)
        hang = f'[ "$(wc -l < {notes})" -le {self.hangs} ] && exec sleep 60'
        return ("sh", "-c", f'echo $$ >> {notes}; {hang}; exec {python} -m audio.worker "$0" "$@"')

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self.notes.read_text().split()]


def is_running(pid: int) -> bool:
    """Whether the process still does anything; a zombie that nobody has collected does not."""
    try:
        return not re.search(r"\) [ZX] ", Path(f"/proc/{pid}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture(scope="session")
def clips() -> ClipStore:
    """Clips that are kept from one run to the next."""
    return ClipStore(voices.clips())


@pytest.fixture(scope="session")
def voice(clips: ClipStore) -> Iterator[Voice]:
    voice = Voice(clips, timeout_seconds=PATIENCE_SECONDS)
    yield voice
    voice.close()


@pytest.fixture
def greeting() -> Speech:
    return Speech("王奶奶，您好。", Language.CHINESE, 170)
