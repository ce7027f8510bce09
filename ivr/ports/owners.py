"""The seam upward: who owns calls and texts. The floors above implement it, and only the entrance registers them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ivr.dialogue.opt_out_words import Wish
from ivr.listener import EVERYBODY, Listener

if TYPE_CHECKING:  # every command names the owners of calls, and few come to a dialogue
    from uuid import UUID

    from sqlalchemy.orm import Session

    from ivr.dialogue.engine import Dialogue, Heard, Position, Turn
    from ivr.models import Call, Text, TextIn


class CallOwner:
    """Whoever wanted a call decides what is said in it. Each method runs inside the caller's unit of work.

    By default a call is not ours to dial, and nothing comes of its end.
    """

    def still_wanted(self, session: "Session", call: "Call") -> bool:
        """Whether the call is to be dialled now; asked in the transaction that claims it. Legs never wait for that."""
        return False

    def wanted_of(self, session: "Session", calls: "Sequence[Call]") -> "frozenset[UUID]":
        """The ids of those of its calls that are to be dialled now; whoever has many says it in a few statements."""
        return frozenset(call.id for call in calls if self.still_wanted(session, call))

    def next(self, session: "Session", call: "Call", position: "Position | None", heard: "Heard") -> "Turn":
        """Stores what was heard at ``position`` (None: the call was just answered) and returns what to say."""
        raise NotImplementedError

    def ended(self, session: "Session", call: "Call") -> None:
        """The call has ended (``call.ending``); told exactly once, also for calls that were never placed."""

    def was_machine(self, session: "Session", call: "Call") -> None:
        """The provider says, after the call has ended, that a machine had answered it."""

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


class Later(Generic[_T]):
    """Somebody who is only loaded when first asked: most commands end no call, and start faster for it."""

    def __init__(self, load: Callable[[], _T]) -> None:
        self._load = load

    @cached_property
    def loaded(self) -> _T:
        """Whoever it is; loaded once."""
        return self._load()


@dataclass(frozen=True)
class Owners:
    """Everybody to whom the telephone turns: the owners of calls and of texts by their names, and one of each other.

    The floors above implement them, and only the entrance names them (``zaoan.process.owners``).
    """

    calls: Mapping[str, CallOwner | Later[CallOwner]] = field(default_factory=dict)
    texts: Mapping[str, TextOwner | Later[TextOwner]] = field(default_factory=dict)
    switchboard: Switchboard | Later[Switchboard] | None = None
    text_reader: TextReader | Later[TextReader] | None = None
    first_held: FirstHeld | Later[FirstHeld] | None = None
    lost_answer: LostAnswer | Later[LostAnswer] | None = None

    def load_all(self) -> None:
        """Loads everybody who was to be loaded later: a call that is under way must not wait for it."""
        others = (self.switchboard, self.text_reader, self.first_held, self.lost_answer)
        for each in (*self.calls.values(), *self.texts.values(), *others):
            if isinstance(each, Later):
                each.loaded  # noqa: B018 - it is loaded by being looked at


_current = Owners()


def use(named: Owners) -> None:
    """From now on the telephone of this process turns to these."""
    global _current
    _current = named


def current() -> Owners:
    """To whom the telephone of this process turns."""
    return _current


@contextmanager
def using(named: Owners) -> Iterator[Owners]:
    """For the time being the telephone turns to these."""
    before = current()
    use(named)
    try:
        yield named
    finally:
        use(before)


def owner_of(call: "Call") -> CallOwner:
    """The owner of a call; raises ``KeyError`` when the entrance has named none."""
    return _loaded(_current.calls[call.owner])


def text_owner_of(text: "Text") -> TextOwner | None:
    """The owner of a text; None when nobody needs to know how it ended. Raises ``KeyError`` for an unknown one."""
    return _loaded(_current.texts[text.owner]) if text.owner else None


def switchboard() -> Switchboard:
    """The switchboard; raises ``RuntimeError`` when the entrance has named none."""
    return _named(_current.switchboard, "takes calls")


def text_reader() -> TextReader:
    """The reader of texts; raises ``RuntimeError`` when the entrance has named none."""
    return _named(_current.text_reader, "reads texts")


def hold_first(session: "Session", call_id: "UUID") -> None:
    """Holds what is to be held before this call."""
    if _current.first_held is not None:
        _loaded(_current.first_held)(session, call_id)


def tell_of_lost_answer(session: "Session", telephone: str, key: str) -> None:
    """A person is told; raises ``RuntimeError`` when the entrance has named nobody who does."""
    _named(_current.lost_answer, "tells of a lost answer")(session, telephone, key)


def _named(known: _T | Later[_T] | None, does: str) -> _T:
    if known is None:
        raise RuntimeError(f"nobody is named who {does}")
    return _loaded(known)


def _loaded(known: _T | Later[_T]) -> _T:
    return known.loaded if isinstance(known, Later) else known
