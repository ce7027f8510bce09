"""Faults of a rehearsal: which there are, how the exchange is told, and how often each struck by its own log."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from zaoan.rehearsal.wire import read_from

ALL = "all"
FAULTS = (
    "duplicate",
    "reorder",
    "delay",
    "drop",
    "early",
    "placed-but-500",
    "refused-500",
    "429",
    "timeout-placed",
    "timeout-not-placed",
    "outage",
    "blip",
    "failed-yet-rings",
    "service-away",
    "other-offsets",
    "forged",
)
"""What can go wrong on the wire, in the exchange's own words (``exchange/`` describes each)."""


class UnknownFaultError(ValueError):
    """Something is named as a fault that is none; the message names it and those there are."""


SIP_FAULTS = ("kill-service", "kill-trunk", "lose", "double")
"""What can go wrong over SIP: a process of ours dies now and then; one message in twenty is lost, or comes twice."""


def chosen_faults(words: str, there_are: Sequence[str] = FAULTS) -> Sequence[str]:
    """The faults that a command line names: none, ``all``, or some, separated by commas.

    Raises ``UnknownFaultError`` for one that is not among those that ``there_are``.
    """
    named = [word.strip() for word in words.split(",") if word.strip()]
    if named == [ALL]:
        return there_are
    if unknown := [name for name in named if name not in there_are]:
        raise UnknownFaultError(f"{', '.join(unknown)}: choose all, or some of {', '.join(there_are)}")
    return named


def plan(faults: Sequence[str], seed: int) -> Mapping[str, object]:
    """What the exchange is told: each of these faults at its usual rate."""
    return {"seed": seed, "faults": dict.fromkeys(faults)}


def times_struck(faults: Sequence[str], log: Path) -> dict[str, int]:
    """How often each of these faults struck."""
    entries, _ = read_from(log, 0)
    counted = Counter(entry["fault"] for entry in entries if entry["event"] == "fault")
    return {fault: counted[fault] for fault in faults}
