"""Terms: what a round runs under, as its campaign had it when it began. Later changes are for the next round."""

from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Any
from uuid import UUID

from campaigns.models import Campaign, Round
from campaigns.planning.retries import Retries, longest

_REMEMBERED = 64


@dataclass(frozen=True)
class Terms:
    """How often, how long and until when residents are rung, and what a notice tells; see ``Campaign``."""

    attempts: int
    retry_minutes: int
    retries: Retries
    ring_seconds: int
    deadline_minutes: int
    spread_minutes: int
    late_until: time | None
    machine_detection: bool
    message: str

    @property
    def longest_pause(self) -> int:
        """Minutes between two attempts at most."""
        return longest(self.retry_minutes, self.retries)


def terms(campaign: Campaign) -> Terms:
    """The terms of a round that would begin now."""
    return Terms(campaign.attempts, campaign.retry_minutes, dict(campaign.retries), campaign.ring_seconds,
                 campaign.deadline_minutes, campaign.spread_minutes, campaign.late_until, campaign.machine_detection,
                 campaign.message)  # fmt: skip


def document(campaign: Campaign) -> dict[str, Any]:
    """The same as a round keeps it, with whom it was for and when."""
    now = terms(campaign)
    return {
        "attempts": now.attempts,
        "retry_minutes": now.retry_minutes,
        "retries": dict(now.retries),
        "ring_seconds": now.ring_seconds,
        "deadline_minutes": now.deadline_minutes,
        "spread_minutes": now.spread_minutes,
        "late_until": now.late_until.isoformat() if now.late_until else None,
        "machine_detection": now.machine_detection,
        "message": now.message,
        "audience": campaign.audience,
        "schedule": campaign.schedule,
    }


def terms_of(round_: Round) -> Terms:
    """The terms under which a round runs; one of before they were kept runs under its campaign's."""
    if round_.terms is None:
        return terms(round_.campaign)
    return _terms(_Kept(round_.id, round_.terms))


class _Kept:
    """Compares as its round does, so that the terms of a round are read once."""

    def __init__(self, round_id: UUID, kept: dict[str, Any]) -> None:
        self.round_id, self.kept = round_id, kept

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.round_id == self.round_id

    def __hash__(self) -> int:
        return hash(self.round_id)


@lru_cache(_REMEMBERED)
def _terms(of: _Kept) -> Terms:
    kept = of.kept
    late_until = time.fromisoformat(kept["late_until"]) if kept["late_until"] else None
    return Terms(kept["attempts"], kept["retry_minutes"], kept["retries"], kept["ring_seconds"],
                 kept["deadline_minutes"], kept["spread_minutes"], late_until, kept["machine_detection"],
                 kept["message"])  # fmt: skip
