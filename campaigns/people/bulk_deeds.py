"""What can be done with many residents together: a small tagged union, kept as a document."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from contacts.models import Community
from contacts.people import absences
from contacts.people.resident_changes import known_flags
from core.errors import NotFoundError, UserError


class _Deed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SetFlag(_Deed):
    """Everybody carries this flag."""

    kind: Literal["set_flag"] = "set_flag"
    flag: str


class TakeFlag(_Deed):
    """Nobody of them carries this flag any more."""

    kind: Literal["take_flag"] = "take_flag"
    flag: str


class Pause(_Deed):
    """Nobody rings them on these days of community time; without a ``last`` one until somebody resumes it."""

    kind: Literal["pause"] = "pause"
    first: date
    last: date | None = None
    reason: str = Field(default="", max_length=400)


class Resume(_Deed):
    """They are rung again, and pauses that lie ahead go as well."""

    kind: Literal["resume"] = "resume"


class RingNow(_Deed):
    """A round of this campaign begins now, for them alone."""

    kind: Literal["ring"] = "ring"
    campaign_id: UUID


Deed = Annotated[SetFlag | TakeFlag | Pause | Resume | RingNow, Field(discriminator="kind")]
_DEED: TypeAdapter[Deed] = TypeAdapter(Deed)


def document(deed: Deed) -> str:
    """The deed as it is kept."""
    return deed.model_dump_json()


def parsed(kept: str) -> Deed:
    """A deed as it was kept."""
    return _DEED.validate_json(kept)


def checked(session: Session, community: Community, today: date, deed: Deed) -> Deed:
    """The deed in the words of this community; raises ``UserError`` that names what is wrong with it."""
    match deed:
        case SetFlag(flag=flag) | TakeFlag(flag=flag):
            if not flag.strip():
                raise UserError("No flag is chosen.", way_out="Choose one.", field="flag")
            [known] = known_flags(session, community.id, [flag])
            return deed.model_copy(update={"flag": known})
        case Pause(first=first, last=last, reason=reason):
            absences.check_days(first, last, today)
            return deed.model_copy(update={"reason": reason.strip()})
        case RingNow(campaign_id=campaign_id):
            campaign_of(session, community, campaign_id)
    return deed


def campaign_of(session: Session, community: Community, campaign_id: UUID) -> Campaign:
    """The campaign in whose name they are rung; raises ``NotFoundError``."""
    found = session.get(Campaign, campaign_id)
    if found is None or found.community_id != community.id:
        raise NotFoundError("There is no campaign {value}.", way_out="Choose one.", field="campaign",
                            value=str(campaign_id))  # fmt: skip
    return found
