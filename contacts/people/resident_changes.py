"""Changes of what is written down about a resident: particulars, flags, telephones, relatives; and what it was."""

from collections.abc import Collection, Iterable, Sequence
from datetime import time
from typing import TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import name_readings, phones
from contacts.columns import vocabulary
from contacts.models import Community, Phone, Relative, Resident, ResidentFlag, Wants
from contacts.people import refused_numbers
from contacts.people.residents import enrolled
from contacts.queries_audience import carried_flags, usual_flags
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, NotFoundError, UserError
from core.i18n import Language
from core.ids import new_id
from core.running import events
from core.timbre import Timbre

MOST_NUMBERS = 2
"""Telephones that staff set: the first, and another to try."""


class Particulars(TypedDict, total=False):
    """What is told of a person; None empties what may be empty."""

    name: str
    called: str
    reading: str
    birth_year: int | None
    language: Language
    pace: int | None
    timbre: Timbre
    call_time: time | None
    notes: str


class RelativeParticulars(TypedDict, total=False):
    """What is told of a relative; ``number`` is what people write."""

    name: str
    number: str
    relation: str
    language: Language
    wants: Wants


def set_particulars(session: Session, actor: Actor, resident_id: UUID, told: Particulars) -> list[Changed]:
    """What is told replaces what was; what is not told stays. Raises as ``enrolled`` does, and ``UserError``."""
    resident = enrolled(session, resident_id)
    for field in ("name", "called"):
        if field in told and not str(told.get(field)).strip():
            raise UserError("Nothing is written here.", way_out="Fill it in.", field=field, value="")
    if told.get("reading"):
        told["reading"] = name_readings.reading(told["reading"], told.get("name", resident.name))
    changes = []
    for what, value in told.items():
        after = " ".join(value.split()) if isinstance(value, str) and what in {"name", "called"} else value
        if (before := getattr(resident, what)) != after:
            setattr(resident, what, after)
            changes.append(Changed(what, before, after))
    return _told(session, actor, resident, changes)


def set_flags(
    session: Session, actor: Actor, resident_id: UUID, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> list[Changed]:
    """Adds and takes away flags, words of the vocabulary or of this community in any spelling.

    Raises as ``enrolled`` does, and ``UserError`` for a word that nobody knows.
    """
    resident = enrolled(session, resident_id)
    known, usual = carried_flags(session, resident.community_id), usual_flags(session, resident.community_id)
    added, taken = vocabulary.chosen_flags(add, known, usual), vocabulary.chosen_flags(remove, known, usual)
    before = {each.flag: each for each in resident.flags}
    after = (before.keys() | set(added)) - set(taken)
    for flag in before.keys() - after:
        resident.flags.remove(before[flag])
        session.delete(before[flag])
    resident.flags += [ResidentFlag(resident_id=resident.id, flag=flag) for flag in sorted(after - before.keys())]
    session.flush()
    changes = [Changed("flags", sorted(before), sorted(after))] if after != before.keys() else []
    return _told(session, actor, resident, changes)


def set_numbers(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    first: str | None = None,
    second: str | None = None,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes the first or second telephone, as people write it; an empty second one is taken away.

    What the provider has refused to ring is tried again, because a person says that it is right. ``ours`` are our own
    numbers (E.164), which are nobody else's. Raises as ``enrolled`` does, and ``PhoneError``, whose ``field`` is
    ``phone`` or ``second_phone``.
    """
    resident = enrolled(session, resident_id)
    community = session.get_one(Community, resident.community_id)
    before = [phone.number for phone in resident.phones]
    firsts = before[:1] if first is None else [_number(community, first, ours)]
    others = before[1:MOST_NUMBERS]
    if second is not None:
        others = [_number(community, second, ours, "second_phone")] if second else []
    after = list(dict.fromkeys([*firsts, *others, *before[MOST_NUMBERS:]]))
    for number in after:
        refused_numbers.clear(session, number)
    if after == before:
        return []
    _store_numbers(session, resident, after)
    for gone in set(before) - set(after):
        refused_numbers.clear_unowned(session, gone)
    return _told(session, actor, resident, [Changed("telephones", before, after)])


def set_relative(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    written: str,
    told: RelativeParticulars,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes the relative of this name or telephone, or writes down a new one with this telephone and a name.

    ``ours`` are our own numbers (E.164), which are no relative's. Raises as ``enrolled`` does, ``PhoneError`` (whose
    ``field`` is ``relative_phone``), ``UserError`` and ``ConflictError``.
    """
    resident = enrolled(session, resident_id)
    community = session.get_one(Community, resident.community_id)
    known = _relatives(community, resident, written)
    if len(known) > 1:
        raise ConflictError("{value} is several relatives.", way_out="Write the telephone of one of them.",
                            field="relative", value=written)  # fmt: skip
    relative = known[0] if known else _new_relative(community, resident, written, told, ours)
    before = relative_facts(relative) if known else None
    if "number" in told:
        relative.number = _free_number(community, resident, told["number"], relative, ours)
    for what in ("name", "relation", "language", "wants"):
        if what in told:
            setattr(relative, what, told[what])
    session.flush()
    after = relative_facts(relative)
    return _told(session, actor, resident, [Changed("relative", before, after)] if before != after else [])


def remove_relative(session: Session, actor: Actor, resident_id: UUID, written: str) -> list[Changed]:
    """The relative of this name or telephone is told nothing any more; raises as ``set_relative`` does."""
    resident = enrolled(session, resident_id)
    known = _relatives(session.get_one(Community, resident.community_id), resident, written)
    if not known:
        raise NotFoundError(
            "{value} is no relative of {name}.", way_out="There are: {known}.", field="relative", value=written,
            name=resident.name, known=[each.name for each in resident.relatives] or "-",
        )  # fmt: skip
    if len(known) > 1:
        raise ConflictError("{value} is several relatives.", way_out="Write the telephone of one of them.",
                            field="relative", value=written)  # fmt: skip
    before = relative_facts(known[0])
    resident.relatives.remove(known[0])
    session.delete(known[0])
    session.flush()
    return _told(session, actor, resident, [Changed("relative", before, None)])


def relative_facts(relative: Relative) -> dict[str, str]:
    """What is written down about a relative, as an event keeps it; ``number`` is E.164."""
    return {"name": relative.name, "relation": relative.relation, "number": relative.number, "wants": relative.wants,
            "language": relative.language}  # fmt: skip


def _relatives(community: Community, resident: Resident, written: str) -> list[Relative]:
    named = [each for each in resident.relatives if each.name == written.strip()]
    if named:
        return named
    try:
        number = _number(community, written)
    except phones.PhoneError:
        return []
    return [each for each in resident.relatives if each.number == number]


def _new_relative(
    community: Community, resident: Resident, written: str, told: RelativeParticulars, ours: Collection[str]
) -> Relative:
    number = _free_number(community, resident, told.get("number", written), None, ours)
    if not told.get("name", "").strip():
        raise UserError("A new relative needs a name.", way_out="Write it with --relative-name.", field="relative",
                        value=written)  # fmt: skip
    relative = Relative(id=new_id(), resident_id=resident.id, name="", number=number, relation="",
                        language=resident.language, wants=Wants.PROBLEMS)  # fmt: skip
    resident.relatives.append(relative)
    return relative


def _free_number(
    community: Community, resident: Resident, written: str, whose: Relative | None, ours: Collection[str]
) -> str:
    number = _number(community, written, ours, "relative_phone")
    if any(each.number == number and each is not whose for each in resident.relatives):
        raise ConflictError("“{value}” is written for two relatives.", way_out="Keep one of them.", field="relative",
                            value=written)  # fmt: skip
    return number


def _number(community: Community, written: str, ours: Collection[str] = (), field: str = "phone") -> str:
    """The number in E.164; raises ``PhoneError``, also for one of ours, that names this field."""
    try:
        number = phones.parse(written, community.region, community.area_code)
        if number in ours:
            raise phones.OurNumberError(written)
    except phones.PhoneError as wrong:
        wrong.field = field
        raise
    return number


def _store_numbers(session: Session, resident: Resident, numbers: Iterable[str]) -> None:
    for phone in resident.phones:
        session.delete(phone)
    session.flush()  # the old positions must be free before they are given away again
    session.add_all(
        Phone(resident_id=resident.id, number=number, position=position) for position, number in enumerate(numbers)
    )
    session.flush()
    session.expire(resident, ["phones"])


def _told(session: Session, actor: Actor, resident: Resident, changes: list[Changed]) -> list[Changed]:
    """The log says what was changed, and not what it was: that is about people, and the log outlives their data."""
    for each in changes:
        events.append(session, actor, "resident.changed", resident.id, what=each.what)
    session.flush()
    return changes
