"""What one thing done with many residents would do: with how many, and whom it leaves as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import audience
from campaigns.people import bulk_deeds, choices
from campaigns.people.bulk import NOT_IN_CAMPAIGN
from campaigns.people.bulk_deeds import Deed, Pause, Resume, RingNow, SetFlag, TakeFlag
from campaigns.queries import audiences
from contacts.chosen import ResidentChoice
from contacts.models import Community
from contacts.queries import campaign_audience, people_lists
from contacts.queries import chosen as queries
from contacts.queries.chosen import ChosenPerson
from core import clock

GONE = "unasked:gone"


@dataclass(frozen=True)
class BulkPreview:
    """``people`` were chosen, ``changed`` of them would be changed. ``exceptions`` are the names of the others, by a
    key of the catalogue that says why; ``joined`` those whose pauses would become one with the new one."""

    people: int
    changed: int
    exceptions: Mapping[str, Sequence[str]]
    joined: Sequence[str] = ()


def preview(session: Session, community: Community, choice: ResidentChoice, deed: Deed) -> BulkPreview:
    """What it would do as everybody stands now; a few statements. Raises as ``bulk_deeds.checked`` does."""
    now = clock.now()
    known = bulk_deeds.checked(session, community, now.astimezone(ZoneInfo(community.timezone)).date(), deed)
    people = choices.people_of(session, choice)
    why = _why_not(session, community, people, known, now)
    exceptions: dict[str, list[str]] = {}
    for each in people:
        if reason := GONE if each.is_gone else why.get(each.resident_id):
            exceptions.setdefault(reason, []).append(each.name)
    left = sum(map(len, exceptions.values()))
    return BulkPreview(len(people), len(people) - left, exceptions, _joined(session, people, known))


def _why_not(
    session: Session, community: Community, people: Sequence[ChosenPerson], deed: Deed, now: datetime
) -> dict[UUID, str]:
    ids = [each.resident_id for each in people]
    match deed:
        case SetFlag(flag=flag):
            return dict.fromkeys(people_lists.flagged_with(session, community.id, flag), "carries it already")
        case TakeFlag(flag=flag):
            carriers = people_lists.flagged_with(session, community.id, flag)
            return {each: "does not carry it" for each in ids if each not in carriers}
        case Pause():
            return {}
        case Resume():
            away = queries.away_in(session, ids, now.astimezone(ZoneInfo(community.timezone)).date(), None)
            return {each: "is not paused" for each in ids if each not in away}
        case RingNow(campaign_id=campaign_id):
            return _not_rung(session, community, ids, campaign_id, now)


def _not_rung(
    session: Session, community: Community, ids: Sequence[UUID], campaign_id: UUID, now: datetime
) -> dict[UUID, str]:
    campaign = bulk_deeds.campaign_of(session, community, campaign_id)
    meant = set(audiences.ids_of(session, community.id, audience.meant_by(campaign, community, now)))
    left_out = campaign_audience.left_out(session, community.id, now.astimezone(ZoneInfo(community.timezone)).date())
    return {each: f"unasked:{left_out.get(each, NOT_IN_CAMPAIGN)}" for each in ids
            if each in left_out or each not in meant}  # fmt: skip


def _joined(session: Session, people: Sequence[ChosenPerson], deed: Deed) -> list[str]:
    if not isinstance(deed, Pause):
        return []
    here = [each for each in people if not each.is_gone]
    away = queries.away_in(session, [each.resident_id for each in here], deed.first, deed.last)
    return [each.name for each in here if each.resident_id in away]
