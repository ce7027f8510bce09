"""A machine that sleeps in the middle of a rehearsal: nothing of the service runs, and the clock goes on.

The service is stopped and continued by the signals that stand still a process; meanwhile the exchange and its people
live on, and the clock of everything runs as fast as it can, so that a night takes less than a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic, sleep
from uuid import UUID
from zoneinfo import ZoneInfo

from campaigns import queries
from campaigns.models import Campaign, CampaignState
from contacts.community.community import the_community
from contacts.hours import next_start
from core import clock
from core.running import installation
from core.storage.database import reading, unit_of_work
from zaoan.rehearsal.morning import LOOK_SECONDS, Morning, close_in_time, is_over
from zaoan.rehearsal.running import RunningService
from zaoan.rehearsal.sleeps import When

ASLEEP_SPEED = installation.FASTEST
NIGHT = (time(21, 30), time(6, 45))
"""Local times between which nobody is rung, so that they are hurried through."""
AWAKE = timedelta(minutes=20)
"""How long the service is watched at night after it woke, before the rest of the night is hurried through."""
RUNG_BEFORE = 3
"""Asleep in the middle: when so many residents have been rung, one of every so many in the town."""
WITHIN_SECONDS = 300.0


@dataclass(frozen=True)
class Sleep:
    """The real instants at which the service fell asleep and woke; ``length`` is in clock time."""

    when: When
    length: timedelta
    began: datetime
    ended: datetime


def fall_asleep(service: RunningService, when: When, length: timedelta, awake_speed: float) -> Sleep:
    """The machine sleeps for ``length`` of the clock, and wakes."""
    _run_at(service, ASLEEP_SPEED)
    service.suspend()
    began = clock.real_now()
    wakes_at = clock.now() + length
    while clock.now() < wakes_at:
        sleep(min(1.0, clock.real_seconds_until(wakes_at)) or 0.001)
    service.resume()
    ended = clock.real_now()
    _run_at(service, awake_speed)
    return Sleep(when, length, began, ended)


def wait_until_some_are_rung(round_id: UUID) -> None:
    """Until a part of the round has been rung and the others wait."""
    _wait(lambda: _rung(round_id), "nobody was rung")


def wait_until_over(morning: Morning) -> bool:
    """As ``Morning.wait``, but the campaign is paused once its round has been dealt with, and nights are hurried."""
    until = monotonic() + 4 * WITHIN_SECONDS
    watched = clock.now() + AWAKE
    while monotonic() < until:
        with reading() as session:
            installation.follow_clock(session)
            over = is_over(session, morning.round_id)
        if over:
            return True
        let_no_other_round_begin()
        close_in_time()
        if clock.now() > watched and _is_night():
            _hurry_through_the_night(morning)
        sleep(LOOK_SECONDS)
    return False


def _hurry_through_the_night(morning: Morning) -> None:
    with reading() as session:
        zone = ZoneInfo(the_community(session).timezone)
    _run_at(morning.service, ASLEEP_SPEED)
    ends = next_start(NIGHT[1], zone, clock.now())
    while clock.now() < ends:
        sleep(min(1.0, clock.real_seconds_until(ends)) or 0.001)
    _run_at(morning.service, morning.speed)


def _is_night() -> bool:
    with reading() as session:
        local = clock.now().astimezone(ZoneInfo(the_community(session).timezone)).time()
    return local >= NIGHT[0] or local < NIGHT[1]


def let_no_other_round_begin() -> None:
    """The next day's round is another morning, which nobody judges; the one under way goes on."""
    with reading() as session:
        if all(each.state == CampaignState.PAUSED for each in queries.campaigns(session)):
            return
    with unit_of_work() as session:
        for each in queries.campaigns(session):
            session.get_one(Campaign, each.id).state = CampaignState.PAUSED


def _rung(round_id: UUID) -> bool:
    with reading() as session:
        everybody = queries.check_ins(session, round_id)
    return sum(each.attempts > 0 for each in everybody) * RUNG_BEFORE >= len(everybody)


def _run_at(service: RunningService, speed: float) -> None:
    """The exchange and, once it has been told, the service run at this speed."""
    service.run_at(speed)

    def told() -> bool:
        with reading() as session:
            return installation.follow_clock(session).speed == speed

    _wait(told, f"the service does not run at speed {speed:g}")
    service.anchors.append(clock.anchor())


def _wait(fact: Callable[[], bool], otherwise: str) -> None:
    until = monotonic() + WITHIN_SECONDS
    while not fact():
        if monotonic() > until:
            raise TimeoutError(otherwise)
        sleep(0.02)
