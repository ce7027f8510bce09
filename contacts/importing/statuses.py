"""Statuses: how a resident of a row stands, beside what is written of everybody; nothing is forgotten by an empty cell.

Each goes through the use case of whoever changes it for one resident. What a person has said since is not undone by an
old list: an absence that has been ended, or made longer, stays as it is, and is asked about.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries
from contacts.columns.fields import Column, Field
from contacts.community import grids
from contacts.importing.lists import Lists
from contacts.importing.register import Register
from contacts.models import Resident
from contacts.people import absences, health_notes, resident_changes
from contacts.places import spoken_building
from contacts.queries import register as queries_register
from contacts.rows.entries import Away, ResidentEntry
from core.changes import Changed
from core.errors import UserError
from core.i18n import InWords, Language


class Asked(NamedTuple):
    """What somebody should look at in a cell that changed nothing."""

    field: Field
    error: UserError


class Told(NamedTuple):
    """What a row has changed of how somebody stands, and what is asked about it."""

    changes: Sequence[Changed]
    asked: Sequence[Asked]


def refuse_health(found: Lists) -> None:
    """Raises ``UserError`` where a sheet has a column of health."""
    if any(Column(Field.HEALTH) in each.layout.places for each in found.read):
        raise UserError("This list tells of health, which needs the scope health:write.",
                        way_out="Take that column out, or use a token with that scope.", field=Field.HEALTH,
                        value="")  # fmt: skip


def place(register: Register, entries: Sequence[ResidentEntry]) -> list[tuple[ResidentEntry, UserError]]:
    """Puts the buildings of the rows into the grids that they name; returns the rows that name another one."""
    told: dict[str, str] = {}
    contradicted = []
    for entry in entries:
        if not entry.grid or told.get(entry.address.building) == entry.grid:
            continue
        if entry.address.building in told:
            contradicted.append((entry, _elsewhere(entry, told[entry.address.building])))
            continue
        other = grids.put_building(register.session, register.actor, register.community, entry.address.building,
                                   entry.grid)  # fmt: skip
        told[entry.address.building] = other.name if other else entry.grid
        if other:
            contradicted.append((entry, _elsewhere(entry, other.name)))
    return contradicted


def tell(register: Register, entry: ResidentEntry, resident_id: UUID) -> Told:
    """Stores what a row says of the telephones, the absence and the health of somebody who is in the file."""
    session, actor = register.session, register.actor
    if not (entry.phone_states or entry.away or entry.health):
        return Told((), ())
    changes = [*_states(register, entry, resident_id)]
    if entry.health:
        changes += health_notes.set_health_notes(session, actor, resident_id, entry.health)
    asked = _away(register, entry.away, resident_id, changes) if entry.away else None
    return Told(changes, (asked,) if asked else ())


def _states(register: Register, entry: ResidentEntry, resident_id: UUID) -> list[Changed]:
    if not entry.phone_states:
        return []
    register.session.flush()
    register.session.expire(register.session.get_one(Resident, resident_id), ["phones"])
    return [change for number, state in entry.phone_states.items() for change in
            resident_changes.set_phone_state(register.session, register.actor, resident_id, number, state)]  # fmt: skip


def _away(register: Register, told: Away, resident_id: UUID, changes: list[Changed]) -> Asked | None:
    session = register.session
    today = absences.local_today(session, session.get_one(Resident, resident_id))
    if queries_register.was_ended(session, resident_id, told.first, today):
        return Asked(Field.PAUSED_FROM, UserError(
            "They have been rung again since that pause, so it was left out.", field=Field.PAUSED_FROM,
            way_out="Write another first day if they are away again.", value=told.first))  # fmt: skip
    if _is_longer(session, told, resident_id):
        return Asked(Field.PAUSED_UNTIL, UserError(
            "A longer pause is written down, and it stays.", way_out="End it with: zaoan resident resume",
            field=Field.PAUSED_UNTIL, value=told.last or ""))  # fmt: skip
    done = absences.pause(session, register.actor, resident_id, told.first, told.last, told.reason)
    if done.before != done.after:
        changes.append(Changed("absences", *(list(map(asdict, days)) for days in (done.before, done.after))))
    return None


def _is_longer(session: Session, told: Away, resident_id: UUID) -> bool:
    if told.last is None:
        return False
    known = (each for each in queries.pauses_from(session, resident_id, told.first) if each.first_day <= told.last)
    return any(each.last_day is None or each.last_day > told.last for each in known)


def _elsewhere(entry: ResidentEntry, grid: str) -> UserError:
    house = InWords(*(spoken_building(each, entry.address.building) for each in (Language.CHINESE, Language.ENGLISH)))
    return UserError("{building} lies in {grid}, and stays there.", way_out="Move it with: zaoan area move",
                     field=Field.GRID, value=entry.grid or "", building=house, grid=grid)  # fmt: skip
