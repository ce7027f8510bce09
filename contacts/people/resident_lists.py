"""Lists of residents that the office keeps for purposes of its own, such as a choir or a course."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contacts.models import Resident, ResidentList, ResidentListMember
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running import events


def lists(session: Session, community_id: UUID) -> Sequence[ResidentList]:
    """All lists of a community, by name."""
    found = select(ResidentList).where(ResidentList.community_id == community_id)
    return session.scalars(found.order_by(ResidentList.name)).all()


def sizes(session: Session, community_id: UUID) -> dict[UUID, int]:
    """How many residents who are looked after are on each list that has any."""
    counted = (
        select(ResidentListMember.list_id, func.count())
        .join(Resident, Resident.id == ResidentListMember.resident_id)
        .where(Resident.community_id == community_id, Resident.removed_at.is_(None))
        .group_by(ResidentListMember.list_id)
    )
    return dict(session.execute(counted).all())


def find(session: Session, community_id: UUID, name: str) -> ResidentList:
    """The list of this name; raises ``NotFoundError`` that says which there are."""
    known = lists(session, community_id)
    for each in known:
        if each.name == name.strip():
            return each
    raise NotFoundError(
        "There is no list {value}.", way_out="There are: {known}.", field="list", value=name,
        known=", ".join(each.name for each in known) or "-",
    )  # fmt: skip


def create(session: Session, actor: Actor, community_id: UUID, name: str) -> ResidentList:
    """A list with nobody on it; raises ``UserError`` without a name, ``ConflictError`` for one that there is."""
    wanted = name.strip()
    if not wanted:
        raise UserError("The list needs a name.", way_out="Give it one.", field="list", value=name)
    if any(each.name == wanted for each in lists(session, community_id)):
        raise ConflictError("There is a list {value} already.", way_out="Choose another name.", field="list",
                            value=wanted)  # fmt: skip
    made = ResidentList(id=new_id(), community_id=community_id, name=wanted)
    session.add(made)
    session.flush()
    events.append(session, actor, "list.created", made.id, name=wanted)
    return made


def members(session: Session, list_id: UUID) -> Sequence[Resident]:
    """Who is on a list and is looked after, in the order of enrolment."""
    on_it = select(ResidentListMember.resident_id).where(ResidentListMember.list_id == list_id)
    found = select(Resident).where(Resident.id.in_(on_it), Resident.removed_at.is_(None))
    return session.scalars(found.order_by(Resident.id)).all()


def put_on(session: Session, actor: Actor, kept: ResidentList, residents: Sequence[Resident]) -> int:
    """Puts residents on a list; returns how many were not on it before."""
    on_it = set(session.scalars(select(ResidentListMember.resident_id).where(ResidentListMember.list_id == kept.id)))
    new = {each.id for each in residents if each.community_id == kept.community_id} - on_it
    session.add_all(ResidentListMember(list_id=kept.id, resident_id=each) for each in sorted(new))
    session.flush()
    if new:
        events.append(session, actor, "list.changed", kept.id, name=kept.name, added=len(new))
    return len(new)


def take_off(session: Session, actor: Actor, kept: ResidentList, residents: Sequence[Resident]) -> int:
    """Takes residents off a list; returns how many were on it."""
    theirs = ResidentListMember.resident_id.in_([each.id for each in residents])
    gone = session.execute(delete(ResidentListMember).where(ResidentListMember.list_id == kept.id, theirs))
    count = int(gone.rowcount)  # type: ignore[attr-defined]
    if count:
        events.append(session, actor, "list.changed", kept.id, name=kept.name, removed=count)
    return count
