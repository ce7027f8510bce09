"""Ids as people read and type them.

UUIDs of version 7 made within a minute begin alike, so what is printed is the end of one, which is random. Whatever
names exactly one row is understood: the printed end, a beginning, the whole id, or ``latest``.
"""

import string
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.errors import ConflictError, NotFoundError

DIGITS = 8
FEWEST = 4
LATEST = "latest"
_ALL = 32
_SHOWN_AT_MOST = 10


@dataclass(frozen=True)
class Named:
    """What an id is the id of: its column, the sentence that there is none (with ``{value}``), and what to do then.

    ``none_yet`` is said of ``latest`` where there is nothing at all.
    """

    column: InstrumentedAttribute[UUID]
    missing: str
    way_out: str
    none_yet: str = ""


def short(whole: UUID | str, digits: int = DIGITS) -> str:
    """The last ``digits`` hexadecimal digits of an id: what is printed, and can be typed."""
    return str(whole).replace("-", "")[-digits:]


def resolve(session: Session, named: Named, written: str) -> UUID:
    """The id that ``written`` means: a whole one, its end or beginning (at least ``FEWEST`` digits), or ``latest``.

    Raises ``NotFoundError`` when it means none, ``ConflictError`` naming them when it means several.
    """
    found = _found(session, named.column, written.strip().lower())
    if not found and named.none_yet and written.strip().lower() == LATEST:
        raise NotFoundError(named.none_yet, field="id", value=LATEST)
    if not found:
        raise NotFoundError(named.missing, way_out=named.way_out, field="id", value=written.strip())
    if len(found) > 1:
        raise ConflictError(
            "{value} means several.",
            way_out="Write more of its digits: {known}.",
            field="id",
            value=written.strip(),
            known=", ".join(str(each) for each in found),
        )
    return found[0]


def _found(session: Session, column: InstrumentedAttribute[UUID], written: str) -> list[UUID]:
    if written == LATEST:
        return list(session.scalars(select(column).order_by(column.desc()).limit(1)))
    digits = written.replace("-", "")
    if not FEWEST <= len(digits) <= _ALL or not set(digits) <= set(string.hexdigits):
        return []
    if len(digits) == _ALL:
        return list(session.scalars(select(column).where(column == UUID(digits))))
    text = func.replace(cast(column, String), "-", "")
    matches = or_(text.like(f"{digits}%"), text.like(f"%{digits}"))
    return list(session.scalars(select(column).where(matches).order_by(column).limit(_SHOWN_AT_MOST)))
