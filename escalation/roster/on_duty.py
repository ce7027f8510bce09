"""The answer to "who is on duty for this home at this time, and in what order"; there always is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Community
from contacts.profiles import chain
from contacts.queries import ResponderNear
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
    """An area and those around it, nearest first."""
    return tuple(each.id for each in chain(area_id, contacts.areas(session, community_id)))


def around_resident(session: Session, resident_id: UUID) -> tuple[UUID, ...]:
    """The areas around a resident's home, nearest first."""
    return queries_paging.surroundings(session, resident_id)[0].area_ids
