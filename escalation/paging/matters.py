"""What pages say of cases, read from the database."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.models import Community, Role
from contacts.queries import near as queries_near
from escalation.models import ABOUT_MANY, Case
from escalation.paging.page_dialogue import (
    OFFER,
    OFFER_UNVERIFIED,
    Matter,
    matter_of_many,
    message_matter,
    page_dialogue,
    resident_matter,
)
from escalation.queries import paging as queries_paging
from ivr.dialogue.engine import Dialogue


class Asked(Protocol):
    """Whoever is asked, as far as it changes what they hear."""

    @property
    def language(self) -> str:
        """In which they are spoken to."""

    @property
    def role(self) -> str:
        """What they are in the community."""


def matter(session: Session, case: Case, language: str) -> Matter:
    """The case as a page speaks of it in the responder's language."""
    case_id = str(case.id)
    if case.resident_id is None:
        community = session.get_one(Community, case.community_id).name
        if case.kind in ABOUT_MANY:
            return matter_of_many(case_id, community, case.kind, case.people or 0, language)
        return message_matter(case_id, community, language)
    home, _ = queries_paging.surroundings(session, case.resident_id)
    profile = queries_near.profile(session, case.resident_id, home)
    offer = OFFER_UNVERIFIED if case.caller else OFFER
    return resident_matter(case_id, profile, case.kind, language, offer, case.needs)


def offering(session: Session, cases: Sequence[Case], asked: Asked, *, is_first: bool = True) -> Dialogue:
    """What is asked about the first of the cases that wait for a responder, who hears how many they are."""
    about = matter(session, cases[0], asked.language)
    return page_dialogue(about, len(cases), is_first=is_first, may_stay_away=asked.role != Role.OFFICE)


def by_urgency(case: Case) -> tuple[int, object, UUID]:
    """The order in which cases are told: the most urgent first, then the oldest."""
    return case.urgency, case.opened_at, case.id
