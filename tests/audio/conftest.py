import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tomllib import load

import pytest

from audio.speech import Speech
from audio.store import ClipStore
from audio.voice import Voice
from core.i18n import Language

PROMPTS = Path(__file__).parents[2] / "ivr" / "prompts"
GAPS: Mapping[Language, Mapping[str, str]] = {
    Language.CHINESE: {
        "called": "王奶奶",
        "community": "槐东社区",
        "emergency": "120",
        "number": "1",
        "time": "08:02",
        "call_back": "0311 2000 0000",
        "first": "王奶奶",
        "second": "李爷爷",
        "building": "3号楼",
        "problem": "说身体不舒服",
        "name": "王奶奶",
        "place": "3号楼2单元301",
        "access": "钥匙在门卫。",
        "responder": "田保国",
        "role": "楼栋长",
        "message": "明天上午九点到十一点停水，请您提前接好水。",
    },
    Language.ENGLISH: {
        "message": "Tomorrow the water is cut off from nine to eleven in the morning. Please fill a kettle before.",
        "called": "Mrs Wang",
        "community": "East Huai",
        "emergency": "120",
        "number": "1",
        "time": "08:02",
        "call_back": "0311 2000 0000",
        "first": "Mrs Wang",
        "second": "Mr Li",
        "building": "building 3",
        "problem": "is unwell",
        "name": "Mrs Wang",
        "place": "building 3, room 301",
        "access": "The key is with the guard.",
        "responder": "Tian Baoguo",
        "role": "volunteer",
    },
}


def prompt_texts(language: Language) -> dict[str, str]:
    with (PROMPTS / f"{language.value.replace('-', '_')}.toml").open("rb") as file:
        groups = load(file)
    return {
        f"{group}.{name}": text.format(**GAPS[language])
        for group, texts in groups.items()
        for name, text in texts.items()
    }


@dataclass(frozen=True)
class NotedWorker:
    """A worker command whose every start leaves the number of its process in a file."""

    notes: Path
    hangs: int = 0

    @property
    def command(self) -> tuple[str, ...]:
        notes, python = shlex.quote(str(self.notes)), shlex.quote(sys.executable)
        hang = f'[ "$(wc -l < {notes})" -le {self.hangs} ] && exec sleep 60'
        return ("sh", "-c", f"echo $$ >> {notes}; {hang}; exec {python} -m audio.worker")

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
def voice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    voice = Voice(ClipStore(tmp_path_factory.mktemp("clips")))
    yield voice
    voice.close()


@pytest.fixture
def greeting() -> Speech:
    return Speech("王奶奶，您好。", Language.CHINESE, 170)
