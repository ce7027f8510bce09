"""The tree of areas: community → grid → building → unit, as the office draws it."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import places
from contacts.community.community import root_area
from contacts.models import Area, AreaKind, Community
from contacts.people.particulars import filled
from contacts.queries import dwellings
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running import events
from core.short_ids import short

WITHIN = {
    AreaKind.GRID: (AreaKind.COMMUNITY,),
    AreaKind.BUILDING: (AreaKind.COMMUNITY, AreaKind.GRID),
    AreaKind.UNIT: (AreaKind.BUILDING,),
}
"""In what an area of each kind can lie."""
_SPELLED = {AreaKind.BUILDING: places.building_name, AreaKind.UNIT: places.unit_name}


def create(
    session: Session, actor: Actor, community: Community, kind: AreaKind, name: str, parent_id: UUID | None = None
) -> Area:
    """An area in another one (None: in the community itself); different spellings of a building are one.

    Raises ``UserError`` for a name or a place that it cannot have, ``NotFoundError`` for a parent that there is not,
    ``ConflictError`` for an area that there is.
    """
    parent = _parent(session, community.id, kind, parent_id or root_area(session, community).id)
    made = Area(id=new_id(), community_id=community.id, parent_id=parent.id, kind=kind, name=spelled(kind, name))
    _refuse_known(session, made, made.name, parent.id)
    session.add(made)
    session.flush()
    events.append(session, actor, "area.created", made.id)
    return made


def rename(session: Session, actor: Actor, area_id: UUID, name: str) -> list[Changed]:
    """Another name for a grid, a building or a unit, with all that lies in it; raises as ``create`` does."""
    area = held(session, area_id)
    before, after = area.name, spelled(area.kind, name)
    if before == after:
        return []
    _refuse_known(session, area, after, area.parent_id)
    area.name = after
    session.flush()
    events.append(session, actor, "area.changed", area.id, what="name")
    return [Changed("name", before, after)]


def move(session: Session, actor: Actor, area_id: UUID, parent_id: UUID) -> Area:
    """The area lies in another one from now on, with all that lies in it; raises as ``create`` does."""
    area = held(session, area_id)
    parent = _parent(session, area.community_id, area.kind, parent_id)
    if area.parent_id != parent.id:
        _refuse_known(session, area, area.name, parent.id)
        before, area.parent_id = area.parent_id, parent.id
        session.flush()
        events.append(session, actor, "area.moved", area.id, to=str(parent.id), **{"from": str(before)})
    return area


def remove(session: Session, actor: Actor, area_id: UUID) -> None:
    """Takes away an area in which nothing lies, and which nobody looks after; raises ``ConflictError`` for others."""
    area = held(session, area_id)
    if dwellings.is_in_use(session, area_id):
        raise ConflictError("“{value}” is not empty.", field="area", value=area.name,
                            way_out="Move away first what lies in it, and whoever looks after it.")  # fmt: skip
    session.delete(area)
    session.flush()
    events.append(session, actor, "area.removed", area_id)


def held(session: Session, area_id: UUID) -> Area:
    """A grid, a building or a unit, held until the transaction ends.

    Raises ``NotFoundError``, and ``ConflictError`` for the community itself.
    """
    session.flush()
    area = dwellings.hold_area(session, area_id)
    if area is None:
        raise _no_area(area_id)
    if area.kind == AreaKind.COMMUNITY:
        raise ConflictError("“{value}” is the community itself.", way_out="Change it with: zaoan community set",
                            field="area", value=area.name)  # fmt: skip
    return area


def spelled(kind: AreaKind, name: str) -> str:
    """A name in the spelling of the database; raises ``UserError`` where there is none."""
    written = filled(name, "name")
    return _SPELLED[kind](written) if kind in _SPELLED else written


def _parent(session: Session, community_id: UUID, kind: AreaKind, parent_id: UUID) -> Area:
    parent = session.get(Area, parent_id)
    if parent is None or parent.community_id != community_id:
        raise _no_area(parent_id)
    if parent.kind not in WITHIN.get(kind, ()):
        raise UserError("“{value}” cannot hold an area of this kind.",
                        way_out="A grid lies in the community, a building there or in a grid, a unit in a building.",
                        field="parent", value=parent.name)  # fmt: skip
    return parent


def _refuse_known(session: Session, area: Area, name: str, parent_id: UUID | None) -> None:
    """A building is known by its name wherever it lies; of other areas two may be called alike in different places."""
    for known in dwellings.areas_named(session, area.community_id, area.kind, name):
        if known.id != area.id and (area.kind == AreaKind.BUILDING or known.parent_id == parent_id):
            raise ConflictError("There is an area “{value}” of this kind already.", way_out="Give it another name.",
                                field="name", value=name)  # fmt: skip


def _no_area(area_id: UUID) -> NotFoundError:
    return NotFoundError("There is no area {value}.", field="area", value=short(area_id))
