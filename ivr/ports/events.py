"""What a telephone provider tells us, in our own words: an adapter has parsed it, and nobody else knows its fields.

Numbers are as the provider writes them; ``provider_id`` is its name for a call or a text. No text holds a NUL, which
PostgreSQL keeps in none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.models import Ending, TextState


@dataclass(frozen=True)
class WebhookRequest:
    """An HTTP request as it came in.

    ``url`` is our *public* address as it was asked for, percent-escapes and query untouched; the names of ``headers``
    are found in any case.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


class IncompleteError(ValueError):
    """A genuine request lacks what every request of its kind has."""


@dataclass(frozen=True)
class Keys:
    """What was pressed, as the provider writes it: ``""`` for nothing."""

    pressed: str


@dataclass(frozen=True)
class Words:
    """What was said, and how sure the provider is of it, from 0 to 1."""

    said: str
    certainty: float


@dataclass(frozen=True)
class RecordingReport:
    """A recording was made, and can be fetched by ``recording_id``; 0 ``seconds`` where nobody knows how long it is."""

    recording_id: str
    seconds: int


@dataclass(frozen=True)
class LegReport:
    """What came of connecting the other party with somebody: how the call to them (``provider_id``) has ended."""

    provider_id: str
    ending: Ending
    was_connected: bool


Input = Keys | Words | RecordingReport | LegReport
"""What a turn tells."""


@dataclass(frozen=True)
class Failure:
    """An address of ours that the provider could not ask, or whose answer it could not carry out, and its reason."""

    url: str
    reason: str


@dataclass(frozen=True)
class TurnReport:
    """A turn of a call: what came from ``party``, and what has failed if this is asked instead of another address."""

    provider_id: str
    party: str
    told: Input
    failed: Failure | None = None


@dataclass(frozen=True)
class CallReport:
    """How a call stands: ``ending`` is None while it lives. Not ``by_machine`` only says that none is known of.

    Of a call that nobody answered, ``code`` is the network's reason, as far as it gave one (a Q.850 cause below 128, or
    a SIP status), and ``announcement`` what it said.
    """

    provider_id: str
    ending: Ending | None
    by_machine: bool = False
    code: int | None = None
    announcement: RecordingReport | None = None


@dataclass(frozen=True)
class MachineReport:
    """The provider's opinion on who has answered a call; ``is_listening``: the greeting is over, a message is taken."""

    provider_id: str
    by_machine: bool
    is_listening: bool


@dataclass(frozen=True)
class InboundCall:
    """Somebody rings us at ``our_number``; ``caller`` is None when they withhold their number."""

    provider_id: str
    caller: str | None
    our_number: str


@dataclass(frozen=True)
class InboundText:
    """A text that somebody wrote to us."""

    provider_id: str
    number: str
    body: str


@dataclass(frozen=True)
class ReceivedText(InboundText):
    """A text that somebody wrote to us, as the provider keeps it; ``created_at`` is real time."""

    created_at: datetime


@dataclass(frozen=True)
class TextReport:
    """How a text of ours stands; None for a state that tells nothing. ``failure`` is the provider's code.

    REFUSED is a failure because whoever has the number has told the provider that they want no texts from us.
    """

    provider_id: str
    state: TextState | None
    failure: str | None = None


class Webhook(Protocol):
    """A genuine request of the provider's, to be read as what our address is for.

    Every method raises ``IncompleteError`` where what such a request always has is missing.
    """

    def turn(self) -> TurnReport:
        """A turn of a call, or the end of a recording that one asked for."""

    def call_report(self) -> CallReport:
        """How a call has ended."""

    def machine_report(self) -> MachineReport:
        """Who has answered a call."""

    def inbound_call(self) -> InboundCall:
        """A call that comes in."""

    def inbound_text(self) -> InboundText:
        """A text that comes in."""

    def text_report(self) -> TextReport:
        """How a text of ours fares."""
