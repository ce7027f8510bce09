"""Letterheads: whose community a text to a relative comes from, and the number that its reader may ring."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.hours import Hours, hours_of
from contacts.models import Community, Relative, Role
from core import settings
from escalation.cases.relative_words import Letterhead
from ivr import queries as telephone


def of(session: Session, relative: Relative, at: datetime, *, by_person: bool = False) -> Letterhead:
    """The head of a text to this relative about the instant ``at``.

    The number is one of our own lines: whoever rings it from their telephone hears today's answer and may leave a
    message. Where a person is to tell (``by_person``) it is the office's landline, if it has one: a mobile telephone of
    somebody at the office is nobody's to give away.
    """
    resident = contacts.resident(session, relative.resident_id)
    community = session.get_one(Community, resident.community_id)
    office = _office(session, community.id, resident.id) if by_person else None
    number = office or next((line.number for line in telephone.lines(session)), None)
    return Letterhead(
        relative.language,
        community.name,
        ZoneInfo(community.timezone),
        at,
        phones.formatted(number, community.region) if number else "",
        settings.current().emergency_number,
    )


def hours(session: Session, community_id: UUID) -> Hours:
    """The hours in which the community's residents may be rung."""
    return hours_of(session.get_one(Community, community_id))


def _office(session: Session, community_id: UUID, resident_id: UUID) -> str | None:
    area_ids = contacts.resident_profile(session, resident_id).area_ids
    near = contacts.responders_near(session, community_id, area_ids)
    offices = (number for each in near if each.role == Role.OFFICE for number in each.numbers)
    landlines = (number for number in offices if not phones.can_receive_texts(number))
    return next(landlines, None)
