"""What the exchange tells a telephone in the browser. Seconds are people's seconds; each is one JSON object."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from exchange.subscribers import Habit


class Holding(StrEnum):
    """What a telephone is doing; ``DIALLING``: it has dialled and the service has not answered yet."""

    IDLE = "idle"
    RINGING = "ringing"
    DIALLING = "dialling"
    TALKING = "talking"


class By(StrEnum):
    """Who acts for a subscriber."""

    SCRIPT = "script"
    BROWSER = "browser"


@dataclass(frozen=True)
class Other:
    """Who is at the other end: an E.164 number, and the name it has in the directory."""

    number: str
    label: str


@dataclass(frozen=True)
class State:
    """What the telephone does, with whom, since how many seconds, and whether the script still speaks for it."""

    state: Holding
    other: Other | None = None
    by: By | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Owner:
    """Whose telephone it is, and what its script does with its calls."""

    number: str
    label: str
    note: str
    refuse: int | None
    habits: Sequence[Habit]


@dataclass(frozen=True)
class Play:
    """A sound is heard ``loop`` times: ``seconds`` in all, ``offset`` of them over already."""

    url: str
    seconds: float
    loop: int
    offset: float = 0.0


@dataclass(frozen=True)
class Say:
    """The exchange's voice says something."""

    text: str
    language: str | None
    seconds: float
    offset: float = 0.0


@dataclass(frozen=True)
class Pause:
    """Quiet for a while."""

    seconds: float
    offset: float = 0.0


@dataclass(frozen=True)
class Beep:
    """The tone after which a recording begins."""

    seconds: float
    offset: float = 0.0


Heard = Play | Say | Pause | Beep


@dataclass(frozen=True)
class Quiet:
    """What is being heard stops at once."""


@dataclass(frozen=True)
class Gather:
    """Whether somebody listens for keys now."""

    open: bool


@dataclass(frozen=True)
class Recording:
    """While ``on``, what is spoken is recorded, to be put as a WAV file to ``upload``; off: send what there is."""

    on: bool
    upload: str
    max_seconds: float
    silence_seconds: float


@dataclass(frozen=True)
class Ended:
    """A call is over: Twilio's final status, and who ended it (subscriber, service or network)."""

    reason: str
    by: str


@dataclass(frozen=True)
class ShortText:
    """A text message; ``direction`` is ``in`` when the subscriber wrote it. ``at`` is a real UTC instant, ISO 8601.

    ``other`` is the service's number.
    """

    id: str
    other: str
    body: str
    at: str
    direction: str


@dataclass(frozen=True)
class Speed:
    """How fast people live now, how fast without a telephone in a browser, and how many of those are open."""

    speed: float
    configured: float
    telephones: int


@dataclass(frozen=True)
class Superseded:
    """Another page has opened this telephone; this one holds nothing any more."""


@dataclass(frozen=True)
class Refused:
    """What the page asked for cannot be done: ``busy``, ``unknown_number``, or what is not understood about it."""

    what: str


Message = State | Owner | Heard | Quiet | Gather | Recording | Ended | ShortText | Speed | Superseded | Refused
_TYPES: dict[type, str] = {ShortText: "text", Speed: "tempo"}


def written(message: Message) -> str:
    """A message as JSON, with its ``type``."""
    name = _TYPES.get(type(message), type(message).__name__.lower())
    return json.dumps({"type": name} | asdict(message), ensure_ascii=False)
