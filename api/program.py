"""The program that asks, and its units of work: what it looks up and changes is of its own community."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from contacts.community.community import act_for
from core.errors import NotFoundError
from core.identity.visitor import Visitor
from core.short_ids import short
from core.storage.database import Base, reading, write

_T = TypeVar("_T")
_Row = TypeVar("_Row", bound=Base)


async def _program(request: Request) -> Visitor:
    """The gate has let it in, so that it is known."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    if found is None:
        raise RuntimeError(f"{request.url.path} was asked for past the gate")
    return found


Program = Annotated[Visitor, Depends(_program)]


@contextmanager
def looking(program: Visitor) -> Iterator[Session]:
    """A transaction that only reads, in the community of the program."""
    with reading() as session:
        act_for(session, program.community_id)
        yield session


def changing(program: Visitor, work: Callable[[Session], _T]) -> _T:
    """The result of ``work`` in a unit of work, in the community of the program."""

    def there(session: Session) -> _T:
        act_for(session, program.community_id)
        return work(session)

    return write(there)


def own(session: Session, program: Visitor, table: type[_Row], row_id: UUID, what: str, field: str = "id") -> _Row:
    """The row of this id, if it is of the program's community; for all others it raises ``NotFoundError``.

    ``what`` is the sentence that says so: of another community there is nothing to be learnt.
    """
    found = session.get(table, row_id)
    if found is None or getattr(found, "community_id") != program.community_id:  # noqa: B009 - not every table has it
        raise NotFoundError(what, field=field, value=short(row_id))
    return found
