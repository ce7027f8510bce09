"""On PostgreSQL units of work really run side by side; no ladder may trip over another."""

import threading

import pytest
from sqlalchemy import func, select, text

from contacts.models import Consent, Phone
from core import actors, clock
from core.storage import database
from escalation.calls import callback_queue
from escalation.cases import callback, cases
from escalation.models import Case, CaseKind, Page, TruthCall
from ivr.models import Call
from tests.escalation.cases.test_waiting import resident, responder
from tests.patience import wait_for
from zaoan.process import wiring

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
            cases.open_case(session, actors.system(), CaseKind.UNWELL, second, None)

    pressing = threading.Thread(target=second_presses_3)
    with database.unit_of_work() as session:
        cases.open_case(session, actors.system(), CaseKind.UNWELL, first, None)
        pressing.start()
        wait_for(lambda: somebody_waits(house), "the second unit of work to meet the first")
    pressing.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        pages = session.scalars(select(Page)).all()
        assert (len(pages), len({page.call_id for page in pages})) == (2, 1)


def test_two_workers_that_look_at_the_same_instant_tell_the_truth_once(house):
    with database.unit_of_work() as session:
        first = resident(session, "1号楼", "101")
        session.add(Phone(resident_id=first, number="+8631186000101", position=0))
        session.add(Consent(resident_id=first, statement="signed", recorded_at=clock.now()))
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, first, None)
        session.get_one(TruthCall, case.id).due_at = clock.now()

    def second_looks():
        with database.unit_of_work() as session:
            callback_queue.ring_due(session)

    looking = threading.Thread(target=second_looks)
    with database.unit_of_work() as session:
        callback_queue.ring_due(session)
        session.flush()
        looking.start()
        wait_for(lambda: somebody_waits(house) or not looking.is_alive(), "the second to meet the first, or to pass by")
    looking.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Call.owner == callback.OWNER)) == 1
