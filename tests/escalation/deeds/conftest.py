"""王奶奶 has pressed 3, two helpers live near, and time passes when a test says so."""

from datetime import UTC, datetime

import pytest

from core import actors, clock
from core.clock import Anchor
from core.storage import database
from escalation import climbing
from escalation.models import Case
from tests.campaigns.mornings import HOME, MOBILE, later
from tests.switchboard import House, resident, responder, rows

TIAN, WEI = "+8613900000001", "+8613900000002"
MORNING = datetime(2026, 11, 23, tzinfo=UTC)  # eight in the morning there
CLERK = actors.user("李干事")


class Story:
    """One case and those who look after it; ``do`` carries a use case out as 李干事 of the office."""

    def __init__(self, house):
        self.house = house
        self.granny = resident("王奶奶", HOME, MOBILE, relative="+8613800000102")
        self.tian, self.wei = responder("田保国", TIAN), responder("魏红", WEI)

    def unwell(self):
        """She rings in and presses 3; the id of her case."""
        self.house.ring(HOME).press("3").hang_up()
        return self.case.id

    def taken(self):
        """And 田保国 takes it."""
        case_id = self.unwell()
        self.house.pick_up(TIAN).press("1").hang_up()
        assert self.case.accepted_by_id == self.tian
        return case_id

    def do(self, deed, *values, by=CLERK):
        with database.unit_of_work() as session:
            return deed(session, by, *values)

    def pass_(self, **time):
        """So much time passes, and every ladder that is due is looked at."""
        later(**time)
        climbing.climb_due()

    @property
    def case(self):
        [found] = [each for each in rows(Case) if each.merged_into_id is None]
        return found


@pytest.fixture
def story(house_settings):
    before = clock.anchor()
    opened = House(house_settings)
    clock.set_anchor(Anchor(clock.real_now(), MORNING))
    yield Story(opened)
    opened.close()
    clock.set_anchor(before)
