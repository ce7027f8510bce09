"""Lists a page at a time: a cursor says after which row the next page begins, whatever comes and goes meanwhile."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.errors import UserError

LONGEST = 200
Limit = Annotated[int, Query(ge=1, le=LONGEST, description="So many at most on one page.")]
Cursor = Annotated[
    str | None, Query(max_length=60, description="What the page before has given as `next`; none for the first page.")
]
T = TypeVar("T")
Row = TypeVar("Row", bound="HasId")


class HasId(Protocol):
    """A row that can be paged."""

    @property
    def id(self) -> Any:
        """UUID version 7: in the order in which rows were made."""


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null on the last one.", examples=[None])


def page(
    session: Session,
    rows: Select[Row],
    by: InstrumentedAttribute[UUID],
    cursor: str | None,
    limit: int,
    shown: Callable[[Sequence[Row]], Sequence[T]],
    *,
    newest_first: bool = False,
) -> Page[T]:
    """A page of ``rows``; raises ``UserError`` for a cursor that no page has given."""
    begin = _meant(cursor)
    if begin is not None:
        rows = rows.where(by < begin if newest_first else by > begin)
    found = session.scalars(rows.order_by(by.desc() if newest_first else by).limit(limit + 1)).all()
    here = found[:limit]
    following = _cursor(here[-1].id) if len(found) > limit else None
    return Page[T].model_construct(items=list(shown(here)), next=following)


def _cursor(row_id: UUID) -> str:
    return urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def _meant(cursor: str | None) -> UUID | None:
    if not cursor:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, Error) as wrong:
        raise UserError("“{value}” is no cursor.", way_out="Take the one that the page before has given as next.",
                        field="cursor", value=cursor) from wrong  # fmt: skip
