"""One call of baresip as a line."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from baresip import AudioNotActive, AudioRestarted, BaresipError, Call, Event, StackEvent

from trunk.sip.line import Line

READ_BYTES, MOST_READS = 960, 16
"""60 ms at once; whoever was held up takes all that has come meanwhile."""
_NO_SOUND = (AudioNotActive, AudioRestarted)
"""Before the sound is there, and once when a re-INVITE has renewed it; the next time it is there again."""


LONGEST_WAIT_SECONDS = 33.0
"""The engine's own patience with an INVITE (RFC 3261, Timer B), and a little more."""


class BaresipLine(Line):
    """See ``trunk.sip.line``.

    An INVITE to which nothing was said yet cannot be cancelled (RFC 3261, 9.1); the engine would forget it (0.5.2a3),
    and a far side that has it all the same would ring for nobody. So the call is over for us at once, which
    ``given_up`` is told, and ended on the line as soon as the far side is heard.
    """

    def __init__(self, call: Call, call_id: str, given_up: Callable[[str], None] | None = None) -> None:
        super().__init__(call_id)
        self._call, self._given_up = call, given_up
        self._later: asyncio.Task[None] | None = None

    def happened(self, event: StackEvent) -> None:
        """The engine tells of this call."""
        match event.event:
            case Event.CALL_RINGING:
                self.ringing_heard()
            case Event.CALL_PROGRESS:
                self.early_sound()
            case Event.CALL_ESTABLISHED:
                self.answer_heard()
            case Event.CALL_CLOSED:
                self.close(event.text or "")
            case Event.CALL_DTMF_START:
                self.pressed(event.text or "")
            case _:
                pass

    async def answer(self) -> None:
        """200."""
        with suppress(BaresipError):
            await self._call.answer()

    async def refuse(self) -> None:
        """486."""
        with suppress(BaresipError):
            await self._call.reject()

    async def hang_up(self) -> None:
        """CANCEL or BYE, later where neither can be sent yet; whoever asks again does not wait."""
        if self._given_up is None or self.responded.done() or self._later is not None:
            await self._ended()
            return
        self._later = asyncio.create_task(self._ended_when_heard())
        self.close("")
        self._given_up(self.call_id)

    async def _ended_when_heard(self) -> None:
        await asyncio.wait({self.responded}, timeout=LONGEST_WAIT_SECONDS)
        await self._ended()

    async def _ended(self) -> None:
        with suppress(BaresipError):
            await self._call.hangup()

    def write(self, pcm: bytes) -> int:
        """Into the engine's ring, which it empties every 20 ms."""
        try:
            return int(self._call.audio.write(pcm))
        except _NO_SOUND:
            return 0

    def read(self) -> bytes:
        """Whatever has come; behind a jitter buffer."""
        try:
            return self._read()
        except _NO_SOUND:
            return b""

    def _read(self) -> bytes:
        audio = self._call.audio
        heard: bytes = audio.read(READ_BYTES)
        if len(heard) < READ_BYTES:
            return heard
        parts = [heard]
        while len(parts) < MOST_READS and len(parts[-1]) == READ_BYTES:
            parts.append(audio.read(READ_BYTES))
        return b"".join(parts)

    def waiting(self) -> int | None:
        """As the ring has it."""
        try:
            return int(self._call.audio.info().tx_buffered)
        except _NO_SOUND:
            return None

    def flush(self) -> None:
        """At most one frame more is sent."""
        with suppress(*_NO_SOUND):
            self._call.audio.flush_tx()
