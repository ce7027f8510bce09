"""Who listens for keys: the ear of one Gather, which says when it has heard enough, and the key that ends a tape."""

import asyncio
from collections.abc import Callable

from exchange.tempo import Tempo
from exchange.twiml.verbs import Gather

SETTLING_TURNS = 5


class Ear:
    """Listens for the keys of a Gather; the first key stops the prompts by calling ``stop_prompts``."""

    def __init__(self, gather: Gather, stop_prompts: Callable[[], object]) -> None:
        self._num_digits = gather.num_digits
        self._hears_keys, self._listens = gather.hears_keys, gather.listening is not None
        self._finish_on_key = gather.finish_on_key
        self._wait = gather.wait
        self._stop_prompts = stop_prompts
        self._pressed = asyncio.Event()
        self.digits = ""
        self.words = ""
        self.finished_on_key = ""
        self.is_closed = False

    def wants(self, _: str) -> bool:
        """Whether a key makes a difference now."""
        return self._hears_keys and not self.is_closed

    def listens(self) -> bool:
        """Whether words make a difference now: keys that were pressed count for more."""
        return self._listens and not self.is_closed and not self.digits

    def understand(self, words: str) -> None:
        """Something was said, up to the silence after it."""
        self.words, self.is_closed = words, True
        self._pressed.set()
        self._stop_prompts()

    def hear(self, key: str) -> None:
        """One key was pressed."""
        if key in self._finish_on_key:
            self.finished_on_key = key
        else:
            self.digits += key
        self.is_closed = bool(self.finished_on_key) or len(self.digits) == self._num_digits
        self._pressed.set()
        self._stop_prompts()

    async def wait(self, tempo: Tempo) -> None:
        """Returns when enough was heard, or no key for as long as the Gather waits."""
        while not self.is_closed:
            self._pressed.clear()
            try:
                async with tempo.timeout(self._wait):
                    await self._pressed.wait()
            except TimeoutError:
                await _settle()
                self.is_closed = not self._pressed.is_set() or self.is_closed


async def _settle() -> None:
    """Lets a key that was due before the wait ended be heard, on a machine that was too busy to let it come in time."""
    for _ in range(SETTLING_TURNS):
        await asyncio.sleep(0)


class FinishingKey:
    """Listens for one of ``keys``, which calls ``stop``."""

    def __init__(self, keys: str, stop: Callable[[], object]) -> None:
        self._keys = keys
        self._stop = stop
        self.finished_on_key = ""

    def wants(self, key: str) -> bool:
        """Whether a key makes a difference now."""
        return key in self._keys and not self.finished_on_key

    def hear(self, key: str) -> None:
        """One key was pressed."""
        self.finished_on_key = key
        self._stop()
