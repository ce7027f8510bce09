"""Mouths: the processes of one engine, each started when it is first needed and again after it failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from heapq import heappop, heappush
from itertools import count
from threading import Condition
from time import monotonic

from audio.child import Child, ChildFailedError


class EndedError(Exception):
    """Nothing is spoken any more, because the process that asks for it ends."""


class Mouth:
    """A child process that speaks, one order at a time."""

    def __init__(self, worker: Sequence[str]) -> None:
        self._worker = worker
        self._child: Child | None = None
        self._asked: Child | None = None
        self._is_over = False

    def ask(self, order: Mapping[str, object], timeout_seconds: float) -> None:
        """Has something spoken; raises ``ChildFailedError``, after which it must be closed, or ``EndedError``."""
        child = self._child = self._child or Child(self._worker)
        self._asked = child
        try:
            if self._is_over:  # looked at when there is a child: whoever ends it either sees that or is seen here
                raise EndedError
            child.ask(order, timeout_seconds)
        except ChildFailedError:
            if self._is_over:
                raise EndedError from None
            raise
        finally:
            self._asked = None

    def is_at_work(self) -> bool:
        """Whether it is asked for something and works on it. Any thread may look."""
        asked = self._asked
        return asked is not None and asked.is_at_work()

    def end(self) -> None:
        """Ends the process at once and for good, whatever it speaks; any thread may."""
        self._is_over = True
        if child := self._child:
            child.kill()

    def close(self) -> None:
        """Ends the process."""
        if self._child is not None:
            self._child.close()
            self._child = None


class Mouths:
    """So many mouths, which threads take in turns: whatever is urgent first, the rest as it came.

    One that was silent is left alone for ``rest_seconds``: meanwhile ``silence`` says why, and whoever wants to hear
    something asks another engine at once.
    """

    def __init__(self, worker: Sequence[str], number: int, rest_seconds: float = 0.0) -> None:
        self._all = [Mouth(worker) for _ in range(number)]
        self._free = [*self._all]
        self._changed = Condition()
        self._waiting: list[tuple[bool, int]] = []
        self._reservations, self._urgent = 0, 0
        self._numbers = count()
        self._rest_seconds = rest_seconds
        self._rests_until, self._silence = 0.0, ""
        self._is_over = False

    @contextmanager
    def one(self, *, urgent: bool = False) -> Iterator[Mouth]:
        """A mouth that nobody else uses meanwhile; waits for it. Raises ``EndedError`` once they have been ended."""
        mouth = self._taken((not urgent, next(self._numbers)))
        try:
            yield mouth
        finally:
            with self._changed:
                self._free.append(mouth)
                self._urgent -= urgent
                self._changed.notify_all()

    @contextmanager
    def reserved(self) -> Iterator[None]:
        """Meanwhile one mouth more takes only what is urgent, also between two sounds of the same alert."""
        self._reserve(1)
        try:
            yield
        finally:
            self._reserve(-1)

    @property
    def silence(self) -> str:
        """Why nothing is asked of them now; empty where they may be asked."""
        return self._silence if monotonic() < self._rests_until else ""

    def fell_silent(self, reason: str) -> None:
        """They were asked in vain."""
        self._rests_until, self._silence = monotonic() + self._rest_seconds, reason

    def is_at_work(self) -> bool:
        """Whether one of them works on something that it was asked for."""
        return any(mouth.is_at_work() for mouth in self._all)

    def end(self) -> None:
        """Ends the processes at once and for good: whoever is spoken for, or waits, gets an ``EndedError``."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        for mouth in self._all:
            mouth.end()

    def close(self) -> None:
        """Ends the processes once they are idle; whoever takes one later, unless they were ended, starts another."""
        if self._is_over:
            self._close_ended()
            return
        with ExitStack() as all_of_them:
            for mouth in [all_of_them.enter_context(self.one(urgent=True)) for _ in self._all]:
                mouth.close()

    def _close_ended(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: len(self._free) == len(self._all))
        for mouth in self._all:
            mouth.close()

    def _taken(self, ticket: tuple[bool, int]) -> Mouth:
        with self._changed:
            heappush(self._waiting, ticket)
            self._changed.wait_for(lambda: self._is_over or self._is_next(ticket))
            if self._is_over:
                raise EndedError
            heappop(self._waiting)
            mouth = self._free.pop()
            self._urgent += not ticket[0]
            self._changed.notify_all()
            return mouth

    def _is_next(self, ticket: tuple[bool, int]) -> bool:
        can_wait, _ = ticket
        kept = max(0, self._reservations - self._urgent) if can_wait else 0
        return len(self._free) > kept and self._waiting[0] == ticket

    def _reserve(self, more: int) -> None:
        with self._changed:
            self._reservations += more
            self._changed.notify_all()
