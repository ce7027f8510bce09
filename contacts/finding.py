"""Finding one resident by what a person writes: their name, or a telephone of theirs."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import phones, queries
from contacts.community import the_community
from contacts.models import Community, Resident
from core.errors import ConflictError, NotFoundError


def find_resident(session: Session, written: str) -> Resident:
    """The resident of this name, telephone or id; raises ``NotFoundError``, or ``ConflictError`` for several."""
    community = the_community(session)
    found = _found(session, community, written.strip())
    if not found:
        raise NotFoundError(
            "There is no resident {value}.", way_out="Write the name as in your list, or a telephone number.",
            field="resident", value=written,
        )  # fmt: skip
    if len(found) > 1:
        raise ConflictError(
            "{value} is several residents.",
            way_out="Write one of their ids: {known}.",
            field="resident",
            value=written,
            known=", ".join(f"{each.name} {each.id}" for each in found),
        )
    return found[0]


def _found(session: Session, community: Community, written: str) -> list[Resident]:
    if named := queries.residents_named(session, community.id, written):
        return list(named)
    try:
        known = session.get(Resident, UUID(written))
        return [known] if known else []
    except ValueError:
        pass
    try:
        return list(queries.residents_by_number(
            session, phones.parse(written, community.region, community.area_code)))  # fmt: skip
    except phones.PhoneError:
        return []
