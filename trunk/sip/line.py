"""A line: one SIP call as the engine carries it, with its sound. What happens on it is told on the event loop."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable


class Line(ABC):
    """One call of the engine. ``on_early_sound`` is called when something is heard before an answer.

    ``begun_at``, ``rung_at`` and ``answered_at`` are times of the event loop. ``responded`` is done when the far side
    has said anything to our INVITE, be it that it tries; ``answered`` when the two are connected; ``closed`` has the
    engine's reason for the end. ``on_key`` is called at the beginning of each key that came as an event, RFC 4733 or
    INFO.
    """

    def __init__(self, call_id: str) -> None:
        loop = asyncio.get_running_loop()
        self.call_id = call_id
        self.begun_at = loop.time()
        self.rung_at: float | None = None
        self.answered_at: float | None = None
        self.has_early_sound = False
        self.on_early_sound: Callable[[], None] | None = None
        self.responded: asyncio.Future[None] = loop.create_future()
        self.answered: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[str] = loop.create_future()
        self.on_key: Callable[[str], None] | None = None

    @property
    def rung(self) -> bool:
        """Whether ringing or early sound was reported."""
        return self.rung_at is not None

    @property
    def is_closed(self) -> bool:
        """Whether it has ended."""
        return self.closed.done()

    @property
    def is_answered(self) -> bool:
        """Whether the two are, or were, connected."""
        return self.answered.done()

    def response_heard(self) -> None:
        """The far side has our INVITE."""
        if not self.responded.done():
            self.responded.set_result(None)

    def answer_heard(self) -> None:
        """The two are connected."""
        self.response_heard()
        if not self.answered.done():
            self.answered_at = asyncio.get_running_loop().time()
            self.answered.set_result(None)

    def pressed(self, key: str) -> None:
        """A key has come as an event; empty: none."""
        if key and self.on_key is not None:
            self.on_key(key)

    def close(self, reason: str) -> None:
        """It has ended."""
        if not self.closed.done():
            self.closed.set_result(reason)

    def ringing_heard(self) -> None:
        """It rings, or is heard to."""
        self.response_heard()
        if self.rung_at is None:
            self.rung_at = asyncio.get_running_loop().time()

    def early_sound(self) -> None:
        """What the far side lets us hear before it answers comes from now on."""
        self.ringing_heard()
        self.has_early_sound = True
        if self.on_early_sound is not None:
            self.on_early_sound()

    @abstractmethod
    async def answer(self) -> None:
        """Takes a call that comes in."""

    @abstractmethod
    async def refuse(self) -> None:
        """Does not take it: the caller hears that we are busy."""

    @abstractmethod
    async def hang_up(self) -> None:
        """Ends it, whatever its state; one that has ended is no error."""

    @abstractmethod
    def write(self, pcm: bytes) -> int:
        """Queues sound to be sent at its own pace; how many bytes were taken, 0 where there is no sound now."""

    @abstractmethod
    def read(self) -> bytes:
        """What was heard since the last time."""

    @abstractmethod
    def waiting(self) -> int | None:
        """How many bytes wait to be sent; None where there is no sound now."""

    @abstractmethod
    def flush(self) -> None:
        """What waits is not sent."""
