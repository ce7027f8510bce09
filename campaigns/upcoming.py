"""The rounds that will start next by themselves, and whom they would ring as things stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import audience_of, meant_by
from campaigns.models import Campaign
from contacts import queries as contacts
from contacts.models import Community, LeftOut
from core import clock


@dataclass(frozen=True)
class Upcoming:
    """The check-in rounds of the next local day that has any: the first at ``at``, together they ring ``people``.

    ``left_out`` are those whom the first is for and does not ring.
    """

    at: datetime
    people: int
    left_out: Mapping[LeftOut, int]


def upcoming(session: Session, community: Community) -> Upcoming | None:
    """What will start next; None where no active campaign asks anybody. Nobody is counted twice."""
    campaigns = queries.upcoming_campaigns(session)
    first = next((each.next_round_at for each in campaigns if each.next_round_at), None)
    if first is None:
        return None
    zone = ZoneInfo(community.timezone)
    day = first.astimezone(zone).date()
    same_day = [each for each in campaigns if each.next_round_at and each.next_round_at.astimezone(zone).date() == day]
    left_out = audience_of(session, same_day[0], first).left_out
    return Upcoming(first, len(_rung(session, community, same_day, day)), left_out)


def _rung(session: Session, community: Community, campaigns: Sequence[Campaign], on: date) -> set[UUID]:
    audiences = (
        contacts.audience(session, community.id, meant_by(each, community, each.next_round_at or clock.now()), on)
        for each in campaigns
    )
    return {enrolled.resident_id for each in audiences for enrolled in each if not enrolled.paused}
