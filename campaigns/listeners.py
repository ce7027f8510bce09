"""For whom a prompt is recorded: the people's floor and the campaigns' tell the telephone's who is meant."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from campaigns import schedule
from contacts.community import the_community
from contacts.finding import find_resident
from contacts.models import Resident
from core import settings
from core.errors import UserError
from ivr.recorded import Scope


def scope_of(session: Session, *, resident: str, campaign: str) -> Scope:
    """Everybody, or whoever is named. Raises ``UserError`` for a name that is unknown or several people's."""
    if resident and campaign:
        raise UserError(
            "A recording is meant for one resident or for one campaign.",
            way_out="Give either --resident or --campaign.",
            field="campaign",
            value=campaign,
        )
    if resident:
        return Scope(resident_id=find_resident(session, resident).id)
    return Scope(campaign_id=schedule.find(session, campaign).id) if campaign else Scope()


def filled_for(session: Session, scope: Scope) -> Mapping[str, str]:
    """The gaps whose words are always the same for these people."""
    filled = {"community": the_community(session).name, "emergency": settings.current().emergency_number}
    if scope.resident_id is not None:
        filled["called"] = session.get_one(Resident, scope.resident_id).called
    return filled
