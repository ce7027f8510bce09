"""Telephones that are open in a browser: each stands for one subscriber and holds that subscriber's telephone."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum, auto
from typing import Protocol

from exchange.log import Log, Subject
from exchange.messages import (
    By,
    Ended,
    Gather,
    Heard,
    Holding,
    Message,
    Other,
    Quiet,
    Recording,
    State,
    Superseded,
)
from exchange.parties.person import Handset


class Picked(StrEnum):
    """How ringing in a browser ended."""

    ANSWERED = auto()
    DECLINED = auto()
    LEFT = auto()


class Page(Protocol):
    """The page that shows a telephone."""

    def tell(self, message: Message) -> None:
        """Shows something; never waits."""


class Line:
    """One subscriber's telephone in a browser. It remembers what is going on, for a page that opens in the middle."""

    def __init__(self, number: str, page: Page) -> None:
        self.number = number
        self.page = page
        self._ringing: asyncio.Future[Picked] | None = None
        self._handset: Handset | None = None
        self._state = State(Holding.IDLE)
        self._state_since = time.monotonic()
        self._heard: Heard | None = None
        self._heard_since = 0.0
        self._asked = Gather(False)
        self._recording: Recording | None = None

    def show(self, state: State) -> None:
        """The telephone does something else now."""
        self._state, self._state_since = state, time.monotonic() - state.seconds
        self.page.tell(state)

    def tell(self, message: Heard | Quiet | Gather | Recording) -> None:
        """Something happens in the call."""
        match message:
            case Gather():
                self._asked = message
            case Recording():
                self._recording = message if message.on else None
            case Quiet():
                self._heard = None
            case _:
                self._heard, self._heard_since = message, time.monotonic()
        self.page.tell(message)

    def snapshot(self) -> list[Message]:
        """All that a page needs to know which opens now."""
        now = time.monotonic()
        shown: list[Message] = [replace(self._state, seconds=now - self._state_since), self._asked]
        if self._heard is not None and now - self._heard_since < self._heard.seconds:
            shown.append(replace(self._heard, offset=now - self._heard_since))
        return shown if self._recording is None else [*shown, self._recording]

    async def ring(self, other: Other) -> Picked:
        """Rings until somebody picks up, declines or leaves; whoever awaits it decides how long."""
        self._ringing = asyncio.get_running_loop().create_future()
        self.show(State(Holding.RINGING, other, By.BROWSER))
        try:
            return await self._ringing
        finally:
            self._ringing = None

    def hold(self, handset: Handset) -> None:
        """The telephone is in a call, which ends through this handset."""
        self._handset = handset

    def answer(self) -> None:
        """Picks up, if it rings."""
        self._settle(Picked.ANSWERED)

    def hang_up(self) -> None:
        """Puts the receiver down, or declines."""
        self._settle(Picked.DECLINED)
        if self._handset is not None:
            self._handset.hang_up()

    def press(self, key: str) -> None:
        """Presses a key; outside a call nobody hears it."""
        if self._handset is not None:
            self._handset.press(key, By.BROWSER)

    def leave(self) -> None:
        """Nobody is at the telephone any more."""
        self._settle(Picked.LEFT)
        if self._handset is not None:
            self._handset.hang_up()

    def ended(self, ended: Ended) -> None:
        """The call on this telephone is over."""
        self._handset, self._heard, self._recording, self._asked = None, None, None, Gather(False)
        self.page.tell(ended)
        self.show(State(Holding.IDLE))

    def _settle(self, picked: Picked) -> None:
        if self._ringing is not None and not self._ringing.done():
            self._ringing.set_result(picked)


class Lines:
    """Which telephones are open. ``changed`` is called when one was opened or closed."""

    def __init__(self, log: Log, changed: Callable[[], None]) -> None:
        self._log = log
        self._changed = changed
        self._lines: dict[str, Line] = {}
        self._opening: dict[str, asyncio.Event] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def find(self, number: str | None) -> Line | None:
        """The telephone that is open for a number."""
        return None if number is None else self._lines.get(number)

    def numbers(self) -> list[str]:
        """The numbers whose telephones are open, the first opened first."""
        return list(self._lines)

    def tell_all(self, message: Message) -> None:
        """Shows something on every page."""
        for line in self._lines.values():
            line.page.tell(message)

    def open(self, number: str, page: Page) -> Line:
        """A page opens a telephone; a page that had it already is told and holds it no more."""
        line = self._lines.get(number)
        if line is not None:
            line.page.tell(Superseded())
            line.page = page
            return line
        line = self._lines[number] = Line(number, page)
        self._log.write("telephone.opened", Subject(None, number))
        self._changed()
        if number in self._opening:
            self._opening[number].set()
        return line

    def close(self, line: Line, page: Page) -> None:
        """A page goes; if it still held the telephone, its script has it again."""
        if line.page is not page:
            return
        del self._lines[line.number]
        self._log.write("telephone.closed", Subject(None, line.number))
        line.leave()
        self._changed()

    async def opened(self, number: str) -> None:
        """Returns as soon as a telephone is opened for a number; one at a time may wait for it."""
        self._opening[number] = asyncio.Event()
        try:
            await self._opening[number].wait()
        finally:
            del self._opening[number]
