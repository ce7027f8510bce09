"""Finding a home or an area by what a person writes: an address, a name, or an id."""

from sqlalchemy.orm import Session

from contacts import queries
from contacts.community.community import the_community
from contacts.models import Area, Household
from contacts.profiles import address_of, area_written
from contacts.rows import addresses
from core.errors import ConflictError, NotFoundError, UserError
from core.short_ids import Named, resolve, short

_HOME = Named(Household.id, "There is no household {value}.", "`zaoan household list` names them.")
_AREA = Named(Area.id, "There is no area {value}.", "`zaoan area list` names them.")


def find_household(session: Session, written: str) -> Household:
    """The home at this address (``3号楼2单元501室``) or with this (short) id; raises ``NotFoundError``."""
    community = the_community(session)
    try:
        meant = addresses.address(written, community.name)
    except UserError:
        return session.get_one(Household, resolve(session, _HOME, written))
    tree = queries.areas(session, community.id)
    for each in queries.households_by_room(session, community.id, meant.room):
        if address_of(each, tree) == meant:
            return each
    raise NotFoundError(_HOME.missing, way_out=_HOME.way_out, field="household", value=written)


def find_area(session: Session, written: str) -> Area:
    """The area that is called so (``3号楼``, ``3号楼2单元``, ``第二网格``), or with this (short) id.

    Raises ``NotFoundError``, and ``ConflictError`` for several.
    """
    community = the_community(session)
    tree, text = queries.areas(session, community.id), "".join(written.split())
    names = {each.id: area_written(each, tree) for each in tree.values()}
    found = [each for each in tree.values()
             if text in {_tight(names[each.id].chinese), _tight(names[each.id].english)}]  # fmt: skip
    if len(found) > 1:
        raise ConflictError("{value} is several areas.", way_out="Write one of their ids: {known}.", field="area",
                            value=written, known=[short(each.id) for each in found])  # fmt: skip
    return found[0] if found else session.get_one(Area, resolve(session, _AREA, written))


def _tight(text: str) -> str:
    return "".join(text.split())
