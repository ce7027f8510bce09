"""What a document of the service can ask for, as values. Lengths are people's seconds."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How an address is asked."""

    GET = "GET"
    POST = "POST"


class Reason(StrEnum):
    """What a rejected caller hears."""

    REJECTED = "rejected"
    BUSY = "busy"


@dataclass(frozen=True)
class Play:
    """A sound by its address, ``loop`` times."""

    url: str
    loop: int


@dataclass(frozen=True)
class Say:
    """Words for the exchange's own voice, ``loop`` times."""

    text: str
    language: str | None
    loop: int


@dataclass(frozen=True)
class Pause:
    """Quiet."""

    seconds: float


Utterance = Play | Say | Pause


@dataclass(frozen=True)
class Beep:
    """The tone after which a recording begins."""


@dataclass(frozen=True)
class Prompts:
    """What is heard in one go."""

    utterances: tuple[Utterance, ...]


@dataclass(frozen=True)
class Listening:
    """Words are awaited as well: in which ``language``, and the ``hints`` which are to be expected."""

    language: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Gather:
    """Prompts, then a wait of ``wait`` seconds for keys, which are reported to ``action`` (None: the same address).

    With ``listening`` a sentence is as good as keys, and with ``hears_keys`` False it alone is.
    """

    prompts: Prompts
    num_digits: int | None
    finish_on_key: str
    wait: float
    action: str | None
    method: Method
    action_on_empty_result: bool
    listening: Listening | None = None
    hears_keys: bool = True


@dataclass(frozen=True)
class Record:
    """Record what is said: ``max_seconds`` at most, until ``silence_seconds`` of silence or a key of ``finish_on_key``.

    ``action`` (None: the same address) is asked what to do next, ``status`` is told when the recording can be fetched.
    """

    max_seconds: float
    silence_seconds: float
    finish_on_key: str
    play_beep: bool
    action: str | None
    method: Method
    status: str | None
    status_method: Method


@dataclass(frozen=True)
class Dial:
    """Ring ``number`` (E.164) for ``ring_seconds`` at most and connect it with this call for ``talk_seconds`` at most.

    Whoever picks up sees ``caller_id`` (None: as this call shows it) and first hears what ``whisper`` says (None:
    nothing). ``action`` is told what came of it (None: the document goes on), ``status`` of the ``reports`` about the
    new call, in Twilio's words.
    """

    number: str
    caller_id: str | None
    ring_seconds: float
    talk_seconds: float
    action: str | None
    method: Method
    whisper: str | None
    whisper_method: Method
    status: str | None
    status_method: Method
    reports: frozenset[str]


@dataclass(frozen=True)
class Redirect:
    """Go on with what another address says."""

    url: str
    method: Method


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Reject:
    """Do not answer an inbound call."""

    reason: Reason


Verb = Prompts | Gather | Record | Dial | Redirect | Hangup | Reject
