"""Hazards: what goes wrong with requests to the REST API. All its times are real, as the time-outs of clients are."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import NoReturn

from aiohttp import web

from exchange.calls.reporting import API_VERSION
from exchange.door import Door
from exchange.faults import Fault, Faults
from exchange.log import Direction, Log, Subject
from exchange.rest.dates import OFFSETS, elsewhere
from exchange.rest.forms import OVERLOADED, SERVER_ERROR, TOO_MANY_REQUESTS, RefusedError
from exchange.rest.json_documents import form
from exchange.tasks import Tasks

HANG_SECONDS = 12.0
"""Longer than clients wait (10 s)."""
EARLY_WITHIN_SECONDS = 5.0
BURST_SECONDS = (0.5, 2.0)
OUTAGE_SECONDS = (3.0, 8.0)
BLIP_SECONDS = (0.4, 1.8)
"""Shorter than a client rests that was refused several times."""
RINGS_AFTER_SECONDS = (0.5, 5.0)
_CREATED = 201
_PLACES = ("/Calls.json", "/Messages.json")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Hazards:
    """A layer around the REST API. It draws once for each request that places a call or sends a text."""

    def __init__(self, faults: Faults, door: Door, log: Log, tasks: Tasks) -> None:
        self._faults = faults
        self._tasks = tasks
        self._door = door
        self._burst_until = 0.0
        self._outage_until = 0.0
        self._is_shut = False
        self._first_words: dict[str | None, asyncio.Event] = {}
        log.tell(self._happened)

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hands a request on, or does not, or does and keeps the answer. Raises ``RefusedError``."""
        if not request.path.startswith(f"/{API_VERSION}/"):
            return await handler(request)
        self._stand_in_the_way(request)
        if not self._faults.plan.rates:
            return await handler(request)
        if request.method == "POST" and request.path.endswith(_PLACES):
            to = (await form(request)).get("To") or None
            answer = await self._place(request, handler, Subject(None, to, Direction.OUT))
        else:
            answer = await handler(request)
        return self._dated(request, answer)

    async def _place(self, request: web.Request, handler: Handler, about: Subject) -> web.StreamResponse:
        """1. Nobody is there, or too much to do; 2. not carried out; 3. carried out, and the answer goes astray."""
        await self._begin_trouble(about)
        self._stand_in_the_way(request)
        await self._refuse(request, about)
        if request.path.endswith("/Calls.json") and (chance := self._draw(Fault.FAILED_YET_RINGS, about)):
            self._fail_and_ring(request, handler, chance, about)
        with self._listening(about.number) as first_word:
            response = await handler(request)
            if response.status == _CREATED:
                await self._lose_the_answer(request, _placed(about, response), first_word)
        return response

    async def _begin_trouble(self, about: Subject) -> None:
        if chance := self._draw(Fault.OUTAGE, about):
            await self._begin_outage(Fault.OUTAGE, chance, OUTAGE_SECONDS, about)
        elif chance := self._draw(Fault.BLIP, about):
            await self._begin_outage(Fault.BLIP, chance, BLIP_SECONDS, about)
        elif chance := self._draw(Fault.TOO_MANY, about):
            seconds = chance.uniform(*BURST_SECONDS)
            self._burst_until = time.monotonic() + seconds
            self._faults.strike(Fault.TOO_MANY, about, seconds=round(seconds, 3))

    async def _begin_outage(self, fault: Fault, chance: Random, lasts: tuple[float, float], about: Subject) -> None:
        seconds = chance.uniform(*lasts)
        self._outage_until, self._is_shut = time.monotonic() + seconds, chance.random() < 0.5
        self._faults.strike(fault, about, seconds=round(seconds, 3), how="refused" if self._is_shut else "503")
        if self._is_shut:
            await self._door.shut_for(seconds)

    def _stand_in_the_way(self, request: web.Request) -> None:
        now = time.monotonic()
        if now < self._outage_until:
            if self._is_shut:
                raise _cut(request)
            raise RefusedError(OVERLOADED, "Service is down for a moment", 503)
        if now < self._burst_until:
            raise RefusedError(TOO_MANY_REQUESTS, "Too Many Requests", 429, {"Retry-After": "1"})

    async def _refuse(self, request: web.Request, about: Subject) -> None:
        if self._draw(Fault.REFUSED_500, about):
            self._faults.strike(Fault.REFUSED_500, about)
            raise RefusedError(SERVER_ERROR, "An internal server error has occurred", 500)
        if chance := self._draw(Fault.TIMEOUT_NOT_PLACED, about):
            await self._never_answer(request, Fault.TIMEOUT_NOT_PLACED, chance, about)

    def _fail_and_ring(self, request: web.Request, handler: Handler, chance: Random, about: Subject) -> NoReturn:
        """Whoever looks for the call at once does not find it. Raises ``RefusedError`` or ``CutError``."""
        seconds, is_cut = chance.uniform(*RINGS_AFTER_SECONDS), chance.random() < 0.5
        how = "cut" if is_cut else "500"
        self._faults.strike(Fault.FAILED_YET_RINGS, about, seconds=round(seconds, 3), how=how)
        self._tasks.start(_later(handler, request, seconds))
        if is_cut:
            raise _cut(request)
        raise RefusedError(SERVER_ERROR, "An internal server error has occurred", 500)

    def _dated(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        """The answer, perhaps with its instants in another time zone."""
        is_document = isinstance(answer, web.Response) and answer.content_type == "application/json"
        if not is_document or (chance := self._faults.draw(Fault.OTHER_OFFSETS, request.path)) is None:
            return answer
        assert isinstance(answer, web.Response)
        offset = chance.choice(OFFSETS)
        self._faults.strike(Fault.OTHER_OFFSETS, Subject(), path=request.path, offset=str(offset))
        return web.json_response(elsewhere(json.loads(answer.text or ""), offset), status=answer.status)

    async def _lose_the_answer(self, request: web.Request, about: Subject, first_word: asyncio.Event) -> None:
        if chance := self._draw(Fault.PLACED_BUT_500, about):
            status = chance.choice((500, 503))
            self._faults.strike(Fault.PLACED_BUT_500, about, status=status)
            raise RefusedError(SERVER_ERROR, "An internal server error has occurred", status)
        if chance := self._draw(Fault.TIMEOUT_PLACED, about):
            await self._never_answer(request, Fault.TIMEOUT_PLACED, chance, about)
        if self._draw(Fault.EARLY, about):
            self._faults.strike(Fault.EARLY, about)
            with suppress(TimeoutError):
                async with asyncio.timeout(EARLY_WITHIN_SECONDS):
                    await first_word.wait()

    async def _never_answer(self, request: web.Request, fault: Fault, chance: Random, about: Subject) -> None:
        hangs = chance.random() < 0.5
        self._faults.strike(fault, about, how="hangs" if hangs else "cut")
        await asyncio.sleep(HANG_SECONDS if hangs else 0)
        raise _cut(request)

    def _draw(self, fault: Fault, about: Subject) -> Random | None:
        return self._faults.draw(fault, about.number)

    def _listening(self, number: str | None) -> "_Listening":
        return _Listening(self._first_words, number)

    def _happened(self, event: str, subject: Subject) -> None:
        if event == "webhook" and (first_word := self._first_words.get(subject.number)):
            first_word.set()


class _Listening:
    """Waits for the first request about a number to have been answered by the service."""

    def __init__(self, first_words: dict[str | None, asyncio.Event], number: str | None) -> None:
        self._first_words = first_words
        self._number = number
        self._event = asyncio.Event()

    def __enter__(self) -> asyncio.Event:
        self._first_words[self._number] = self._event
        return self._event

    def __exit__(self, *_: object) -> None:
        if self._first_words.get(self._number) is self._event:
            del self._first_words[self._number]


async def _later(handler: Handler, request: web.Request, seconds: float) -> None:
    """What was ordered is carried out although nobody will be told; a number that is refused rings nobody."""
    await asyncio.sleep(seconds)
    with suppress(RefusedError):
        await handler(request)


class CutError(Exception):
    """The connection is gone; nobody is there to be answered."""


def _cut(request: web.Request) -> CutError:
    if request.transport is not None:
        request.transport.abort()
    return CutError()


def _placed(about: Subject, response: web.StreamResponse) -> Subject:
    body = response.body if isinstance(response, web.Response) else None
    sid = json.loads(body).get("sid", "") if isinstance(body, bytes) else ""
    return Subject(sid if sid.startswith("CA") else None, about.number, about.direction)
