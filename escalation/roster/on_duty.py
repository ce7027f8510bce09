"""The answer to "who is on duty for this home at this time, and in what order"; there always is one."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.homes.area_lookup import find_area, find_household
from contacts.models import Community
from contacts.people.person_lookup import find_resident
from contacts.profiles import chain
from contacts.queries import ResponderNear
from core.errors import NotFoundError
from core.short_ids import short
from escalation.policy_lookup import policies_of
from escalation.queries import paging as queries_paging
from escalation.roster.duty import Duty
from escalation.roster.reading import duty_now, roles_asked


@dataclass(frozen=True)
class OnDuty:
    """Who is asked first: whoever is on duty, the nearest first.

    ``is_gap``: nobody is, though there is a roster, and these are all who may be asked, who is away last. Where there
    is no roster they are the same, and it is no gap.
    """

    responders: Sequence[ResponderNear]
    duty: Duty
    is_gap: bool


def on_duty(session: Session, community: Community, area_ids: Sequence[UUID], at: datetime) -> OnDuty:
    """Who is on duty for a home at an instant; ``area_ids`` are the areas around it, the nearest first.

    Only whom some policy asks: whoever can be asked about nothing is on duty for nobody.
    """
    asked = roles_asked(policies_of(session).table(community.id, None))
    near = contacts.responders_near(session, community.id, tuple(area_ids))
    able = [each for each in near if each.role in asked]
    duty = duty_now(session, community, at)
    there = [each for each in able if each.responder_id in duty.on]
    otherwise = sorted(able, key=lambda each: each.responder_id in duty.away)
    return OnDuty(there or otherwise, duty, duty.planned and not there)


def around_area(session: Session, community_id: UUID, area_id: UUID) -> tuple[UUID, ...]:
    """An area and those around it, nearest first; raises ``NotFoundError`` for one of another community."""
    tree = contacts.areas(session, community_id)
    if area_id not in tree:
        raise NotFoundError("There is no area {value}.", field="area", value=short(area_id))
    return tuple(each.id for each in chain(area_id, tree))


def around_written(session: Session, community: Community, written: str) -> tuple[UUID, ...]:
    """The areas around what a person writes: a building or grid, an address, a resident.

    Raises ``NotFoundError``, and ``ConflictError`` for what may be several.
    """
    for around in (_of_area, _of_household, _of_resident):
        with suppress(NotFoundError):
            return around(session, community.id, written)
    raise NotFoundError("There is no building and no resident {value}.",
                        way_out="Write 3号楼, 3号楼2单元501室, or a resident's name.", field="whom",
                        value=written)  # fmt: skip


def _of_area(session: Session, community_id: UUID, written: str) -> tuple[UUID, ...]:
    return around_area(session, community_id, find_area(session, written).id)


def _of_household(session: Session, community_id: UUID, written: str) -> tuple[UUID, ...]:
    return around_area(session, community_id, find_household(session, written).area_id)


def _of_resident(session: Session, community_id: UUID, written: str) -> tuple[UUID, ...]:
    found = find_resident(session, written)
    if found.community_id != community_id:
        raise NotFoundError("There is no resident {value}.", field="resident", value=written)
    return around_resident(session, found.id)


def around_resident(session: Session, resident_id: UUID) -> tuple[UUID, ...]:
    """The areas around a resident's home, nearest first."""
    return queries_paging.surroundings(session, resident_id)[0].area_ids
