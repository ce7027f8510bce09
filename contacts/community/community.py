"""The community and its tree of areas."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts import places
from contacts.models import Area, AreaKind, Community
from core.errors import NotFoundError

_ACTING_FOR = "community"


def the_community(session: Session) -> Community:
    """The community of this installation; raises ``NotFoundError`` before the first start has made it."""
    found = find_community(session)
    if found is None:
        raise NotFoundError(
            "This database has no community yet.", way_out="Start the service once: it makes one from its settings."
        )
    return found


def establish_community(
    session: Session, *, name: str, timezone: str, language: str, region: str, area_code: str
) -> Community:
    """The community, made with the root of its areas on the first start and left as it is ever after."""
    if found := find_community(session):
        return found
    community = Community(name=name, timezone=timezone, language=language, region=region, area_code=area_code)
    session.add(community)
    session.flush()
    session.add(Area(community_id=community.id, kind=AreaKind.COMMUNITY, name=name))
    session.flush()
    return community


def root_area(session: Session, community: Community) -> Area:
    """The area that is the whole community."""
    return session.scalars(select(Area).where(Area.community_id == community.id, Area.parent_id.is_(None))).one()


def area(session: Session, community: Community, building: str, unit: str) -> Area:
    """The unit's area, or the building's where ``unit`` is empty, or the community's; made where it is missing.

    Different spellings of one building or unit are one area.
    """
    found = root_area(session, community)
    if name := places.building_name(building):
        found = _building(session, community, name) or _child(session, community, found.id, AreaKind.BUILDING, name)
    if name := places.unit_name(unit):
        found = _child(session, community, found.id, AreaKind.UNIT, name)
    return found


def grid(session: Session, community: Community, name: str) -> Area:
    """The grid (网格) of that name; made where it is missing."""
    return _child(session, community, root_area(session, community).id, AreaKind.GRID, name)


def act_for(session: Session, community_id: UUID) -> None:
    """What this session looks up and makes from now on is of this community, where a database has several."""
    session.info[_ACTING_FOR] = community_id


def find_community(session: Session) -> Community | None:
    """The community that this session acts for, or the first one; None before the first start has made it."""
    if chosen := session.info.get(_ACTING_FOR):
        return session.get(Community, chosen)
    return session.scalars(select(Community).order_by(Community.id).limit(1)).one_or_none()


def is_told_outside(session: Session, community_id: UUID) -> bool:
    """Whether systems outside are told what happens in this community; no statement where it is loaded already."""
    return session.get_one(Community, community_id).has_webhooks


def _building(session: Session, community: Community, name: str) -> Area | None:
    """A building keeps its place in the tree when it has been put into a grid."""
    named = select(Area).where(Area.community_id == community.id, Area.kind == AreaKind.BUILDING, Area.name == name)
    return session.scalars(named.order_by(Area.id).limit(1)).one_or_none()


def _child(session: Session, community: Community, parent_id: UUID, kind: AreaKind, name: str) -> Area:
    siblings = select(Area).where(Area.parent_id == parent_id, Area.kind == kind, Area.name == name)
    found = session.scalars(siblings).one_or_none()
    if found is None:
        found = Area(community_id=community.id, parent_id=parent_id, kind=kind, name=name)
        session.add(found)
        session.flush()
    return found
