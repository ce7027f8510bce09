"""The seam upward: who owns calls and texts. The floors above implement it, and only the entrance registers them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from ivr.dialogue.opt_out_words import Wish
from ivr.listener import EVERYBODY, Listener

if TYPE_CHECKING:  # every command names the owners of calls, and few come to a dialogue
    from uuid import UUID

    from sqlalchemy.orm import Session

    from ivr.dialogue.engine import Dialogue, Heard, Position, Turn
    from ivr.models import Call, Text, TextIn


class CallOwner(Protocol):
    """Whoever wanted a call decides what is said in it. Each method runs inside the caller's unit of work."""

    def still_wanted(self, session: "Session", call: "Call") -> bool:
        """Whether the call is to be dialled now; asked in the transaction that claims it."""

    def next(self, session: "Session", call: "Call", position: "Position | None", heard: "Heard") -> "Turn":
        """Stores what was heard at ``position`` (None: the call was just answered) and returns what to say."""

    def ended(self, session: "Session", call: "Call") -> None:
        """The call has ended (``call.ending``); told exactly once, also for calls that were never placed."""

    def was_machine(self, session: "Session", call: "Call") -> None:
        """The provider says, after the call has ended, that a machine had answered it."""


@runtime_checkable
class AskedForMany(Protocol):
    """A call owner who can say of many calls at once which are still wanted, in a handful of statements."""

    def wanted_of(self, session: "Session", calls: Sequence["Call"]) -> "frozenset[UUID]":
        """The ids of those of its calls that are to be dialled now; asked as ``still_wanted`` is."""


@runtime_checkable
class MakesUp(Protocol):
    """A call owner who rings again where somebody pressed a key and nobody of us was there to hear it."""

    def was_lost(self, session: "Session", call: "Call") -> None:
        """The provider says, after the call has ended, that it broke off because nobody of us answered."""


@dataclass(frozen=True)
class InboundCall:
    """Who takes a call that somebody made to us, and with which dialogue."""

    owner: str
    dialogue: "Dialogue"
    listener: Listener = EVERYBODY


class Switchboard(Protocol):
    """Decides who takes the calls and texts that come in."""

    def inbound(self, session: "Session", number: str | None) -> InboundCall:
        """Takes a call from ``number`` (E.164, None when withheld)."""

    def adopt(self, session: "Session", call: "Call") -> None:
        """Ties the newly made call row to what the owner expects of it."""


class TextOwner(Protocol):
    """Whoever wanted a text is told how it ended. Each method runs inside the transaction that learnt it."""

    def delivered(self, session: "Session", text: "Text") -> None:
        """The text has arrived, perhaps after it was said to have failed."""

    def failed(self, session: "Session", text: "Text") -> None:
        """The text will not arrive (``text.state`` and ``text.failure`` say why); told at most once."""


class TextReader(Protocol):
    """Makes something of the texts that come in."""

    def read(self, session: "Session", text: "TextIn", wish: Wish | None) -> None:
        """Reads a text, once, in the transaction that marks it as read; its ``wish`` has been honoured already."""


LostAnswer = Callable[["Session", str, str], None]
"""Gives an answer that could never be stored to a person: a telephone as the provider writes it, and the key."""
FirstHeld = Callable[["Session", "UUID"], None]
"""Holds, before the call with this id is held, what its owner changes together with it."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Later(Generic[_T]):
    """Somebody who is only loaded when first asked: most commands end no call, and start faster for it."""

    load: Callable[[], _T]


_owners: dict[str, CallOwner | Later[CallOwner]] = {}
_text_owners: dict[str, TextOwner | Later[TextOwner]] = {}
_text_reader: TextReader | Later[TextReader] | None = None
_switchboard: Switchboard | Later[Switchboard] | None = None
_first_held: FirstHeld | Later[FirstHeld] | None = None
_lost_answer: LostAnswer | Later[LostAnswer] | None = None


def load_all() -> None:
    """Loads everybody who was to be loaded later: a call that is under way must not wait for it."""
    global _text_reader, _switchboard, _first_held, _lost_answer
    _owners.update({name: _loaded(each) for name, each in _owners.items()})
    _text_owners.update({name: _loaded(each) for name, each in _text_owners.items()})
    _text_reader = _text_reader and _loaded(_text_reader)
    _switchboard = _switchboard and _loaded(_switchboard)
    _first_held = _first_held and _loaded(_first_held)
    _lost_answer = _lost_answer and _loaded(_lost_answer)


def register(name: str, owner: CallOwner | Later[CallOwner]) -> None:
    """Calls whose ``owner`` is ``name`` are ``owner``'s."""
    _owners[name] = owner


def register_switchboard(switchboard: Switchboard | Later[Switchboard]) -> None:
    """Calls that come in are ``switchboard``'s to place."""
    global _switchboard
    _switchboard = switchboard


def owner_of(call: "Call") -> CallOwner:
    """The owner of a call; raises ``KeyError`` when the entrance has registered none."""
    _owners[call.owner] = owner = _loaded(_owners[call.owner])
    return owner


def switchboard() -> Switchboard:
    """The switchboard; raises ``RuntimeError`` when the entrance has registered none."""
    if _switchboard is None:
        raise RuntimeError("no switchboard is registered")
    return _loaded(_switchboard)


def register_first_held(first_held: FirstHeld | Later[FirstHeld]) -> None:
    """Before a call is held, ``first_held`` holds what belongs to it."""
    global _first_held
    _first_held = first_held


def hold_first(session: "Session", call_id: "UUID") -> None:
    """Holds what is to be held before this call."""
    if _first_held is not None:
        _loaded(_first_held)(session, call_id)


def register_lost_answer(lost_answer: LostAnswer | Later[LostAnswer]) -> None:
    """An answer that could never be stored is ``lost_answer``'s to tell of."""
    global _lost_answer
    _lost_answer = lost_answer


def tell_of_lost_answer(session: "Session", telephone: str, key: str) -> None:
    """A person is told; raises ``RuntimeError`` when the entrance has registered nobody who does."""
    if _lost_answer is None:
        raise RuntimeError("nobody is registered to tell of a lost answer")
    _loaded(_lost_answer)(session, telephone, key)


def register_text_owner(name: str, owner: TextOwner | Later[TextOwner]) -> None:
    """Texts whose ``owner`` is ``name`` are ``owner``'s."""
    _text_owners[name] = owner


def text_owner_of(text: "Text") -> TextOwner | None:
    """The owner of a text; None when nobody needs to know how it ended. Raises ``KeyError`` for an unknown one."""
    return _loaded(_text_owners[text.owner]) if text.owner else None


def register_text_reader(reader: TextReader | Later[TextReader]) -> None:
    """Texts that come in are ``reader``'s to read."""
    global _text_reader
    _text_reader = reader


def text_reader() -> TextReader:
    """The reader of texts; raises ``RuntimeError`` when the entrance has registered none."""
    if _text_reader is None:
        raise RuntimeError("no reader of texts is registered")
    return _loaded(_text_reader)


def _loaded(known: _T | Later[_T]) -> _T:
    return known.load() if isinstance(known, Later) else known
