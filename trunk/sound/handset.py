"""The handset: what one party of a call hears, and what comes from them."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trunk.sip.line import Line
from trunk.sound.g711 import BYTES_A_SECOND, FRAME_BYTES
from trunk.sound.in_band import InBand
from trunk.sound.keys import Keypad, Way

AHEAD_BYTES = BYTES_A_SECOND // 4
"""So much waits in the engine, which sends it at its pace: this process may be held up that long unnoticed."""
MOST_EARLY = 20
"""Presses that are kept before anybody takes them; of more, the latest."""
TICK_SECONDS = 0.04
"""The engine keeps the 20 ms of the line; so often sound is handed over to it, and taken from it."""


class Listener(Protocol):
    """Takes what is heard."""

    def feed(self, pcm: bytes) -> object:
        """Somebody is heard, or nobody."""


@dataclass
class _Sound:
    pcm: bytes
    done: asyncio.Future[bool]
    repeats: bool
    at: int = 0


class Handset:
    """One party. ``on_key`` is called for each press, also for those of before it was set, the earliest first;
    ``listeners`` take what is heard; ``peer`` is talked with.

    ``is_past_greeting``: a key was pressed, or we have made tones of our own, and no machine is looked for any more.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        self._on_key: Callable[[str], None] | None = None
        self._early: deque[str] = deque(maxlen=MOST_EARLY)
        self.listeners: list[Listener] = []
        self.peer: Handset | None = None
        self.is_past_greeting = False
        self._sounds: deque[_Sound] = deque()
        self._keypad, self._tones = Keypad(), InBand()
        line.on_key = lambda key: self._pressed(key, Way.EVENT)

    @property
    def on_key(self) -> Callable[[str], None]:
        """Takes each press; until it is set they are kept: the far side may press as soon as it has answered."""
        return self._on_key or self._early.append

    @on_key.setter
    def on_key(self, taken: Callable[[str], None]) -> None:
        self._on_key = taken
        while self._early:
            taken(self._early.popleft())

    async def play(self, pcm: bytes, *, repeats: bool = False) -> bool:
        """Plays after what is playing; False when it was cut off, or the call has ended."""
        sound = _Sound(pcm, asyncio.get_running_loop().create_future(), repeats)
        if not pcm:
            return True
        self._sounds.append(sound)
        self._fill()
        try:
            return await sound.done
        finally:
            if not sound.done.done():
                sound.done.cancel()
            if sound in self._sounds:
                self.cut()

    def cut(self) -> None:
        """It is quiet at once."""
        while self._sounds:
            if not (sound := self._sounds.popleft()).done.done():
                sound.done.set_result(False)
        self.line.flush()

    def connect(self, other: "Handset") -> None:
        """From now on the two hear each other."""
        for each in (self, other):
            each.cut()
        self.peer, other.peer = other, self

    def disconnect(self) -> None:
        """They hear each other no more."""
        if self.peer is not None:
            self.peer.peer, self.peer = None, None

    def tick(self) -> None:
        """Carries sound both ways; to be called every ``TICK_SECONDS``."""
        if heard := self.line.read():
            if not self._keypad.has_events:
                for key in self._tones.feed(heard):
                    self._pressed(key, Way.TONE)
            for listener in tuple(self.listeners):
                listener.feed(heard)
            if self.peer is not None:
                self.peer.line.write(heard)
        self._fill()

    def _pressed(self, key: str, way: Way) -> None:
        self.is_past_greeting = True
        if self._keypad.is_new(key, way, asyncio.get_running_loop().time()):
            self.on_key(key)

    def _fill(self) -> None:
        if not self._sounds:
            return
        waiting = self.line.waiting()
        if waiting is None:
            return
        while self._sounds and waiting < AHEAD_BYTES:
            sound = self._sounds[0]
            if sound.at >= len(sound.pcm):
                if sound.repeats:
                    sound.at = 0
                elif waiting and len(self._sounds) == 1:
                    return
                else:
                    self._finish(self._sounds.popleft())
                    continue
            taken = self.line.write(sound.pcm[sound.at : sound.at + AHEAD_BYTES - waiting + FRAME_BYTES])
            if not taken:
                return
            sound.at, waiting = sound.at + taken, waiting + taken

    def _finish(self, sound: _Sound) -> None:
        if not sound.done.done():
            sound.done.set_result(True)


class Pump:
    """Ticks every handset at a steady pace."""

    def __init__(self) -> None:
        self._handsets: set[Handset] = set()

    def add(self, handset: Handset) -> None:
        """It is ticked from now on, until its line is closed."""
        self._handsets.add(handset)

    async def run(self) -> None:
        """Ticks for ever; after a delay it goes on from now."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + TICK_SECONDS, loop.time())
            await asyncio.sleep(due - loop.time())
            for handset in tuple(self._handsets):
                if handset.line.is_closed:
                    self._handsets.discard(handset)
                    handset.cut()
                else:
                    handset.tick()
