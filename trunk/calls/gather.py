"""A gather: keys while and after something is said, until there are enough or nothing has come for a while."""

import asyncio

FINISH = "#"


class Gather:
    """Takes keys. One key may be any; of several, ``#`` says that there are no more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.keys = ""
        self.is_complete = False
        self._changed = asyncio.Event()

    @property
    def takes_several(self) -> bool:
        """Whether ``#`` would end it."""
        return self._most > 1

    def press(self, key: str) -> None:
        """One key."""
        if self.is_complete:
            return
        if self.takes_several and key == FINISH:
            self.keys, self.is_complete = self.keys or FINISH, True
        else:
            self.keys += key
            self.is_complete = len(self.keys) >= self._most
        self._changed.set()

    @property
    def has_begun(self) -> bool:
        """Whether anything was pressed: then nothing is said any more."""
        return self._changed.is_set() or bool(self.keys)

    async def begun(self) -> None:
        """Returns once something was pressed."""
        await self._changed.wait()

    async def wait(self, seconds: float) -> None:
        """Returns when there are enough keys, or none has come for so many seconds."""
        while not self.is_complete:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                return
