"""The directory: which subscribers there are now, how often each was rung, and whose telephone is in use."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence

from exchange.log import Log, Subject
from exchange.subscribers import RINGS_OUT, Reception, Subscriber


class Directory:
    """Subscribers by number."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._subscribers: dict[str, Subscriber] = {}
        self._received: Counter[str] = Counter()

    def put(self, subscribers: Sequence[Subscriber]) -> None:
        """Adds subscribers; one whose number is there already is replaced and begins with its first call again."""
        for subscriber in subscribers:
            self._subscribers[subscriber.number] = subscriber
            del self._received[subscriber.number]
            self._log.write("subscriber", Subject(), **subscriber.script())

    def all(self) -> list[Subscriber]:
        """All subscribers, in the order they came."""
        return list(self._subscribers.values())

    def find(self, number: str) -> Subscriber | None:
        """The subscriber at a number."""
        return self._subscribers.get(number)

    def meet(self, number: str) -> Subscriber:
        """The subscriber at a number; where nobody was, there is now somebody without a script."""
        if number not in self._subscribers:
            self.put([Subscriber(number)])
        return self._subscribers[number]

    def label(self, number: str) -> str:
        """What whoever has a number is called; empty when that is not known."""
        subscriber = self._subscribers.get(number)
        return "" if subscriber is None else subscriber.label

    def receive(self, number: str) -> Reception:
        """How the next call to a number is received, which counts as a call; where nobody is, it rings out."""
        subscriber = self._subscribers.get(number)
        if subscriber is None:
            return RINGS_OUT
        earlier = self._received[number]
        self._received[number] += 1
        return subscriber.reception(earlier)


class Telephones:
    """Everybody has one telephone: it is in use or free. Those who wait for one get it in the order they asked."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def take(self, number: str) -> bool:
        """Takes the telephone into use, if it is free."""
        if number in self._waiting:
            return False
        self._waiting[number] = deque()
        return True

    async def wait_for(self, number: str) -> None:
        """Takes the telephone into use as soon as it is free."""
        if not self.take(number):
            handed_over = asyncio.get_running_loop().create_future()
            self._waiting[number].append(handed_over)
            await handed_over

    def release(self, number: str) -> None:
        """Puts the receiver down: the next who waits has it at once."""
        waiting = self._waiting[number]
        while waiting:
            handed_over = waiting.popleft()
            if not handed_over.done():
                handed_over.set_result(None)
                return
        del self._waiting[number]
