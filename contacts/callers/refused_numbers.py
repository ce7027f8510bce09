"""Refusals: numbers that the provider will never ring are marked for the office to correct."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from contacts.models import RefusedNumber
from contacts.queries import numbers as queries_numbers
from core import actors, clock
from core.running import events


def mark(session: Session, number: str, code: int, call_id: UUID) -> None:
    """The provider refuses ``number`` (E.164) for the reason ``code``; marks of numbers that nobody has now go."""
    session.execute(delete(RefusedNumber).where(~queries_numbers.somebodys(RefusedNumber.number)))
    session.merge(RefusedNumber(number=number, code=code, refused_at=clock.now()))
    events.append(session, actors.system(), "number.refused", call_id, code=code)


def clear(session: Session, *numbers: str) -> None:
    """The provider rings these numbers after all."""
    session.execute(delete(RefusedNumber).where(RefusedNumber.number.in_(numbers)))


def clear_unowned(session: Session, number: str) -> None:
    """The mark of a number goes that nobody has any more."""
    session.execute(
        delete(RefusedNumber).where(RefusedNumber.number == number, ~queries_numbers.somebodys(RefusedNumber.number))
    )
