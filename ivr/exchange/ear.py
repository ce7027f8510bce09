"""The ear of one Gather: which keys it has heard, and when it has heard enough."""

import asyncio
from collections.abc import Callable

from ivr.exchange.tempo import Tempo
from ivr.exchange.twiml import Gather


class Ear:
    """Listens for the keys of a Gather; the first key stops the prompts by calling ``stop_prompts``."""

    def __init__(self, gather: Gather, stop_prompts: Callable[[], object]) -> None:
        self._num_digits = gather.num_digits
        self._finish_on_key = gather.finish_on_key
        self._wait = gather.wait
        self._stop_prompts = stop_prompts
        self._pressed = asyncio.Event()
        self.digits = ""
        self.finished_on_key = ""
        self.is_closed = False

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
                self.is_closed = True
