"""The checklist: everybody who is looked after, by building, for a morning on which only paper works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import places, queries
from contacts.models import Community, Pause, Resident
from contacts.people.consent import consents_in_force


@dataclass(frozen=True)
class RelativeOnPaper:
    """Whom to ring about a resident; ``number`` is E.164."""

    name: str
    relation: str
    number: str


@dataclass(frozen=True)
class ChecklistLine:
    """One resident: ``numbers`` are E.164; ``away_until`` is None for whoever is here or away without an end."""

    resident_id: UUID
    name: str
    called: str
    unit: str
    room: str
    birth_year: int | None
    flags: Sequence[str]
    numbers: Sequence[str]
    relatives: Sequence[RelativeOnPaper]
    agreed: bool
    away: bool
    away_until: date | None


@dataclass(frozen=True)
class ChecklistBuilding:
    """Everybody in one building (by its name, empty where it is not known), by unit and room."""

    name: str
    lines: Sequence[ChecklistLine]


def checklist(session: Session, community: Community, on: date, building: str = "") -> list[ChecklistBuilding]:
    """Everybody who is looked after on that day of community time, or of one building; a fixed number of statements.

    Whoever wishes no calls and whoever is away is on it too, and it says so: paper is not a telephone.
    """
    residents = queries.residents_in_full(session, community.id)
    profiles = queries.resident_profiles(session, [each.id for each in residents])
    away = queries.pauses_of_community(session, community.id, on)
    lived = [
        (places.building_name(profiles[each.id].building), _line(each, profiles[each.id], away.get(each.id, ()), on))
        for each in residents
    ]
    wanted = places.building_name(building)
    chosen = [each for each in lived if not wanted or each[0] == wanted]
    ordered = sorted(chosen, key=lambda each: (_natural(each[0]), *map(_natural, (each[1].unit, each[1].room))))
    return [
        ChecklistBuilding(name, [line for _, line in together])
        for name, together in groupby(ordered, key=lambda each: each[0])
    ]


def _line(resident: Resident, profile: queries.ResidentProfile, pauses: Sequence[Pause], on: date) -> ChecklistLine:
    now = next((each for each in pauses if each.first_day <= on), None)
    return ChecklistLine(
        resident_id=resident.id,
        name=resident.name,
        called=resident.called,
        unit=places.unit_name(profile.unit),
        room=places.room_name(profile.room),
        birth_year=resident.birth_year,
        flags=profile.flags,
        numbers=profile.numbers,
        relatives=[RelativeOnPaper(each.name, each.relation, each.number) for each in resident.relatives],
        agreed=bool(consents_in_force(resident)),
        away=now is not None,
        away_until=now.last_day if now else None,
    )


def _natural(name: str) -> tuple[bool, int, str]:
    """Numbers in the order in which people count, before all other names."""
    return (not name.isdigit(), int(name) if name.isdigit() else 0, name)
