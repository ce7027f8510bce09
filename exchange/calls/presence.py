"""While somebody holds a telephone in a browser, people live at real speed, and the service is told so."""

import asyncio

from exchange.log import Log, Subject
from exchange.messages import Speed
from exchange.parties.browser_telephones import Lines
from exchange.tasks import Tasks
from exchange.tempo import Tempo
from exchange.webhooks.callbacks import Callbacks, Kind, Webhook

REAL_SPEED = 1.0
RETRY_SECONDS = 1.0


class Presence:
    """Sets the tempo. ``url`` is told of each change by a signed form with ``Speed``, until it knows the latest."""

    def __init__(self, tempo: Tempo, url: str | None, callbacks: Callbacks, log: Log, tasks: Tasks) -> None:
        self._tempo = tempo
        self._configured = tempo.speed
        self._url = url
        self._callbacks = callbacks
        self._log = log
        self._tasks = tasks
        self._told: float | None = tempo.speed
        self._telling: asyncio.Task[None] | None = None
        self.lines = Lines(log, self._changed)

    def speed(self) -> Speed:
        """The tempo, and why."""
        return Speed(self._tempo.speed, self._configured, len(self.lines))

    def configure(self, speed: float) -> None:
        """From now on people live at this speed while no telephone is open."""
        self._configured = speed
        self._changed()

    def _changed(self) -> None:
        speed = REAL_SPEED if len(self.lines) else self._configured
        if speed != self._tempo.speed:
            self._tempo.change(speed)
            self._log.write("tempo", Subject(), speed=speed)
            self._tell_the_service()
        self.lines.tell_all(self.speed())

    def _tell_the_service(self) -> None:
        if self._url is not None and (self._telling is None or self._telling.done()):
            self._telling = self._tasks.start(self._tell(Webhook(self._url)))

    async def _tell(self, webhook: Webhook) -> None:
        """One request after another, so that an old speed never arrives after a newer one.

        After a failure it is not known what the service believes, so the next speed is sent in any case.
        """
        while self._told != self._tempo.speed:
            speed = self._tempo.speed
            answer = await self._callbacks.send(Kind.TEMPO, webhook, {"Speed": f"{speed:g}"}, Subject())
            if answer.status is not None and 200 <= answer.status < 300:
                self._told = speed
                continue
            self._told = None
            await asyncio.sleep(RETRY_SECONDS)
