"""One Record carried out: beep, tape, and word to the service when the recording can be fetched."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import urljoin

from exchange.calls.calls import Call
from exchange.log import Log
from exchange.parties.ear import FinishingKey
from exchange.parties.person import Party
from exchange.parties.recordings import Recording, Recordings
from exchange.tasks import Tasks
from exchange.tempo import Tempo
from exchange.twiml.verbs import Record
from exchange.webhooks.callbacks import Callbacks, Kind, Webhook

HUNG_UP = "hangup"


@dataclass(frozen=True)
class Studio:
    """What taping needs of the exchange."""

    tempo: Tempo
    log: Log
    callbacks: Callbacks
    recordings: Recordings
    tasks: Tasks


class Taping:
    """The taping of one message. ``params`` is what every request about the call carries, at that moment."""

    def __init__(
        self, record: Record, base: str, call: Call, studio: Studio, params: Callable[[], Mapping[str, str]]
    ) -> None:
        self._record = record
        self._base = base
        self._call = call
        self._studio = studio
        self._params = params
        self._tape = studio.recordings.begin(record, call.sid)
        self._speaking: asyncio.Task[None] | None = None
        self.ear = FinishingKey(record.finish_on_key, self._stop)

    @property
    def action(self) -> Webhook:
        """Who is asked what to do next."""
        return Webhook(urljoin(self._base, self._record.action or ""), self._record.method)

    async def run(self, party: Party) -> dict[str, str] | None:
        """Tapes until the end and keeps it: what ``action`` is told then, or None when nothing was said.

        When the call ends meanwhile, what was said until then is kept and reported all the same.
        """
        self._write("recording.started", recording=self._tape.sid)
        self._speaking = self._call.tasks.start(party.speak(self._tape))
        try:
            await self._spoken(self._speaking)
        except asyncio.CancelledError:
            self._studio.tasks.start(self._keep_after_the_call())
            raise
        return await self._keep(self.ear.finished_on_key)

    async def _spoken(self, speaking: asyncio.Task[None]) -> None:
        try:
            async with self._studio.tempo.timeout(self._record.max_seconds):
                await asyncio.wait({speaking})
        except TimeoutError:
            speaking.cancel()
            await asyncio.wait({speaking})

    def _stop(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()

    async def _keep_after_the_call(self) -> None:
        told = await self._keep(HUNG_UP)
        if told is not None:
            self._send(self.action, dict(self._params()) | told)

    async def _keep(self, digits: str) -> dict[str, str] | None:
        recording = await self._studio.recordings.finish(self._tape)
        if recording is None:
            self._write("recording.empty", recording=self._tape.sid)
            return None
        self._write("recording.kept", recording=recording.sid, seconds=round(recording.seconds, 3))
        self._report(recording)
        return self._about(recording) | {"Digits": digits}

    def _report(self, recording: Recording) -> None:
        if self._record.status is None:
            return
        params = self._about(recording) | {
            "CallSid": self._call.sid,
            "AccountSid": self._params()["AccountSid"],
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "RecordingTrack": "inbound",
            "RecordingStartTime": format_datetime(recording.begun_at),
        }
        self._send(Webhook(urljoin(self._base, self._record.status), self._record.status_method), params)

    def _about(self, recording: Recording) -> dict[str, str]:
        return {
            "RecordingSid": recording.sid,
            "RecordingUrl": self._studio.recordings.url(recording),
            "RecordingDuration": str(round(recording.seconds)),
        }

    def _send(self, webhook: Webhook, params: Mapping[str, str]) -> None:
        self._studio.callbacks.send(Kind.RECORDING, webhook, params, self._call.subject)

    def _write(self, event: str, **fields: object) -> None:
        self._studio.log.write(event, self._call.subject, **fields)
