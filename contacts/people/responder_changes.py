"""Changes of who can go and help: responders are added, changed, removed and brought back.

``add`` and ``change`` are for whoever has one responder and what people write; ``tell`` is the same for whoever has
loaded many and checked the values (a list). Each real change is one event, and what is the same is none.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import pins, queries
from contacts.callers import pin_guesses, refused_numbers
from contacts.columns import ability_words
from contacts.community.community import area, grid
from contacts.models import Area, Community, Responder, Role
from contacts.people.particulars import filled, number_of
from contacts.profiles import area_written
from contacts.rows import cells, names
from contacts.rows.responsibilities import AreaName, areas_named
from core import clock
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, NotFoundError
from core.i18n import Language
from core.ids import new_id
from core.running import events
from core.short_ids import short

PIN = "pin"
_COLUMNS = ("name", "role", "number", "second_number", "language", "email", "chat_address")
_SEVERAL = {"languages": ability_words.spoken, "skills": ability_words.skills}


class ResponderParticulars(TypedDict, total=False):
    """What is told of a responder, as people write it; an empty text empties what may be empty.

    ``areas`` are what they look after (``3号楼、5号楼2单元``), empty for the whole community; ``languages`` what they
    speak besides the ``language`` in which they hear our calls, and ``skills`` what they can do, in our words.
    """

    name: str
    role: Role | str
    number: str
    second_number: str
    language: Language | str
    email: str
    chat_address: str
    pin: str
    areas: str
    languages: str
    skills: str


def add(
    session: Session, actor: Actor, community: Community, told: ResponderParticulars, ours: Collection[str] = ()
) -> Responder:
    """Writes down a responder, who needs a name, a role and a telephone.

    ``ours`` are our own numbers (E.164), which are nobody else's. Raises ``UserError`` and ``PhoneError`` that name the
    field, and ``ConflictError`` for a telephone at which another one is rung first.
    """
    needed = ResponderParticulars(name="", role="", number="")
    values = _checked(community, needed | told, ours)
    _refuse_taken(session, community, values["number"], None)
    responder, _ = tell(session, actor, community, None, values)
    session.flush()
    return responder


def change(
    session: Session, actor: Actor, responder_id: UUID, told: ResponderParticulars, ours: Collection[str] = ()
) -> list[Changed]:
    """What is told replaces what was; what is not told stays.

    A telephone that the provider has refused to ring is tried again, because a person says that it is right. Raises as
    ``helping`` and ``add`` do.
    """
    responder = helping(session, responder_id)
    community = session.get_one(Community, responder.community_id)
    values, before = _checked(community, told, ours), responder.numbers
    if "number" in values:
        _refuse_taken(session, community, values["number"], responder)
    _, changes = tell(session, actor, community, responder, values)
    session.flush()
    for number in filter(None, (values.get("number"), values.get("second_number"))):
        refused_numbers.clear(session, number)
    for gone in set(before) - set(responder.numbers):
        refused_numbers.clear_unowned(session, gone)
    return changes


def mark_removed(session: Session, actor: Actor, responder_id: UUID) -> datetime:
    """From now on the responder is asked about nothing; their name stays with what they did. Returns since when.

    Raises as ``helping`` does.
    """
    responder = helping(session, responder_id)
    responder.removed_at, responder.pin = clock.now(), None
    pin_guesses.forget(responder)
    session.flush()
    for number in responder.numbers:
        refused_numbers.clear_unowned(session, number)
    events.append(session, actor, "responder.removed", responder.id)
    return responder.removed_at


def restore(session: Session, actor: Actor, responder_id: UUID) -> Responder:
    """The removal was a mistake, or they have come back: they are asked as before, and need a new PIN.

    Raises ``NotFoundError``; ``ConflictError`` for who is not removed, or whose telephone another one has by now.
    """
    responder = _held(session, responder_id)
    if responder.removed_at is None:
        raise ConflictError("{value} has not been removed.", way_out="There is nothing to restore.", field="responder",
                            value=responder.name)  # fmt: skip
    community = session.get_one(Community, responder.community_id)
    _refuse_taken(session, community, responder.number, responder)
    responder.removed_at = None
    session.flush()
    events.append(session, actor, "responder.restored", responder.id)
    return responder


def helping(session: Session, responder_id: UUID) -> Responder:
    """A responder who can be asked, held until the transaction ends; raises ``NotFoundError`` or ``ConflictError``."""
    responder = _held(session, responder_id)
    if responder.removed_at is not None:
        raise ConflictError(
            "{value} has been removed.", way_out="If that was a mistake: zaoan responder restore {value}",
            field="responder", value=responder.name,
        )  # fmt: skip
    return responder


def tell(
    session: Session, actor: Actor, community: Community, known: Responder | None, told: Mapping[str, Any]
) -> tuple[Responder, list[Changed]]:
    """Values that were checked: what is told replaces what was; ``areas`` are ``AreaName``, a ``pin`` is as typed.

    A second telephone that has become the first is none any more. Of somebody new there is one event and no change.
    """
    responder = known or Responder(id=new_id(), community_id=community.id, language=community.language, areas=[],
                                   email="", chat_address="", languages=[], skills=[])  # fmt: skip
    values = {what: told[what] for what in _COLUMNS if what in told}
    number = values.get("number", responder.number)
    if "second_number" in values or responder.second_number == number:
        second = values.get("second_number") or None
        values["second_number"] = None if second == number else second
    values |= {what: list(told[what]) for what in _SEVERAL if what in told}
    changes = [Changed(what, getattr(responder, what), after) for what, after in values.items()
               if getattr(responder, what) != after]  # fmt: skip
    for each in changes:
        setattr(responder, each.what, each.after)
    changes += _new_pin(responder, told.get(PIN)) + _new_areas(session, community, responder, told.get("areas"))
    session.add(responder)
    if known is None:
        events.append(session, actor, "responder.added", responder.id, role=str(responder.role))
        return responder, []
    for each in changes:
        events.append(session, actor, "responder.changed", responder.id, what=each.what)
    return responder, changes


def _new_pin(responder: Responder, typed: str | None) -> list[Changed]:
    """Nobody is told what a PIN is or was, only whether there is one."""
    if typed is None or (responder.pin and typed and pins.matches(typed, responder.pin)):
        return []
    had_one = bool(responder.pin)
    if not typed and not had_one:
        return []
    responder.pin = pins.hashed(typed) if typed else None
    pin_guesses.forget(responder)
    return [Changed(PIN, had_one, bool(typed))]


def _new_areas(
    session: Session, community: Community, responder: Responder, areas: Sequence[AreaName] | None
) -> list[Changed]:
    """The areas that are named, made where they are missing; the community's own name means all of it."""
    if areas is None:
        return []
    if any(each.building == community.name for each in areas):
        areas = ()
    after = {each.id: each for each in (_area(session, community, name) for name in areas)}
    if responder.area_ids == after.keys():
        return []
    before, responder.areas = list(responder.areas), list(after.values())
    tree = queries.areas(session, community.id)
    return [Changed("areas", *([area_written(each, tree) for each in some] for some in (before, after.values())))]


def _area(session: Session, community: Community, name: AreaName) -> Area:
    if name.grid:
        return grid(session, community, name.grid)
    return area(session, community, name.building, name.unit)


def _checked(community: Community, told: ResponderParticulars, ours: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = {**told}
    if "name" in found:
        found["name"] = names.one_person(filled(found["name"], "name"))
    if "role" in found:
        found["role"] = cells.role(filled(found["role"], "role"))
    if "number" in found:
        found["number"] = number_of(community, filled(found["number"], "phone"), ours)
    if second := found.get("second_number", "").strip():
        found["second_number"] = number_of(community, second, ours, "second_phone")
    if "language" in found:
        found["language"] = cells.language(filled(found["language"], "language"))
    if found.get(PIN):
        found[PIN] = cells.pin(found[PIN])
    if "areas" in found:
        found["areas"] = areas_named(found["areas"])
    for what, reading in _SEVERAL.items():
        if what in found:
            found[what] = reading(found[what])
    return found


def _refuse_taken(session: Session, community: Community, number: str, whose: Responder | None) -> None:
    for each in queries.all_responders(session, community.id):
        if each.number == number and each is not whose:
            raise ConflictError("{value} is rung at this telephone already.",
                                way_out="Give another telephone, or remove {value} first.", field="phone",
                                value=each.name)  # fmt: skip


def _held(session: Session, responder_id: UUID) -> Responder:
    responder = session.get(Responder, responder_id, with_for_update={"key_share": True})
    if responder is None:
        raise NotFoundError("There is no responder {value}.", way_out="`zaoan responder list` names them.",
                            field="responder", value=short(responder_id))  # fmt: skip
    return responder
