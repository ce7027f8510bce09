"""A week of a duty roster as its page shows it: days, nights, a swap, an absence, an afternoon without anybody."""

from datetime import datetime, time, timedelta

from contacts import queries
from contacts.community.community import the_community
from core.storage.database import reading, unit_of_work
from tests import people
from tests.escalation.roster import rosters
from tests.escalation.roster.rosters import away, on_duty, today


def move_in():
    """Somebody lives in each of two buildings, and three can go and help."""
    with unit_of_work() as session:
        for room, building in (("301", "3号楼"), ("101", "4号楼")):
            home = people.household(session, room, building)
            people.resident(session, f"王奶奶{room}", f"+8631186000{room}", home=home)
        for each in (("魏红", "+8613900000021", "volunteer"), ("石磊", "+8613900000022", "building_head"),
                     ("王书记", "+8631186000900", "office")):  # fmt: skip
            people.responder(session, *each)


def plan():
    """The first three who help share the week after this one; returns its Monday."""
    monday = today() + timedelta(days=7 - today().weekday())
    with reading() as session:
        by_day, by_night, now_and_then = (each.id for each in queries.all_responders(
            session, the_community(session).id)[:3])  # fmt: skip
    nights = [on_duty(by_night, time(20), time(8), weekday=day) for day in range(1, 8)]
    for day in range(1, 7):
        on_duty(by_day, time(8), time(20), weekday=day)
    on_duty(now_and_then, time(8), time(14), day=monday + timedelta(days=6))
    rosters.swap(nights[2], monday + timedelta(days=2), now_and_then)
    begins = datetime.combine(monday + timedelta(days=3), time(), rosters.ZONE)
    away(by_day, begins, begins + timedelta(days=1), "看病")
    return monday
