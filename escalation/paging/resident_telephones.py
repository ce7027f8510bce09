"""The telephones at which a resident is rung about their case."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.queries import ResidentProfile
from core import clock
from escalation.paging.looks import REFUSAL_REMEMBERED


def telephones_of(session: Session, profile: ResidentProfile) -> Sequence[str]:
    """The resident's telephones that may be rung; those that the provider refuses only where there is no other."""
    community = the_community(session)
    known = [each for each in profile.numbers if phones.may_be_rung(each, community.region, community.area_code)]
    refused = contacts.refused_since(session, known, clock.now() - REFUSAL_REMEMBERED)
    return [each for each in known if each not in refused] or known
