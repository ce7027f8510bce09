"""Recordings: what a party speaks after the beep, kept until the service deletes it."""

import asyncio
import io
import secrets
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from exchange.sound import wav_seconds
from exchange.twiml.verbs import Record

BEEP_SECONDS = 0.4
DELIVERY_SECONDS = 10.0
SAMPLES_PER_SECOND = 8000


class Tape:
    """One recording in the making. Whoever speaks gives it the sound once, some time after the end."""

    def __init__(self, record: Record, call: str) -> None:
        self.sid = f"RE{secrets.token_hex(16)}"
        self.call = call
        self.record = record
        self.begun_at = datetime.now(UTC)
        self._sound: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()

    def keep(self, sound: bytes | None) -> None:
        """The sound, a WAV file; None: nothing was said. Only the first counts."""
        if not self._sound.done():
            self._sound.set_result(sound)

    async def delivered(self) -> None:
        """Returns when the sound is there."""
        await asyncio.shield(self._sound)

    async def sound(self) -> bytes | None:
        """The sound, for which it waits ``DELIVERY_SECONDS`` of real time at most."""
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                return await asyncio.shield(self._sound)
        except TimeoutError:
            return None


@dataclass(frozen=True)
class Recording:
    """A finished recording; ``seconds`` is the length of ``sound``, a WAV file."""

    sid: str
    call: str
    begun_at: datetime
    kept_at: datetime
    seconds: float
    sound: bytes


class Recordings:
    """All tapes that run and all recordings that were not deleted; ``address`` is where an account's are fetched."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._running: dict[str, Tape] = {}
        self._kept: dict[str, Recording] = {}

    def begin(self, record: Record, call: str) -> Tape:
        """A new tape for a call."""
        tape = Tape(record, call)
        self._running[tape.sid] = tape
        return tape

    def running(self, sid: str) -> Tape | None:
        """The tape to which a recording can still be given."""
        return self._running.get(sid)

    async def finish(self, tape: Tape) -> Recording | None:
        """Keeps what is on the tape, once it is there; None when nothing was said."""
        sound = await tape.sound()
        del self._running[tape.sid]
        seconds = wav_seconds(sound) if sound is not None else 0.0
        if sound is None or not seconds:
            return None
        recording = Recording(tape.sid, tape.call, tape.begun_at, datetime.now(UTC), seconds, sound)
        self._kept[tape.sid] = recording
        return recording

    def find(self, sid: str) -> Recording | None:
        """A finished recording."""
        return self._kept.get(sid)

    def newest_first(self) -> Iterable[Recording]:
        """Every finished recording, the latest first."""
        return reversed(self._kept.values())

    def delete(self, sid: str) -> bool:
        """Forgets a recording; whether there was one."""
        return self._kept.pop(sid, None) is not None

    def url(self, recording: Recording) -> str:
        """Where the sound is fetched with the account's credentials; with ``.json`` its description."""
        return f"{self._address}/Recordings/{recording.sid}"


def silence(seconds: float) -> bytes:
    """An 8 kHz 16-bit mono WAV file in which nothing is heard."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_PER_SECOND)
        sound.writeframes(bytes(2 * round(seconds * SAMPLES_PER_SECOND)))
    return content.getvalue()
