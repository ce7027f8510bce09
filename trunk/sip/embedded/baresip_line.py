"""One call of baresip as a line."""

from contextlib import suppress

from baresip import AudioNotActive, AudioRestarted, BaresipError, Call, Event, StackEvent

from trunk.sip.line import Line

READ_BYTES, MOST_READS = 960, 16
"""60 ms at once; whoever was held up takes all that has come meanwhile."""
_NO_SOUND = (AudioNotActive, AudioRestarted)
"""Before the sound is there, and once when a re-INVITE has renewed it; the next time it is there again."""


class BaresipLine(Line):
    """See ``trunk.sip.line``."""

    def __init__(self, call: Call, call_id: str) -> None:
        super().__init__(call_id)
        self._call = call

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
        """CANCEL or BYE."""
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
