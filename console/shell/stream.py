"""The stream behind the pages: every event of the log, by server-sent events, resumed where a connection broke off.

However many pages are open, one watch for the whole process reads the log.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Sequence

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from console.view.today import Position, position
from core.running import events
from core.storage.database import reading

LOOK_SECONDS = 0.4
"""Real seconds after which the log is read again without being told: other processes append to it, and a telephone that
starts to ring appends nothing."""
REMEMBERED = 500
RETRY_MS = 1000


class Watch:
    """Reads the log while at least one page is open, and tells all of them.

    ``recent`` holds everything after event ``since``; ``telephones`` counts how often the calls under way or
    the clock changed.
    """

    def __init__(self) -> None:
        self.recent: deque[events.Event] = deque(maxlen=REMEMBERED)
        self.since = 0
        self.telephones = 0
        self._pages: set[asyncio.Event] = set()
        self._reading: asyncio.Task[None] | None = None

    def open(self, page: asyncio.Event) -> None:
        """From now on ``page`` is set whenever there is something new."""
        self._pages.add(page)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())

    @property
    def reading(self) -> bool:
        """Whether it still reads; when the database fails it stops, and the pages come again."""
        return self._reading is not None and not self._reading.done()

    def close(self, page: asyncio.Event) -> None:
        """The page is gone; with the last one the reading stops."""
        self._pages.discard(page)
        if not self._pages and self._reading:
            self._reading.cancel()
            self._reading = None

    async def _read(self) -> None:
        loop, told = asyncio.get_running_loop(), asyncio.Event()

        def tell() -> None:
            loop.call_soon_threadsafe(told.set)

        stop_following = events.follow(tell)
        try:
            before = await run_in_threadpool(_position)
            last = self.since = before.event_id
            self.recent.clear()
            self._tell()
            while True:
                await _wait(told)
                told.clear()
                now, fresh = await run_in_threadpool(_look, last)
                self._remember(fresh)
                self.telephones += (now.calls, now.anchor) != (before.calls, before.anchor)
                if now != before:
                    self._tell()
                last, before = (fresh[-1].id if fresh else last), now
        finally:
            stop_following()
            self._tell()

    def _remember(self, fresh: Sequence[events.Event]) -> None:
        self.recent.extend(fresh)
        if len(self.recent) == REMEMBERED:
            self.since = self.recent[0].id - 1

    def _tell(self) -> None:
        for page in self._pages:
            page.set()


def stream(request: Request) -> EventSourceResponse:
    """The response; a browser that reconnects says in ``Last-Event-ID`` what it has seen."""
    seen = request.headers.get("Last-Event-ID", "")
    if not hasattr(request.app.state, "watch"):
        request.app.state.watch = Watch()
    return EventSourceResponse(_happenings(request.app.state.watch, int(seen) if seen.isdigit() else None), ping=10)


async def _happenings(watch: Watch, seen: int | None) -> AsyncIterator[ServerSentEvent]:
    page, telephones = asyncio.Event(), watch.telephones
    watch.open(page)
    try:
        last = seen if seen is not None else (await run_in_threadpool(_position)).event_id
        yield ServerSentEvent(event="hello", id=str(last), data="{}", retry=RETRY_MS)
        fresh: Sequence[events.Event] = await run_in_threadpool(_after, last)
        while True:
            for event in fresh:
                last = event.id
                yield _as_message(event)
            if telephones != watch.telephones:
                telephones = watch.telephones
                yield ServerSentEvent(data=json.dumps({"kind": "calls.changed"}))
            await page.wait()
            page.clear()
            if not watch.reading:
                return
            fresh = await _missed(watch, last)
    finally:
        watch.close(page)


async def _missed(watch: Watch, last: int) -> Sequence[events.Event]:
    """What the watch remembers, or the log itself for a page that fell behind."""
    if last < watch.since:
        return await run_in_threadpool(_after, last)
    return [event for event in watch.recent if event.id > last]


async def _wait(told: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await told.wait()
    except TimeoutError:
        return


def _as_message(event: events.Event) -> ServerSentEvent:
    happened = {
        "kind": event.kind,
        "subject": str(event.subject_id) if event.subject_id else None,
        "at": event.at.isoformat(),
    }
    return ServerSentEvent(id=str(event.id), data=json.dumps(happened))


def _position() -> Position:
    with reading() as session:
        return position(session)


def _look(last: int) -> tuple[Position, Sequence[events.Event]]:
    with reading() as session:
        return position(session), list(events.after(session, last))


def _after(event_id: int) -> list[events.Event]:
    with reading() as session:
        return list(events.after(session, event_id))
