"""Calls under way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from trunk.calls.bridging import Bridging
from trunk.calls.conversation import Conversation
from trunk.calls.records import Record
from trunk.routing.routes import Route
from trunk.sip.line import Line
from trunk.sip.outcomes import Outcome
from trunk.sound.announcement import Announcement
from trunk.sound.handset import Handset


async def _connects_nobody() -> None:
    """Only whoever was rung out of another call can be connected with it."""


@dataclass
class Live:
    """A call under way; ``intended`` is how it ends where it is we who end it before an answer.

    ``route`` is the peer that carries it, None for a call that came in; ``is_unanswered``: it has said nothing at all
    to the INVITE. ``announcement`` takes what is heard before an answer.
    """

    record: Record
    route: Route | None
    line: Line
    handset: Handset
    bridging: Bridging | None = None
    intended: Outcome | None = None
    is_unanswered: bool = False
    was_answered: bool = False
    conversation: Conversation | None = None
    announcement: Announcement = field(default_factory=Announcement)

    def bridge(self) -> Callable[[], Awaitable[None]]:
        """What connects its party with whoever waits for them."""
        return self.bridging.between(self.handset) if self.bridging else _connects_nobody
