"""The schedule of a campaign: read from its row, or from what was typed about it."""

from datetime import time
from zoneinfo import ZoneInfo

from campaigns.models import Campaign, CampaignKind
from campaigns.schedules import plans, written
from campaigns.schedules.plans import BY_HAND, ByHand, Daily, Once, Schedule
from campaigns.schedules.written import Typed
from contacts.hours import next_start
from core import clock
from core.errors import UserError

DEFAULT_AT = time(8, 0)


def schedule_of(campaign: Campaign) -> Schedule:
    """On which days and at which times a campaign has its rounds."""
    return plans.parsed(campaign.schedule)


def usual_schedule(kind: CampaignKind, at: time | None, zone: ZoneInfo) -> Schedule:
    """What a time alone says: a check-in is daily, a notice is told once at the next such time."""
    if kind is CampaignKind.CHECK_IN:
        return Daily(times=(at or DEFAULT_AT,))
    if at is None:
        return BY_HAND
    return Once(times=(at,), on=next_start(at, zone, clock.now()).astimezone(zone).date())


def typed_schedule(kind: CampaignKind, typed: Typed, zone: ZoneInfo) -> Schedule:
    """The schedule of a new campaign; raises ``UserError``. A notice that is told several times has its days named."""
    if kind is CampaignKind.CHECK_IN:
        return written.read(typed, (DEFAULT_AT,))
    read = written.read(typed)
    if not isinstance(read, Daily) or typed.every or typed.last:
        return read
    if len(read.times) > 1 or typed.first or typed.but:
        raise UserError(
            "It is not clear on which days the notice is told.",
            way_out="Give --on DAY for once; --days, --month-days, --until or --every for oftener.",
            field="at", value=typed.at,
        )  # fmt: skip
    return usual_schedule(kind, read.times[0], zone)


def changed_schedule(campaign: Campaign, typed: Typed, zone: ZoneInfo) -> Schedule:
    """The schedule that a change means: a time alone moves it, days alone keep its times. Raises ``UserError``."""
    before = schedule_of(campaign)
    read = written.read(typed, plans.times_of(before))
    only_times = Typed(at=typed.at) == typed
    if only_times and not isinstance(before, ByHand | Once) and not isinstance(read, ByHand):
        return before.model_copy(update={"times": read.times})
    return typed_schedule(CampaignKind.NOTICE, typed, zone) if only_times else read
