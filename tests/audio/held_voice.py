"""A voice that is held: its one mouth is busy until the test lets it go, so that others wait for it meanwhile."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.engines.engine import Engine
from audio.voice import Sound, Voice
from core.i18n import Language
from tests.patience import PATIENCE_SECONDS, wait_for

T = TypeVar("T")
MANY = 16
FIRST = "第一句"
"""What the mouth is busy with."""
HELD_WORKER = """
import json, sys, time
from pathlib import Path
import soundfile
from tests.audio.recordings import RATE, murmur
notes, gate = map(Path, sys.argv[1:3])
for line in sys.stdin:
    order = json.loads(line)
    with notes.open("a") as file:
        file.write(json.dumps(order["text"]) + "\\n")
    while not gate.exists():
        time.sleep(0.01)
    if gate.read_text():
        sys.exit(gate.read_text())
    soundfile.write(order["path"], murmur(len(order["text"]) * 60 / order["pace"])[::6], RATE // 6, subtype="ULAW")
    print('{"ok": true, "seconds": 1.0}', flush=True)
"""


@dataclass(frozen=True)
class HeldWorker:
    """A worker whose every order is noted, and which answers none before it is let go."""

    folder: Path

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-c", HELD_WORKER, str(self.folder / "orders"), str(self.folder / "gate"))

    @property
    def orders(self) -> Sequence[str]:
        notes = self.folder / "orders"
        return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []

    def let_go(self, dying_of: str = "") -> None:
        draft = self.folder / "draft"
        draft.write_text(dying_of)
        draft.rename(self.folder / "gate")


@dataclass(frozen=True)
class House:
    """A voice whose one mouth is busy with its first order until the worker is let go."""

    voice: Voice
    worker: HeldWorker
    threads: ThreadPoolExecutor

    def asks(self, sound: Sound, *, urgent: bool = False, waiting: int) -> Future[Clip]:
        """Asks in a thread, and returns once so many wait for the mouth."""
        return self.begins(lambda: self.voice.render(sound, urgent=urgent), waiting=waiting)

    def begins(self, work: Callable[[], T], *, waiting: int) -> Future[T]:
        """Does it in a thread, and returns once so many wait for the mouth."""
        begun, mouths = self.threads.submit(work), self.voice._mouths[Engine.NEURAL]
        wait_for(lambda: len(mouths._waiting) == waiting, "one more to wait for the mouth")
        return begun


@contextmanager
def house_at(store: ClipStore, folder: Path) -> Iterator[House]:
    worker = HeldWorker(folder)
    with (
        closing(Voice(store, timeout_seconds=PATIENCE_SECONDS, worker=worker.command)) as voice,
        ThreadPoolExecutor(MANY) as threads,
        ExitStack() as at_the_end,
    ):
        at_the_end.callback(worker.let_go)
        threads.submit(voice.render, said(FIRST))
        wait_for(lambda: worker.orders, "the mouth to be busy")
        yield House(voice, worker, threads)


def said(text: str) -> Speech:
    return Speech(text, Language.CHINESE, 170, engine=Engine.NEURAL)
