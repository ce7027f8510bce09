"""Answering machines: the service is told when one has answered and listens, unless somebody has pressed a key."""

from collections.abc import Callable

from trunk.sound.greeting import Greeting
from trunk.sound.handset import Handset


class MachineEar:
    """Listens on ``handset`` until a machine is heard (``heard`` is called then), or a person is certain."""

    def __init__(self, handset: Handset, heard: Callable[[], None]) -> None:
        self._handset, self._heard, self._greeting = handset, heard, Greeting()
        handset.listeners.append(self)

    def feed(self, pcm: bytes) -> None:
        """Whoever has answered is heard. Tones of our own may come back once we make some: then nothing counts."""
        is_machine = not self._handset.is_past_greeting and self._greeting.feed(pcm)
        if is_machine or self._handset.is_past_greeting or self._greeting.is_over:
            self._handset.listeners.remove(self)
        if is_machine:
            self._heard()
