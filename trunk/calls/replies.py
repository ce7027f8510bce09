"""What the service answers: what the party hears, and what is done then. A JSON object with ``hear`` and one more.

``ask`` (a key or several), ``record``, ``connect``, ``bridge``, ``go_on`` (another address); without any, the end.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class ReplyError(ValueError):
    """The answer is none that can be carried out."""


@dataclass(frozen=True)
class Sound:
    """A sound file, by its address."""

    url: str


@dataclass(frozen=True)
class Speech:
    """Words, which the service turns into sound on demand."""

    text: str
    language: str


@dataclass(frozen=True)
class Quiet:
    """Nothing, for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Ask:
    """Keys are awaited for ``seconds`` after the words, at most ``keys``; silence is told, too, if it is wanted."""

    url: str
    keys: int
    seconds: float
    also_silence: bool


@dataclass(frozen=True)
class Tape:
    """A message is recorded; ``status_url`` is told when it can be fetched."""

    url: str
    max_seconds: float
    silence_seconds: float
    status_url: str


@dataclass(frozen=True)
class Connect:
    """Somebody else is rung and connected; ``leg`` is the id of the call to them."""

    url: str
    leg: str
    number: str
    dialled: str
    from_: str
    ring_seconds: int
    talk_seconds: int
    whisper_url: str
    status_url: str


@dataclass(frozen=True)
class Bridge:
    """Whoever was rung by a ``Connect`` is connected now."""


@dataclass(frozen=True)
class GoOn:
    """Another address says what comes next."""

    url: str


@dataclass(frozen=True)
class End:
    """Nothing more."""


Heard = Sound | Speech | Quiet
Then = Ask | Tape | Connect | Bridge | GoOn | End


@dataclass(frozen=True)
class Reply:
    """What is heard, in its order, and what comes then."""

    heard: Sequence[Heard]
    then: Then


def reply_of(body: bytes) -> Reply:
    """The reply; raises ``ReplyError``."""
    try:
        document = json.loads(body)
        return Reply(tuple(_heard(each) for each in document["hear"]), _then(document))
    except (ValueError, KeyError, TypeError) as failure:
        raise ReplyError(f"the answer is not understood: {failure!r}") from failure


def _heard(each: Mapping[str, Any]) -> Heard:
    match each:
        case {"sound": str(url)}:
            return Sound(url)
        case {"say": str(text), "language": str(language)}:
            return Speech(text, language)
        case {"quiet": int() | float() as seconds}:
            return Quiet(float(seconds))
    raise ReplyError(f"nothing to be heard is {sorted(each)}")


def _then(document: Mapping[str, Any]) -> Then:
    match document:
        case {"ask": {"url": url, "keys": keys, "seconds": seconds, "also_silence": also_silence}}:
            return Ask(url, int(keys), float(seconds), bool(also_silence))
        case {"record": record}:
            return Tape(**record)
        case {"connect": connect}:
            return Connect(**connect)
        case {"bridge": True}:
            return Bridge()
        case {"go_on": str(url)}:
            return GoOn(url)
    return End()
