"""An event loop in which nothing takes any time but waits: they are as long as they say, and over at once."""

import asyncio


class TurnedLoop(asyncio.SelectorEventLoop):
    """Its clock stands still while there is something to do, and then jumps to whatever is due next."""

    _shown = 0.0

    def time(self):
        return self._shown

    def _run_once(self):
        due = [each.when() for each in self._scheduled if not each.cancelled()]
        if not self._ready and due:
            self._shown = max(self._shown, min(due))
        super()._run_once()


def turned(story):
    """What comes of a story in which nothing takes any time but its waits."""
    with asyncio.Runner(loop_factory=TurnedLoop) as runner:
        return runner.run(story)
