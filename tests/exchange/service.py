"""A stand-in for the service: serves TwiML and sounds over real HTTP, and keeps every request it gets."""

import asyncio
import struct
import threading
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from twilio.request_validator import RequestValidator

from tests.patience import PATIENCE_SECONDS

TOKEN = "the-token-of-these-tests"


@dataclass(frozen=True)
class Received:
    """One request of the exchange; ``genuine`` is the judgement of Twilio's own validator."""

    path: str
    form: dict[str, str]
    genuine: bool
    at: float


@dataclass(frozen=True)
class Answer:
    """What the service answers, ``after`` so many real seconds, and not before ``gate`` is open."""

    body: str
    content_type: str = "application/xml"
    status: int = 200
    after: float = 0
    gate: threading.Event | None = None


def wav(seconds: float) -> bytes:
    """A silent 8 kHz µ-law file (format tag 7), with a fact chunk as writers of that format put there."""
    samples = int(seconds * 8000)
    head = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0)
    chunks = head + struct.pack("<4sII", b"fact", 4, samples) + struct.pack("<4sI", b"data", samples)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + samples) + b"WAVE" + chunks + b"\xff" * samples


class Service:
    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._news = threading.Condition()
        self.received: list[Received] = []
        self.fetched: list[str] = []
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        assert started.wait(PATIENCE_SECONDS)

    def says(self, path: str, twiml: str, **more: Any) -> str:
        """From now on ``path`` answers so; returns its full address."""
        self._answers[path] = Answer(twiml, **more)
        return self.url + path

    def wait_for(self, path: str, count: int = 1, of: str | None = None) -> list[Received]:
        """The requests to ``path`` (those of one telephone), once there are ``count``."""

        def there() -> list[Received]:
            found = [request for request in self.received if request.path == path]
            return [request for request in found if of is None or request.form["From"] == of]

        with self._news:
            assert self._news.wait_for(lambda: len(there()) >= count, PATIENCE_SECONDS), (path, self.received[-5:])
            return there()

    def at(self, path: str) -> list[Received]:
        """The requests to ``path`` so far."""
        return [request for request in self.received if request.path == path]

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        app = web.Application()
        app.router.add_get("/sounds/{name}", self._sound)
        app.router.add_route("*", "/{rest:.*}", self._take)
        runner = web.AppRunner(app, access_log=None)
        self.loop.run_until_complete(runner.setup())
        self.loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        started.set()
        self.loop.run_forever()

    async def _sound(self, request: web.Request) -> web.Response:
        """``/sounds/2.5-anything.wav`` is a sound of 2.5 s; ``.txt`` has the wrong type, ``.mp3`` is no WAV."""
        name = request.match_info["name"]
        self.fetched.append(request.path)
        if name.endswith(".txt"):
            return web.Response(text="no sound")
        content = b"ID3" if name.endswith(".mp3") else wav(float(name.split("-")[0]))
        return web.Response(body=content, content_type="audio/x-wav")

    async def _take(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers.get("X-Twilio-Signature", "")
        genuine = RequestValidator(TOKEN).validate(self.url + request.path_qs, form, signature)
        answer = self._answers.get(request.path, Answer("<Response/>"))
        with self._news:
            self.received.append(Received(request.path, form | dict(request.query), genuine, time.monotonic()))
            self._news.notify_all()
        await asyncio.sleep(answer.after)
        if answer.gate:
            await asyncio.to_thread(answer.gate.wait, PATIENCE_SECONDS)
        headers = {"Location": "/elsewhere"} if answer.status == 302 else {}
        return web.Response(text=answer.body, content_type=answer.content_type, status=answer.status, headers=headers)
