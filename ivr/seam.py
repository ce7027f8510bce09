"""The seam upward: who owns calls. The floors above implement it, and only the entrance registers them."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from ivr.dialogue import Dialogue, Heard, Position, Turn
from ivr.models import Call


class CallOwner(Protocol):
    """Whoever wanted a call decides what is said in it. Each method runs inside the caller's unit of work."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Whether the call is to be dialled now; asked in the transaction that claims it."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Stores what was heard at ``position`` (None: the call was just answered) and returns what to say."""

    def ended(self, session: Session, call: Call) -> None:
        """The call has ended (``call.ending``); told exactly once, also for calls that were never placed."""

    def was_machine(self, session: Session, call: Call) -> None:
        """The provider says, after the call has ended, that a machine had answered it."""


@dataclass(frozen=True)
class InboundCall:
    """Who takes a call that somebody made to us, and with which dialogue."""

    owner: str
    dialogue: Dialogue


class Switchboard(Protocol):
    """Decides who takes the calls and texts that come in."""

    def inbound(self, session: Session, number: str | None) -> InboundCall:
        """Takes a call from ``number`` (E.164, None when withheld)."""

    def adopt(self, session: Session, call: Call) -> None:
        """Ties the newly made call row to what the owner expects of it."""


_owners: dict[str, CallOwner] = {}
_switchboard: Switchboard | None = None


def register(name: str, owner: CallOwner) -> None:
    """Calls whose ``owner`` is ``name`` are ``owner``'s."""
    _owners[name] = owner


def register_switchboard(switchboard: Switchboard) -> None:
    """Calls that come in are ``switchboard``'s to place."""
    global _switchboard
    _switchboard = switchboard


def owner_of(call: Call) -> CallOwner:
    """The owner of a call; raises ``KeyError`` when the entrance has registered none."""
    return _owners[call.owner]


def switchboard() -> Switchboard:
    """The switchboard; raises ``RuntimeError`` when the entrance has registered none."""
    if _switchboard is None:
        raise RuntimeError("no switchboard is registered")
    return _switchboard
