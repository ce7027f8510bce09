"""Calls as they are known: what was ordered, how they stand, and what the service was asked in them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from trunk.sip.outcomes import Outcome, code_of


class Direction(StrEnum):
    """Who rang whom; a ``LEG`` is rung out of another call, whose party it is connected with."""

    OUT = "out"
    IN = "in"
    LEG = "leg"


@dataclass(frozen=True)
class Order:
    """A call to be placed. ``to`` and ``from_`` in E.164, ``dialled`` is what the gateway is told of the number.

    It rings for ``ring_seconds`` at most. The addresses are the service's own, ``machine_url`` None where nobody
    listens for a machine.
    """

    to: str
    from_: str
    dialled: str
    ring_seconds: int
    answer_url: str
    status_url: str
    fallback_url: str
    machine_url: str | None = None
    direction: Direction = Direction.OUT
    parent: str | None = None


@dataclass(frozen=True)
class Kept:
    """A recording in our folder, by its name, and its length in whole seconds."""

    recording: str
    seconds: int


@dataclass(frozen=True)
class Record:
    """A call. ``created_at`` is real time; ``outcome`` is None while it lives.

    ``announcement`` is what the network said instead of an answer, ``carried_by`` the peer that was tried last, and
    ``codec`` what the two have agreed to send.
    """

    id: str
    order: Order
    created_at: datetime
    is_answered: bool = False
    outcome: Outcome | None = None
    reason: str = ""
    by_machine: bool = False
    announcement: Kept | None = None
    carried_by: str = ""
    codec: str = ""

    @property
    def code(self) -> int | None:
        """The Q.850 cause (below 128) or SIP status with which a call has ended that nobody answered."""
        return None if self.is_answered else code_of(self.reason)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.outcome is not None

    def ended(self, outcome: Outcome, reason: str = "", announcement: Kept | None = None) -> Self:
        """The same call, over; the first end counts."""
        return self if self.is_over else replace(self, outcome=outcome, reason=reason, announcement=announcement)

    def end_told(self) -> dict[str, Any]:
        """How it ended, as the service is told; what nobody knows is left out."""
        more = {"code": self.code, "announcement": asdict(self.announcement) if self.announcement else None}
        told = {"outcome": self.outcome, "by_machine": self.by_machine}
        return told | {name: value for name, value in more.items() if value is not None}

    def written(self) -> dict[str, Any]:
        """As it is told over HTTP and kept in the journal."""
        return {
            "id": self.id,
            "order": asdict(self.order),
            "created_at": self.created_at.isoformat(),
            "is_answered": self.is_answered,
            "outcome": self.outcome,
            "reason": self.reason,
            "by_machine": self.by_machine,
            "code": self.code,
            "announcement": asdict(self.announcement) if self.announcement else None,
            "carried_by": self.carried_by,
            "codec": self.codec,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """The call that was written so."""
        order = kept["order"]
        return cls(
            id=kept["id"],
            order=Order(**{**order, "direction": Direction(order["direction"])}),
            created_at=datetime.fromisoformat(kept["created_at"]),
            is_answered=kept["is_answered"],
            outcome=Outcome(kept["outcome"]) if kept["outcome"] else None,
            reason=kept["reason"],
            by_machine=kept["by_machine"],
            announcement=Kept(**kept["announcement"]) if kept.get("announcement") else None,
            carried_by=kept.get("carried_by", ""),
            codec=kept.get("codec", ""),
        )


@dataclass(frozen=True)
class Asked:
    """A request to the service in a call: its address, what it told, and whether it was answered."""

    url: str
    told: Mapping[str, Any]
    was_answered: bool
