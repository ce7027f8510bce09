"""The stream behind the pages: every event of the log, by server-sent events, resumed where a connection broke off."""

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from core import events
from core.database import reading

LOOK_SECONDS = 1.0
"""Real seconds after which the log is read again without being told, because other processes append to it too."""


def stream(request: Request) -> EventSourceResponse:
    """The response; a browser that reconnects says in ``Last-Event-ID`` what it has seen."""
    seen = request.headers.get("Last-Event-ID", "")
    return EventSourceResponse(_happenings(int(seen) if seen.isdigit() else None), ping=15)


async def _happenings(seen: int | None) -> AsyncIterator[ServerSentEvent]:
    loop, told = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> None:
        loop.call_soon_threadsafe(told.set)

    stop_following = events.follow(tell)
    try:
        last = seen if seen is not None else await run_in_threadpool(_last_id)
        while True:
            told.clear()
            for event in await run_in_threadpool(_after, last):
                last = event.id
                yield _as_message(event)
            await _wait(told)
    finally:
        stop_following()


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


def _last_id() -> int:
    with reading() as session:
        return events.last_id(session)


def _after(event_id: int) -> list[events.Event]:
    with reading() as session:
        return list(events.after(session, event_id))
