"""Whoever guesses at a PIN: after a few wrong ones none is accepted from that telephone for a while, not the right one.

All of it is real time: how fast somebody can guess does not depend on the clock of a rehearsal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from contacts import pins
from contacts.models import Responder
from core import actors, clock
from core.running import events
from core.storage import held_rows

MOST_WRONG = 5
WITHIN = timedelta(hours=1)
REFUSED_FOR = timedelta(hours=1)
"""Five guesses an hour at a PIN of six digits need eleven years for an even chance."""


@dataclass(frozen=True)
class Guesses:
    """When wrong PINs were typed of late, and until when none is accepted (None: they are)."""

    wrong: Sequence[datetime] = ()
    refused_until: datetime | None = None

    def are_refused(self, now: datetime) -> bool:
        """Whether no PIN is accepted now."""
        return self.refused_until is not None and now < self.refused_until

    def and_another(self, now: datetime) -> "Guesses":
        """After one more wrong PIN."""
        recent = (*(at for at in self.wrong if at > now - WITHIN), now)
        return Guesses((), now + REFUSED_FOR) if len(recent) >= MOST_WRONG else Guesses(recent)


def accept(session: Session, responder: Responder, typed: str) -> bool:
    """Whether ``typed`` is the responder's PIN and may still be believed; a wrong one is remembered.

    Nobody can tell from the answer whether a PIN was wrong or came too late. The office is told once it is refused.
    """
    held_rows.hold(session, responder)
    now, guesses = clock.real_now(), _guesses(responder)
    if responder.pin is None or guesses.are_refused(now):
        return False
    if pins.matches(typed, responder.pin):
        return True
    _remember(responder, guesses.and_another(now))
    if responder.pins_refused_until is not None and now < responder.pins_refused_until:
        events.append(session, actors.caller(), "responder.pins_refused", responder.id, responder=str(responder.id))
    return False


def forget(responder: Responder) -> None:
    """There is a new PIN, at which nobody has guessed yet."""
    _remember(responder, Guesses())


def _guesses(responder: Responder) -> Guesses:
    return Guesses([datetime.fromisoformat(at) for at in responder.wrong_pins], responder.pins_refused_until)


def _remember(responder: Responder, guesses: Guesses) -> None:
    responder.wrong_pins = [at.isoformat() for at in guesses.wrong]
    responder.pins_refused_until = guesses.refused_until
