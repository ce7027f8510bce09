"""The way to the first morning, as its page shows it: each step, what is there of it, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import true
from sqlalchemy.orm import Session

from campaigns import queries as campaigns
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.people import readiness
from campaigns.people.readiness import Step
from campaigns.rounds.sample_calls import SAMPLE
from campaigns.upcoming import Upcoming, upcoming
from console.setting_up.words import LineFacts, Office, line_facts, offices
from console.shell import links
from console.view.times import day_and_time, local
from contacts import queries as contacts
from contacts.models import Community, LeftOut
from contacts.queries import campaign_audience
from core import clock
from core.i18n import Language, translate
from ivr.models import Call, CallState
from ivr.queries import by_owner

_ORDER = (CampaignState.ACTIVE, CampaignState.PAUSED, CampaignState.CHECKED, CampaignState.DRAFT)


@dataclass(frozen=True)
class OwnCall:
    """The last call at a telephone of somebody of the office: whom it rings, and how far it has come.

    ``telephone`` is that telephone in the browser, None where real ones are rung.
    """

    number: str
    is_under_way: bool
    at: str
    was_answered: bool
    telephone: str | None


@dataclass(frozen=True)
class StartPage:
    """The steps in their order, those that are ``missing`` (the next one first), and what each says.

    ``helpers`` are responders besides the office. Of ``residents``, ``rung`` have agreed and have a telephone, and are
    not away; ``left_out`` are the others. ``coming`` is the sentence about the next round, empty where none will start.
    """

    missing: Sequence[Step]
    offices: Sequence[Office]
    line: LineFacts
    helpers: int
    residents: int
    rung: int
    left_out: Mapping[LeftOut, int]
    campaign: Campaign | None
    own_call: OwnCall | None
    coming: str

    @property
    def next(self) -> Step | None:
        """What is to be done now; None when all is done."""
        return self.missing[0] if self.missing else None


def start_page(session: Session, community: Community, language: Language) -> StartPage:
    """The page as things stand now."""
    there = readiness.standing(session, community)
    zone = ZoneInfo(community.timezone)
    counted = campaign_audience.counted(session, community.id, true(), clock.now().astimezone(zone).date())
    call = by_owner.latest_of(session, SAMPLE)
    return StartPage(
        missing=readiness.missing(there),
        offices=offices(session, community),
        line=line_facts(session, community, language),
        helpers=sum(not readiness.is_office(each) for each in contacts.all_responders(session, community.id)),
        residents=counted.rung + sum(counted.left_out.values()),
        rung=counted.rung,
        left_out=counted.left_out,
        campaign=first_campaign(session),
        own_call=_own_call(call, zone) if call else None,
        coming=_coming(upcoming(session, community), zone, language),
    )


def first_campaign(session: Session) -> Campaign | None:
    """The campaign that asks residents how they are: one that rings already before one that is still written."""
    asking = [each for each in campaigns.campaigns(session) if each.kind == CampaignKind.CHECK_IN
              and each.state in _ORDER]  # fmt: skip
    return min(asking, key=lambda each: _ORDER.index(each.state), default=None)


def is_missing_anything(session: Session, community_id: UUID) -> bool:
    """Whether a step is still to be done in a community."""
    return bool(readiness.missing(readiness.standing(session, session.get_one(Community, community_id))))


def _own_call(call: Call, zone: ZoneInfo) -> OwnCall:
    at: datetime = call.answered_at or call.ended_at or call.due_at
    return OwnCall(call.number, call.state != CallState.ENDED, local(at, zone),
                   call.answered_at is not None and not call.by_machine, links.telephone(call.number))  # fmt: skip


def _coming(then: Upcoming | None, zone: ZoneInfo, language: Language) -> str:
    if then is None:
        return ""
    days = (then.at.astimezone(zone).date() - clock.now().astimezone(zone).date()).days
    said = (
        "Today at {at} {people} {people:resident is|residents are} rung." if days <= 0
        else "Tomorrow at {at} {people} {people:resident is|residents are} rung." if days == 1
        else "On {day} {people} {people:resident is|residents are} rung."
    )  # fmt: skip
    return translate(
        language, said, at=local(then.at, zone), day=day_and_time(then.at, zone, language), people=then.people
    )
