"""A street with a roster: who is on duty is written down as the office writes it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contacts.community.community import the_community
from core import actors, clock
from core.storage import database
from escalation.roster import absences, shift_changes, swaps
from escalation.roster.shift_changes import ShiftTimes
from escalation.roster.swaps import Turn

OFFICE = actors.user("chen")
ZONE = ZoneInfo("Asia/Shanghai")
WHOLE_DAY = time(0), time(0)


def local(hour=0, minute=0, days=0):
    """That local time of today, or of a day so many days later."""
    return datetime.combine(today(days), time(hour, minute), ZONE)


def today(days=0):
    return clock.now().astimezone(ZONE).date() + timedelta(days=days)


def on_duty(responder_id, begins=time(0), ends=time(0), **when):
    """The responder is on duty once, all of today where nothing else is said; returns the shift's id."""
    times = ShiftTimes(begins, ends, **(when or {"day": today()}))
    with database.unit_of_work() as session:
        return shift_changes.add_shift(session, OFFICE, responder_id, times).id


def away(responder_id, begins=None, ends=None, reason=""):
    with database.unit_of_work() as session:
        return absences.be_absent(session, OFFICE, responder_id, begins or clock.now(), ends, reason).id


def swap(shift_id, day, to, taken=None):
    with database.unit_of_work() as session:
        return swaps.swap(session, OFFICE, Turn(shift_id, day), to, taken and Turn(*taken)).id


def has_roster():
    with database.reading() as session:
        return the_community(session).has_roster


def day(text):
    return date.fromisoformat(text)
