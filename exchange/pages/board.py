"""The board of the switchboard's page: a card for each subscriber, kept up to date by server-sent events."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from aiohttp import web

from exchange.calls.calls import CallStatus
from exchange.calls.presence import Presence
from exchange.calls.switchboard import Switchboard
from exchange.calls.texts import Mailroom
from exchange.log import Direction, Log, Subject
from exchange.messages import Holding
from exchange.parties.directory import Directory
from exchange.subscribers import Habit, Subscriber

GATHERING_SECONDS = 0.05
HEARTBEAT_SECONDS = 15.0


@dataclass(frozen=True)
class Card:
    """One subscriber, now. ``open``: somebody holds the telephone in a browser."""

    number: str
    label: str
    group: str
    note: str
    behaviour: str
    refuse: int | None
    habits: Sequence[Habit]
    state: Holding
    texts: int
    open: bool


class Board:
    """The handlers. Each viewer gets all cards, then those that change."""

    def __init__(
        self, directory: Directory, switchboard: Switchboard, mailroom: Mailroom, presence: Presence, log: Log
    ) -> None:
        self._directory = directory
        self._switchboard = switchboard
        self._mailroom = mailroom
        self._presence = presence
        self._viewers: set[Viewer] = set()
        log.tell(self._changed)

    def routes(self) -> list[web.RouteDef]:
        """Where the board is followed."""
        return [web.get("/telephones/events", self._follow)]

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        viewer = Viewer()
        self._viewers.add(viewer)
        try:
            await self._show(response, "all", [self._card(subscriber) for subscriber in self._directory.all()])
            while True:
                await self._show_changes(response, await viewer.changes())
        except ConnectionError:
            return response
        finally:
            self._viewers.discard(viewer)

    async def _show_changes(self, response: web.StreamResponse, numbers: Sequence[str]) -> None:
        found = [self._directory.find(number) for number in numbers]
        await self._show(response, "some", [self._card(subscriber) for subscriber in found if subscriber])

    async def _show(self, response: web.StreamResponse, event: str, cards: Sequence[Card]) -> None:
        shown = {"cards": [asdict(card) for card in cards], "tempo": asdict(self._presence.speed())}
        await response.write(f"event: {event}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n".encode())

    def _card(self, subscriber: Subscriber) -> Card:
        return Card(
            **{name: getattr(subscriber, name) for name in ("number", "label", "group", "note", "behaviour", "refuse")},
            habits=subscriber.habits(),
            state=self._state(subscriber.number),
            texts=sum(text.direction is Direction.OUT for text in self._mailroom.box(subscriber.number)),
            open=self._presence.lines.find(subscriber.number) is not None,
        )

    def _state(self, number: str) -> Holding:
        call = self._switchboard.current(number)
        if call is None or call.status.is_final or call.status is CallStatus.QUEUED:
            return Holding.IDLE
        if call.status is CallStatus.IN_PROGRESS:
            return Holding.TALKING
        return Holding.RINGING if call.direction is Direction.OUT else Holding.DIALLING

    def _changed(self, _: str, subject: Subject) -> None:
        for viewer in self._viewers:
            viewer.note(subject.number)


class Viewer:
    """What one viewer has not seen yet."""

    def __init__(self) -> None:
        self._unseen: dict[str, None] = {}
        self._news = asyncio.Event()

    def note(self, number: str | None) -> None:
        """Something happened at a number."""
        if number is not None:
            self._unseen[number] = None
        self._news.set()

    async def changes(self) -> list[str]:
        """The numbers where something happened, gathered for a moment; none after a time in which nothing did."""
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._news.wait()
        except TimeoutError:
            return []
        await asyncio.sleep(GATHERING_SECONDS)
        self._news.clear()
        unseen, self._unseen = list(self._unseen), {}
        return unseen
