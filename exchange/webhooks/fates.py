"""What becomes of one request to the service on its way: drawn before it is sent, carried out by ``callbacks``."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from random import Random

from exchange.faults import Fault, Faults
from exchange.log import Direction, Subject

LONGEST_DELAY_SECONDS = 60.0
SHORTEST_DELAY_SECONDS = 2.0
LATEST_COPY_SECONDS = 3.0
LOST_WORDS_SHARE = 0.5
"""A request for words is lost so much more seldom than a report: it breaks off a conversation."""


class Kind(StrEnum):
    """What a request to the service is about."""

    VOICE = "voice"
    GATHER = "gather"
    STATUS = "status"
    AMD = "amd"
    TEXT = "text"
    INBOUND = "inbound"
    RECORDING = "recording"
    DIAL = "dial"
    TEMPO = "tempo"


class Loss(StrEnum):
    """How a request breaks off: before the service hears it, or after; ``once``: the repetition gets through."""

    REQUEST = auto()
    REPLY = auto()
    REPLY_ONCE = auto()


class Forgery(StrEnum):
    """What is wrong with the signature of somebody else's callback."""

    WRONG_KEY = auto()
    OTHER_ADDRESS = auto()
    NONE = auto()


@dataclass(frozen=True)
class Fate:
    """What becomes of a request. ``copies`` are sent so many real seconds after it; ``delay`` is in real seconds.

    ``is_overtaken``: it waits until the next report about its call has arrived.
    """

    copies: tuple[float, ...] = ()
    delay: float = 0.0
    is_overtaken: bool = False
    loss: Loss | None = None
    forgery: Forgery | None = None


NOTHING_BEFALLS = Fate()
_WORDS = frozenset({Kind.VOICE, Kind.GATHER, Kind.INBOUND, Kind.DIAL})
_FORGED = frozenset({Kind.VOICE, Kind.GATHER, Kind.STATUS})
_BEFORE_THE_END = frozenset({"initiated", "ringing", "in-progress"})


def is_report(kind: Kind, subject: Subject) -> bool:
    """Whether nobody waits for its answer: it only tells how a call or a text fares."""
    return kind in {Kind.STATUS, Kind.AMD} or (kind is Kind.TEXT and subject.direction is Direction.OUT)


def fate(faults: Faults, kind: Kind, params: Mapping[str, str], subject: Subject) -> Fate:
    """Draws a fate and enters it in the log. What is lost is neither late nor twice there; other faults meet freely."""
    if kind is Kind.TEMPO or not faults.plan.rates:
        return NOTHING_BEFALLS
    reports = is_report(kind, subject)
    forgery = _forgery(faults, kind, subject)
    if loss := _loss(faults, kind, subject):
        return Fate(loss=loss, forgery=forgery)
    return Fate(
        copies=_copies(faults, kind, subject),
        delay=_delay(faults, kind, subject) if reports else 0.0,
        is_overtaken=_is_followed(kind, params) and _is_overtaken(faults, kind, subject),
        forgery=forgery,
    )


def _is_followed(kind: Kind, params: Mapping[str, str]) -> bool:
    """Whether another report about the same call is still to come, which could overtake this one."""
    return kind is Kind.AMD or (kind is Kind.STATUS and params.get("CallStatus") in _BEFORE_THE_END)


def _forgery(faults: Faults, kind: Kind, subject: Subject) -> Forgery | None:
    chance = faults.draw(Fault.FORGED, subject.number) if kind in _FORGED else None
    if chance is None:
        return None
    forgery = chance.choice(list(Forgery))
    faults.strike(Fault.FORGED, subject, kind=kind, how=forgery)
    return forgery


def _loss(faults: Faults, kind: Kind, subject: Subject) -> Loss | None:
    reports = is_report(kind, subject)
    if not reports and kind not in _WORDS:
        return None
    chance = faults.draw(Fault.DROP, subject.number, 1.0 if reports else LOST_WORDS_SHARE)
    if chance is None:
        return None
    loss = Loss.REQUEST if reports else chance.choice(list(Loss))
    faults.strike(Fault.DROP, subject, kind=kind, how=loss)
    return loss


def _copies(faults: Faults, kind: Kind, subject: Subject) -> tuple[float, ...]:
    chance = faults.draw(Fault.DUPLICATE, subject.number)
    if chance is None:
        return ()
    copies = tuple(chance.choice((0.0, chance.uniform(0, LATEST_COPY_SECONDS))) for _ in range(chance.choice((1, 2))))
    faults.strike(Fault.DUPLICATE, subject, kind=kind, copies=len(copies))
    return copies


def _delay(faults: Faults, kind: Kind, subject: Subject) -> float:
    chance = faults.draw(Fault.DELAY, subject.number)
    if chance is None:
        return 0.0
    seconds = _from_seconds_to_a_minute(chance)
    faults.strike(Fault.DELAY, subject, kind=kind, seconds=round(seconds, 3))
    return seconds


def _is_overtaken(faults: Faults, kind: Kind, subject: Subject) -> bool:
    if faults.draw(Fault.REORDER, subject.number) is None:
        return False
    faults.strike(Fault.REORDER, subject, kind=kind)
    return True


def _from_seconds_to_a_minute(chance: Random) -> float:
    """As many between 2 and 11 s as between 11 and 60 s."""
    return float(SHORTEST_DELAY_SECONDS * (LONGEST_DELAY_SECONDS / SHORTEST_DELAY_SECONDS) ** chance.random())
