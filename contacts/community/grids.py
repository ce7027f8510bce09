"""Grids (网格): in which of them a building lies, as a list says it."""

from sqlalchemy.orm import Session

from contacts import places
from contacts.community.community import area, grid, root_area
from contacts.models import Area, AreaKind, Community
from core.actors import Actor
from core.running import events


def put_building(session: Session, actor: Actor, community: Community, building: str, name: str) -> Area | None:
    """The building lies in the grid of this name, both made where they are missing.

    One that lies in another grid stays there: a list says where somebody lives, and does not move a whole house.
    Returns that other grid, None where the building lies in the one that is named.
    """
    house = area(session, community, places.building_name(building), "")
    around = session.get_one(Area, house.parent_id)
    if around.kind == AreaKind.GRID:
        return None if around.name == name else around
    before, house.parent_id = root_area(session, community).id, grid(session, community, name).id
    session.flush()
    events.append(session, actor, "area.moved", house.id, to=str(house.parent_id), **{"from": str(before)})
    return None
