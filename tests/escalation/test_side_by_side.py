"""On PostgreSQL units of work really run side by side; no ladder may trip over another."""

import threading

import pytest
from sqlalchemy import func, select, text

from core import database
from escalation import cases
from escalation.models import Case, CaseKind, Page
from tests.escalation.test_waiting import resident, responder
from tests.journeys.neighbourhood import wait_for
from zaoan import wiring

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def house(house_settings, postgresql):
    opened = wiring.open_house(house_settings.model_copy(update={"database_url": postgresql()}))
    yield opened
    opened.close()


def somebody_waits(house):
    with house.engine.connect() as connection:
        return connection.scalar(WAITING) > 0


def test_two_who_are_unwell_at_the_same_instant_are_both_heard(house):
    with database.unit_of_work() as session:
        responder(session, "+8613900000001", "1号楼")
        first, second = (resident(session, "1号楼", room) for room in ("101", "102"))

    def second_presses_3():
        with database.unit_of_work() as session:
            cases.open_case(session, CaseKind.UNWELL, second, None)

    pressing = threading.Thread(target=second_presses_3)
    with database.unit_of_work() as session:
        cases.open_case(session, CaseKind.UNWELL, first, None)
        pressing.start()
        wait_for(lambda: somebody_waits(house), "the second unit of work to meet the first")
    pressing.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        assert session.scalar(select(func.count()).select_from(Page)) == 1
