"""Changes of whom the family is told by: relatives are added, changed and taken away.

``add``, ``change`` and ``remove`` are for whoever has one relative and what people write; ``tell`` and ``drop`` are the
same for whoever has loaded many and checked the values (a list). Each real change is one event.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import phones, relative_links
from contacts.models import Community, Relative, Resident, Wants
from contacts.people.particulars import RelativeParticulars as RelativeParticulars  # what callers say
from contacts.people.particulars import checked_relative, number_of
from contacts.people.resident_changes import noted
from contacts.people.residents import enrolled
from core import clock
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id

PHONE = "relative_phone"
"""The field that a refused telephone names."""


def add(
    session: Session, actor: Actor, resident_id: UUID, told: RelativeParticulars, ours: Collection[str] = ()
) -> list[Changed]:
    """Writes down a relative, who needs a name and a telephone.

    ``ours`` are our own numbers (E.164), which are no relative's. Raises as ``enrolled`` does, ``PhoneError`` (whose
    ``field`` is ``relative_phone``), ``UserError`` and ``ConflictError`` for a telephone that another one has.
    """
    resident = enrolled(session, resident_id)
    if not told.get("name", "").strip():
        raise UserError("A new relative needs a name.", way_out="Write it with --relative-name.", field="relative",
                        value=told.get("number", ""))  # fmt: skip
    return _stored(session, actor, resident, None, told, ours)


def change(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    written: str,
    told: RelativeParticulars,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes the relative of this name or telephone; raises as ``add`` does, and ``NotFoundError``."""
    resident = enrolled(session, resident_id)
    return _stored(session, actor, resident, _found(session, resident, written), told, ours)


def put(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    written: str,
    told: RelativeParticulars,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes the relative of this name or telephone, or writes down a new one with this telephone and a name."""
    resident = enrolled(session, resident_id)
    if _known(session, resident, written):
        return change(session, actor, resident_id, written, told, ours)
    return add(session, actor, resident_id, RelativeParticulars(number=written) | told, ours)


def remove(session: Session, actor: Actor, resident_id: UUID, written: str) -> list[Changed]:
    """The relative of this name or telephone is told nothing any more; raises as ``change`` does."""
    resident = enrolled(session, resident_id)
    gone = drop(session, actor, resident, _found(session, resident, written))
    session.flush()
    return [gone]


def tell(
    session: Session, actor: Actor, resident: Resident, known: Relative | None, told: Mapping[str, object]
) -> list[Changed]:
    """Values that were checked, ``number`` E.164: what is told of the relative replaces what was."""
    before = facts(known) if known else None
    relative = known or Relative(id=new_id(), resident_id=resident.id, relation="", email="",
                                 language=resident.language, wants=Wants.PROBLEMS)  # fmt: skip
    for what, value in told.items():
        if getattr(relative, what) != value:
            setattr(relative, what, value)
            if what == "number" and known is not None:
                relative_links.end(session, actor, resident.id, relative.id)
            if what == "wants":
                relative.wants_since = clock.now()
    if known is None:
        resident.relatives.append(relative)
    after = facts(relative)
    return noted(session, actor, resident.id, [Changed("relative", before, after)] if before != after else [])


def drop(session: Session, actor: Actor, resident: Resident, known: Relative) -> Changed:
    """The relative is told nothing any more, and their link shows nothing."""
    before = facts(known)
    relative_links.end(session, actor, resident.id, known.id)
    resident.relatives.remove(known)
    session.delete(known)
    [done] = noted(session, actor, resident.id, [Changed("relative", before, None)])
    return done


def find(session: Session, resident_id: UUID, written: str) -> Relative:
    """The relative of this name or telephone; raises as ``change`` does."""
    return _found(session, enrolled(session, resident_id), written)


def facts(relative: Relative) -> dict[str, str]:
    """What is written down about a relative; ``number`` is E.164."""
    return {"name": relative.name, "relation": relative.relation, "number": relative.number, "wants": relative.wants,
            "email": relative.email, "language": relative.language}  # fmt: skip


def _stored(
    session: Session,
    actor: Actor,
    resident: Resident,
    known: Relative | None,
    told: RelativeParticulars,
    ours: Collection[str],
) -> list[Changed]:
    values = checked_relative(told)
    if known is None or "number" in told:
        values["number"] = _free_number(session, resident, told.get("number", ""), known, ours)
    changes = tell(session, actor, resident, known, values)
    session.flush()
    return changes


def _free_number(
    session: Session, resident: Resident, written: str, whose: Relative | None, ours: Collection[str]
) -> str:
    number = number_of(session.get_one(Community, resident.community_id), written, ours, PHONE)
    if any(each.number == number and each is not whose for each in resident.relatives):
        raise ConflictError("“{value}” is written for two relatives.", way_out="Keep one of them.", field="relative",
                            value=written)  # fmt: skip
    return number


def _found(session: Session, resident: Resident, written: str) -> Relative:
    known = _known(session, resident, written)
    if not known:
        raise NotFoundError(
            "{value} is no relative of {name}.", way_out="There are: {known}.", field="relative", value=written,
            name=resident.name, known=[each.name for each in resident.relatives] or "-",
        )  # fmt: skip
    if len(known) > 1:
        raise ConflictError("{value} is several relatives.", way_out="Write the telephone of one of them.",
                            field="relative", value=written)  # fmt: skip
    return known[0]


def _known(session: Session, resident: Resident, written: str) -> list[Relative]:
    named = [each for each in resident.relatives if each.name == written.strip()]
    if named:
        return named
    try:
        number = number_of(session.get_one(Community, resident.community_id), written)
    except phones.PhoneError:
        return []
    return [each for each in resident.relatives if each.number == number]
