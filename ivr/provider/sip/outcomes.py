"""The trunk's words for how a call ended, and ours for them."""

from typing import Final

from ivr.models import Ending

_ENDINGS: Final = {
    "completed": Ending.COMPLETED,
    "busy": Ending.BUSY,
    "declined": Ending.BUSY,
    "no answer": Ending.NO_ANSWER,
    "not in service": Ending.REFUSED,
    "network": Ending.FAILED,
    "unknown": Ending.FAILED,
    "cancelled": Ending.CANCELLED,
}
"""Whoever declines is there, and does not want to talk now. A number that is not in service nobody will ever ring."""


def ending_of(outcome: str | None) -> Ending | None:
    """None while the call lives; of an end with a word that we do not know, nobody can say how it was."""
    return _ENDINGS.get(outcome, Ending.FAILED) if outcome else None
