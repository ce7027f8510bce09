"""Calls: what the service asked for, what has become of each, and the register of all of them."""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from exchange.log import Direction, Subject
from exchange.parties.overheard import Stretch
from exchange.subscribers import CallBack
from exchange.tasks import Tasks
from exchange.webhooks.callbacks import Webhook

WITHHELD = "anonymous"


class CallStatus(StrEnum):
    """Twilio's words for the state of a call."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """Whether the call is over."""
        return self not in {CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS}


class Progress(StrEnum):
    """What can be reported about a call to its StatusCallback."""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"


class EndedBy(StrEnum):
    """Who ended a call."""

    SUBSCRIBER = "subscriber"
    SERVICE = "service"
    NETWORK = "network"


class AnsweredBy(StrEnum):
    """Who picked up; the value is Twilio's."""

    HUMAN = "human"
    MACHINE = "machine_start"
    MACHINE_AFTER_BEEP = "machine_end_beep"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Detection:
    """Whether who picks up is a machine is to be found out within some of people's seconds.

    ``until_the_message``: a machine is listened to until it has finished its greeting. What ``is_async`` does not hold
    up what is said and is told to ``report``; otherwise the call waits and every request about it tells.
    """

    until_the_message: bool
    is_async: bool
    report: Webhook | None = None
    within_seconds: float = 30


@dataclass(frozen=True)
class Orders:
    """What the service wants of a call: where to ask what to say, where to report, how long to ring and to talk.

    Only a call that a Dial makes may have nothing to say (``voice`` is None).
    """

    voice: Webhook | None
    ring_seconds: float = 60
    fallback: Webhook | None = None
    status: Webhook | None = None
    reports: frozenset[Progress] = frozenset({Progress.COMPLETED})
    detection: Detection | None = None
    longest_seconds: float = 4 * 3600


@dataclass
class Call:
    """One call. ``from_`` is ``anonymous`` when the caller withholds the number; instants are real UTC.

    ``on_telephone``: it occupies the other party's telephone. ``answered_after`` is when it was answered in people's
    time, as ``Tempo.now`` counts it; ``duration`` is people's seconds of talking. ``parent`` is the call whose Dial
    made this one, ``leg`` the one that this call's Dial has made last. ``is_bridged``: the subscriber was let through
    to that of the parent; ``settled`` is set then, or when it is ``over``. ``heard`` is what the subscriber was played.
    """

    direction: Direction
    to: str
    from_: str
    orders: Orders
    status: CallStatus
    sid: str = field(default_factory=lambda: f"CA{secrets.token_hex(16)}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_after: float | None = None
    answered_by: AnsweredBy | None = None
    duration: int = 0
    reported: int = 0
    on_telephone: bool = False
    then_call: CallBack | None = None
    parent: "Call | None" = None
    leg: "Call | None" = None
    is_bridged: bool = False
    heard: list[Stretch] = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: Tasks = field(default_factory=Tasks)

    @property
    def number(self) -> str | None:
        """The other party's number, None when withheld."""
        other = self.to if self.direction is Direction.OUT else self.from_
        return None if other == WITHHELD else other

    @property
    def service_number(self) -> str:
        """The service's number in it."""
        return self.from_ if self.direction is Direction.OUT else self.to

    @property
    def subject(self) -> Subject:
        """What log entries about the call are about."""
        return Subject(self.sid, self.number, self.direction)

    @property
    def twilio_direction(self) -> str:
        """Twilio's word for the direction."""
        if self.parent is not None:
            return "outbound-dial"
        return "outbound-api" if self.direction is Direction.OUT else "inbound"

    @property
    def parent_sid(self) -> str | None:
        """The sid of the call whose Dial made this one."""
        return None if self.parent is None else self.parent.sid


class Register:
    """All calls there ever were."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}

    def add(self, call: Call) -> None:
        """Enters a call."""
        self._calls[call.sid] = call

    def find(self, sid: str) -> Call | None:
        """A call by its sid."""
        return self._calls.get(sid)

    def newest_first(self) -> Iterable[Call]:
        """Every call, the latest first."""
        return reversed(self._calls.values())
