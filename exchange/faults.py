"""Faults: what can go wrong between the service and the exchange, each with its rate, drawn from a seed.

A draw depends on the seed, the fault, the number it is about and how often that was drawn there before: the same calls
in the same order meet the same faults, whatever else happens on the exchange. Every strike is in the log.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from exchange.errors import ScriptError
from exchange.log import Log, Subject
from exchange.reading import Fields

ALL = "all"


class Fault(StrEnum):
    """What can go wrong. A rate is a probability: of a callback, of a request that places, or of an answer."""

    DUPLICATE = "duplicate"
    """A callback is sent twice or three times, at once or some real seconds later."""
    REORDER = "reorder"
    """A report about a call is overtaken by the next one about it. Requests for words cannot overtake each other."""
    DELAY = "delay"
    """A report arrives up to a real minute late."""
    DROP = "drop"
    """A report is never sent. A request for words breaks off instead, before or after the service has heard it."""
    EARLY = "early"
    """A call's first callback arrives before the reply to the request that placed it."""
    PLACED_BUT_500 = "placed-but-500"
    """A request is answered with 500 or 503 although it was carried out."""
    REFUSED_500 = "refused-500"
    """A request is answered with 500 and not carried out."""
    TOO_MANY = "429"
    """For a moment every request is refused as one too many."""
    TIMEOUT_PLACED = "timeout-placed"
    """A request is carried out and never answered: it hangs for longer than clients wait, or the connection is cut."""
    TIMEOUT_NOT_PLACED = "timeout-not-placed"
    """A request is neither carried out nor answered."""
    OUTAGE = "outage"
    """For some real seconds every request finds nobody listening, or 503; calls under way go on."""
    BLIP = "blip"
    """An outage that is over before a client that was refused has rested."""
    FAILED_YET_RINGS = "failed-yet-rings"
    """A request for a call is answered with an error, or cut off, and carried out all the same, seconds later."""
    SERVICE_AWAY = "service-away"
    """For some real seconds nobody at the service answers any callback, as if it were down; calls under way go on."""
    OTHER_OFFSETS = "other-offsets"
    """The instants in an answer are written in another time zone than UTC."""
    FORGED = "forged"
    """Somebody else sends callbacks about calls there are: key 1, call completed; signed wrongly or not at all."""


USUAL_RATES: Mapping[Fault, float] = {
    Fault.DUPLICATE: 0.1,
    Fault.REORDER: 0.15,
    Fault.DELAY: 0.1,
    Fault.DROP: 0.06,
    Fault.EARLY: 0.1,
    Fault.PLACED_BUT_500: 0.05,
    Fault.REFUSED_500: 0.04,
    Fault.TOO_MANY: 0.025,
    Fault.TIMEOUT_PLACED: 0.04,
    Fault.TIMEOUT_NOT_PLACED: 0.04,
    Fault.OUTAGE: 0.015,
    Fault.BLIP: 0.02,
    Fault.FAILED_YET_RINGS: 0.03,
    Fault.SERVICE_AWAY: 0.003,
    Fault.OTHER_OFFSETS: 0.3,
    Fault.FORGED: 0.1,
}
"""A hard day: a morning of two hundred residents meets every fault several times and still ends in minutes."""


@dataclass(frozen=True)
class Plan:
    """Which faults strike, and how often; a fault without a rate never does."""

    seed: int = 0
    rates: Mapping[Fault, float] = field(default_factory=dict)

    def written(self) -> dict[str, object]:
        """As JSON, in the form ``read_plan`` reads."""
        return {"seed": self.seed, "faults": dict(self.rates)}


def read_plan(content: object) -> Plan:
    """A plan from JSON already decoded: ``{"seed": 7, "faults": {"drop": 0.1, "early": null}}``; null is usual.

    Raises ``ScriptError``.
    """
    fields = Fields(content, "plan", {"seed", "faults"})
    rates = Fields({} if fields.absent("faults") else fields.get("faults"), "faults", set(Fault))
    names = [fault for fault in Fault if rates.has(fault)]
    return Plan(int(fields.number("seed", 0)), {name: _rate(rates.number(name, USUAL_RATES[name])) for name in names})


def plan_in_words(words: str, seed: int) -> Plan:
    """A plan from a command line: ``all``, or names with or without a rate: ``drop=0.2,early``.

    Raises ``ScriptError``.
    """
    if words == ALL:
        return Plan(seed, USUAL_RATES)
    pairs = [word.strip().partition("=") for word in words.split(",")]
    try:
        rates = {name: float(rate) if rate else None for name, _, rate in pairs}
    except ValueError as error:
        raise ScriptError(f"faults {words!r}: {error}") from error
    return read_plan({"seed": seed, "faults": rates})


class Faults:
    """The plan in force, and how often each fault has struck since the exchange began."""

    def __init__(self, plan: Plan, log: Log) -> None:
        self.plan = plan
        self.struck: Counter[str] = Counter()
        self._log = log
        self._drawn: Counter[tuple[Fault, str | None]] = Counter()

    def change(self, plan: Plan) -> None:
        """From now on another plan is in force, from the beginning of its seed."""
        self.plan = plan
        self._drawn.clear()
        self._log.write("faults", Subject(), **plan.written())

    def draw(self, fault: Fault, number: str | None, share: float = 1.0) -> Random | None:
        """Chances by which to draw the details of a fault that strikes now, at ``share`` of its rate; or None."""
        rate = self.plan.rates.get(fault, 0.0) * share
        if not rate:
            return None
        self._drawn[fault, number] += 1
        chance = Random(f"{self.plan.seed} {fault} {number} {self._drawn[fault, number]}")
        return chance if chance.random() < rate else None

    def strike(self, fault: Fault, subject: Subject, **details: object) -> None:
        """Enters a strike in the log."""
        self.struck[fault] += 1
        self._log.write("fault", subject, fault=fault, **details)


def _rate(value: float) -> float:
    if value > 1:
        raise ScriptError(f"faults: {value:g} is no probability from 0 to 1")
    return value
