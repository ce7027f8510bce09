"""王奶奶, her daughter, and somebody who helps near them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from contacts.models import Relative
from core import actors, clock
from core.clock import Anchor
from core.storage import database
from tests import people
from tests.campaigns.mornings import HOME, MOBILE, later
from tests.switchboard import resident, responder, rows

DAUGHTER, SON, TIAN = "+8613800138000", "+8613800138001", "+8613900000001"
MORNING = datetime(2026, 11, 23, tzinfo=UTC)  # eight in the morning there


class Story:
    """A house of one family; ``do`` carries out what the daughter does."""

    def __init__(self, house):
        clock.set_anchor(Anchor(clock.real_now(), MORNING))
        self.house, self.home, self.mobile = house, HOME, MOBILE
        self.granny = resident("王奶奶", HOME, relative=DAUGHTER, wants="problems")
        self.tian = responder("田保国", TIAN)
        self.daughter = self.relative(DAUGHTER).id
        self.by = actors.relative(self.daughter)

    def relative(self, number):
        with database.reading() as session:
            return session.scalars(select(Relative).where(Relative.number == number)).one()

    def son(self):
        with database.unit_of_work() as session:
            return people.relative(session, self.granny, "王强", SON, relation="儿子").id

    def do(self, deed, *values):
        with database.unit_of_work() as session:
            return deed(session, *values)

    def see(self, look, *values):
        with database.reading() as session:
            return look(session, *values)

    def texts(self, number, table):
        return [each.body for each in rows(table, number=number)]

    def pass_(self, **time):
        later(**time)


@pytest.fixture
def story(switchboard):
    return Story(switchboard)
