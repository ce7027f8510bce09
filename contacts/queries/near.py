"""Every SELECT of one home as a ladder sees it, in one statement: where it lies, its telephones, its flags."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Uuid,
    bindparam,
    cast,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from contacts import queries
from contacts.models import Area, Community, Household, Phone, Resident, ResidentFlag
from contacts.profiles import ResidentProfile, profile_at
from core.encryption import lookup_key

_AREA, _PHONE, _FLAG = "area", "phone", "flag"
Part = Any
"""A SELECT of rows of ``HomeRow``."""
_NO_ID, _EMPTY, _ZERO = cast(null(), Uuid()), literal_column("''", String), literal_column("0", Integer)


class HomeRow(NamedTuple):
    """One row of what belongs to a home; whatever else is asked in the same statement has its own ``what``."""

    what: str
    id: UUID | None
    kind: str
    name: str
    place: int


@dataclass(frozen=True)
class AreaAround:
    """An area in which a home lies."""

    id: UUID
    kind: str
    name: str


@dataclass(frozen=True)
class Home:
    """A resident's home: the ``areas`` around it, nearest first, and the resident's ``flags``.

    ``numbers`` are the telephones (E.164) of everybody who lives there, each with whose it is, the first to be tried
    first.
    """

    areas: tuple[AreaAround, ...]
    numbers: tuple[tuple[str, UUID], ...]
    flags: tuple[str, ...]

    @property
    def area_ids(self) -> tuple[UUID, ...]:
        """The home's area and those around it, nearest first."""
        return tuple(area.id for area in self.areas)


def home_parts() -> Sequence[Part]:
    """What belongs to the home of ``:resident_id``, for a UNION ALL; ``home_in`` reads its rows."""
    resident_id = bindparam("resident_id", type_=Uuid())
    at_home = select(Resident.household_id).where(Resident.id == resident_id).scalar_subquery()
    kind = type_coerce(Area.kind, String).label("kind")  # other parts have none
    name = type_coerce(Area.name, String).label("name")  # other parts are encrypted otherwise, or not
    nearest = (
        select(Area.id, Area.parent_id, kind, name, literal(0).label("distance"))
        .join(Household, Household.area_id == Area.id)
        .where(Household.id == at_home)
        .cte("around", recursive=True)
    )
    around = nearest.union_all(
        select(Area.id, Area.parent_id, kind, name, nearest.c.distance + 1)
        .where(Area.id == nearest.c.parent_id)
    )  # fmt: skip
    return (
        select(_word(_AREA), around.c.id, around.c.kind, around.c.name, around.c.distance),
        select(_word(_PHONE), Phone.resident_id, _EMPTY, Phone.number, Phone.position)
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Resident.household_id == at_home, queries.is_good()),
        select(_word(_FLAG), _NO_ID, _EMPTY, ResidentFlag.flag, _ZERO)
        .where(ResidentFlag.resident_id == resident_id),
    )  # fmt: skip


def other(what: str, name: InstrumentedAttribute[str]) -> Part:
    """Names of another kind, asked in the same statement as a home."""
    return select(_word(what), _NO_ID, _EMPTY, name, _ZERO)


def home_in(rows: Iterable[HomeRow]) -> Home:
    """The home that these rows tell of; areas and telephones stand in them as they are kept."""
    key = lookup_key.current()
    parts: dict[str, list[HomeRow]] = {_AREA: [], _PHONE: [], _FLAG: []}
    for row in rows:
        parts.setdefault(row.what, []).append(row)
    areas = sorted(parts[_AREA], key=lambda row: row.place)
    phones = sorted(parts[_PHONE], key=lambda row: (row.id, row.place))
    return Home(
        tuple(AreaAround(row.id, row.kind, key.places.opened(row.name)) for row in areas if row.id),
        tuple((key.numbers.opened(row.name), row.id) for row in phones if row.id),
        tuple(sorted(row.name for row in parts[_FLAG])),
    )


def profile(session: Session, resident_id: UUID, home: Home) -> ResidentProfile:
    """The profile of a resident whose home is known; raises ``NotFoundError``."""
    resident = queries.resident(session, resident_id)
    household = session.get_one(Household, resident.household_id)
    community = session.get_one(Community, resident.community_id)
    numbers = tuple(number for number, whose in home.numbers if whose == resident_id)
    return profile_at(resident, household, community, home.areas, home.flags, numbers)


def _word(what: str) -> ColumnElement[str]:
    return literal_column(f"'{what}'", String).label("what")
