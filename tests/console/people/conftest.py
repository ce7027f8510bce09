"""An office before the pages of its people."""

import pytest

from core.storage.database import reading, unit_of_work
from tests import people, signed_in


@pytest.fixture
def office(service):
    """Somebody of the office, who has signed in; ``office.id`` is who they are."""
    browser = service()
    browser.id = signed_in.enter(browser, "lilei")
    return browser


@pytest.fixture
def lives(office):
    """Writes down a resident: ``lives("王桂兰", "+8631186000101")``; returns their id."""

    def enrol(name, *numbers, building="3", unit="2", room="501", **more):
        with unit_of_work() as session:
            home = people.household(session, room, building, unit)
            return people.resident(session, name, *numbers, home=home, **more).id

    return enrol


@pytest.fixture
def looked_up():
    """A row as it stands: ``looked_up(Resident, id, lambda row: row.called)``."""

    def look(table, row_id, told):
        with reading() as session:
            return told(session.get_one(table, row_id))

    return look
