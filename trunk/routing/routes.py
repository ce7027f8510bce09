"""Routes: the peers in their order, what is known of each, and which one carries the next call."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trunk.routing.gateway import Gateway
from trunk.routing.pace import Pace
from trunk.sip.peering import Peer

MOST_WAITS = 3
"""Whoever comes when others are waiting finds their place taken."""
LONGEST_WAIT_SECONDS = 2.0
"""Whoever asks for a call does not wait for ever; that it has to be asked for later is an answer."""


class NotNowError(Exception):
    """Nothing is dialled now; it may be in ``seconds``."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class SoonError(NotNowError):
    """It is only the pace that has to be kept."""


class NotOursError(Exception):
    """Nothing is dialled until an operator mends the settings."""


@dataclass
class Route:
    """One peer, how it stands, and how many calls it carries."""

    peer: Peer
    gateway: Gateway = field(default_factory=Gateway)
    calls: int = 0

    def __post_init__(self) -> None:
        self.pace = Pace(self.peer.calls_per_second)

    def refusal(self) -> NotNowError | None:
        """Why it takes no call now."""
        if refusal := self.gateway.refusal():
            return NotNowError(*refusal)
        if self.peer.calls_at_once and self.calls >= self.peer.calls_at_once:
            return NotNowError(f"{self.peer.proxy} carries {self.calls} calls already", 1.0)
        if wait := self.pace.wait():
            return SoonError(f"{self.peer.proxy} takes {self.peer.calls_per_second:g} calls a second", wait)
        return None


class Routes:
    """All of them; ``is_registered`` says whether a peer that wants to know us does, by the number we call from."""

    def __init__(self, peers: Sequence[Peer], is_registered: Callable[[Peer, str], bool]) -> None:
        self.all = [Route(peer) for peer in peers]
        self._is_registered = is_registered

    async def first_soon(self, from_: str, longest: float = LONGEST_WAIT_SECONDS) -> Route:
        """As ``first``, where nothing but the pace is waited for, and not for longer than so many seconds at once."""
        for _ in range(MOST_WAITS):
            try:
                return self.first(from_)
            except SoonError as refusal:
                if refusal.seconds > longest:
                    raise
                await asyncio.sleep(refusal.seconds)
        return self.first(from_)

    def first(self, from_: str) -> Route:
        """Which one to try for a call from this number of ours.

        Raises ``NotNowError`` and ``NotOursError`` where none takes a call.
        """
        known = [route for route in self.all if self._is_registered(route.peer, from_)]
        if not known:
            raise NotOursError("the telephone company has not registered us")
        refusals = []
        for route in known:
            if (refusal := route.refusal()) is None:
                return route
            refusals.append(refusal)
        raise min(refusals, key=lambda refusal: refusal.seconds)

    def after(self, tried: Route, from_: str) -> Route | None:
        """The next one that takes the call, once this one has failed."""
        later = self.all[self.all.index(tried) + 1 :]
        usable = (each for each in later if self._is_registered(each.peer, from_) and each.refusal() is None)
        return next(usable, None)
