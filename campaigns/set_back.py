"""The clock was set back: a machine that had woken with a wrong date must not wait for that date to come again.

Whatever was written by the clock that ran ahead lies in the future now: a round of tomorrow that has been, a retry in
ten years, a ladder that is looked at next week. All of it moves by as much as the clock did, as far as the newest event
tells, and the next round of every daily campaign is the next one by the clock as it is now.
"""

import logging
from datetime import datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.models import Campaign, CheckIn, Round
from campaigns.queries import lateness as queries
from campaigns.rounds.rounds import CAMPAIGNS
from campaigns.schedules import occurrences, plans
from campaigns.schedules.plans import ByHand, Once
from contacts.models import Community
from core import actors
from core.running import events, troubles
from core.running.wakeups import wake
from core.storage.database import reading, unit_of_work
from escalation import set_back as escalation
from ivr import set_back as telephone

log = logging.getLogger(__name__)

SET_BACK = "clock.set_back"
LOOK_BACK = 20
"""So many events are looked at for one from the future."""
TOLD_FOR = timedelta(days=1)
"""So long (real time) staff are told of it."""
UNNOTICED = timedelta(minutes=30)
"""A clock that is put right by less delays things by no more than that, and nothing is moved."""


def ahead(session: Session, now: datetime) -> timedelta | None:
    """By how much something has happened later than the clock shows; None while the clock is right.

    What has happened since the clock was set back, in another process perhaps, hides it as little as what was put
    right before; nor does anything hide a round of a day that has not come.
    """
    since_then = takewhile(lambda each: each.kind != SET_BACK, events.latest(session, LOOK_BACK))
    newest = max((each.at for each in since_then), default=now)
    newest = max(newest, queries.latest_start(session) or now)
    return newest - now if newest > now + UNNOTICED else None


def follow_the_clock(now: datetime) -> timedelta | None:
    """Moves what lies in the future when the clock was set back; by how much, None when it was not.

    Calls are moved in a unit of work of their own: whoever holds one of them, because its resident is just being heard,
    waits for campaigns and check-ins (see the order in ``campaigns.queries``). Was it cut short, it begins again.
    """
    with reading() as session:
        by = ahead(session, now)
    if by is None:
        return None
    with unit_of_work() as session:
        telephone.set_back(session, now, by)
    with unit_of_work() as session:
        _follow(session, now, by)
    return by


def _follow(session: Session, now: datetime, by: timedelta) -> None:
    active = queries.active_campaigns(session)
    moved = queries.rounds_in_the_future(session, now)
    phantoms = sum(round_.started_at > now for round_ in moved)
    if moved:
        log.error("the clock was set back by %s: what lies in the future moves along", by)
    for check_in in queries.check_ins_in_the_future(session, [round_.id for round_ in moved], now):
        _move_check_in(check_in, now, by)
    session.flush()
    for round_ in moved:
        _move(session, round_, now, by)
    for answer in queries.early_answers_in_the_future(session, now):
        answer.at -= by
    session.flush()
    escalation.set_back(session, now, by)
    for campaign in active:
        _plan(session, campaign, now)
    minutes = round(by / timedelta(minutes=1))
    events.append(session, actors.system(), SET_BACK, None, minutes=minutes)
    troubles.note(session, troubles.Kind.CLOCK_SET_BACK, TOLD_FOR, minutes=minutes, rounds=phantoms)
    wake(session, CAMPAIGNS)


def _move(session: Session, round_: Round, now: datetime, by: timedelta) -> None:
    """A time that a round has already, of which the right clock may have told, stays a time of its own."""
    occurrence = round_.occurrence - by
    while queries.has_round(session, round_.campaign_id, occurrence):
        occurrence += timedelta(microseconds=1)
    round_.occurrence, round_.started_at = occurrence, _earlier(round_.started_at, now, by)
    round_.deadline = _earlier(round_.deadline, now, by)
    round_.completed_at = _earlier(round_.completed_at, now, by) if round_.completed_at else None
    round_.look_at = _earlier(round_.look_at, now, by) if round_.look_at else None
    session.flush()


def _move_check_in(check_in: CheckIn, now: datetime, by: timedelta) -> None:
    for name in ("next_attempt_at", "answered_at", "decided_at"):
        at = getattr(check_in, name)
        if at is not None:
            setattr(check_in, name, _earlier(at, now, by))


def _plan(session: Session, campaign: Campaign, now: datetime) -> None:
    """The first time from now on that has not had its round."""
    planned = plans.parsed(campaign.schedule)
    if isinstance(planned, ByHand | Once):
        return
    zone = ZoneInfo(session.get_one(Community, campaign.community_id).timezone)
    starts = occurrences.next_after(planned, zone, now)
    while starts is not None and queries.has_round(session, campaign.id, starts):
        starts = occurrences.next_after(planned, zone, starts)
    campaign.next_round_at = starts


def _earlier(at: datetime, now: datetime, by: timedelta) -> datetime:
    return at - by if at > now else at
