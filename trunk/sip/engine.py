"""What the trunk needs of whoever speaks SIP for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trunk.sip.dialog_book import Keep
from trunk.sip.line import Line
from trunk.sip.peering import Peer


@dataclass(frozen=True)
class Incoming:
    """Somebody rings: the numbers as the network writes them, ``caller`` empty where it is withheld."""

    line: Line
    caller: str
    called: str


class EngineError(Exception):
    """Nothing was dialled; the message says why."""


class Engine(Protocol):
    """Makes and takes calls."""

    on_incoming: Callable[[Incoming], None]

    def is_registered(self, peer: Peer, from_: str = "") -> bool:
        """Whether it knows us, where that is to be made known to it: by one number of ours, or by all of them."""

    async def start(self) -> None:
        """Listens from now on; raises ``EngineError`` where it cannot."""

    async def dial(self, peer: Peer, dialled: str, from_: str, session: str, keep: Keep) -> Line:
        """A call to what the peer knows as ``dialled``; raises ``EngineError`` where nothing has left.

        ``session`` is its ``Session-ID`` (RFC 7989), by which it is found again in every log on its way. ``keep`` takes
        how the call could be ended from outside, each time before the engine goes on, the first time before the
        INVITE leaves; on a thread of the engine's.
        """

    def follow(self, line: Line, keep: Keep) -> None:
        """The same of a call that has come in, from now on."""

    async def close(self) -> None:
        """Ends whatever is under way, and itself."""
