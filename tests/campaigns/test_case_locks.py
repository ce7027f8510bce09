"""On PostgreSQL those who change a case at the same moment may wait in a ring: both are stored all the same."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from contacts.models import Responder
from core import actors
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from ivr import queries
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from tests.patience import PATIENCE_SECONDS
from tests.switchboard import resident, responder, rows

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def kept_in():
    return "postgresql"


@pytest.fixture
def case_id(switchboard):
    """Somebody is unwell, and the telephones of two helpers ring."""
    for index, name in enumerate(("田保国", "孙丽华"), 1):
        responder(name, f"+861390000000{index}")
    person = resident("王奶奶", "+8631186000101")
    with database.unit_of_work() as session:
        opened = cases.open_case(session, actors.system(), CaseKind.UNWELL, person, None).id
    with database.unit_of_work() as session:
        for call in session.scalars(select(Call)):
            call.state, call.provider_id = CallState.PLACED, f"CA{call.id.hex}"
    assert len(rows(Page, case_id=opened, state=PageState.CALLING)) == 2
    return opened


class Meeting:
    """Where two units of work are in the middle at once, unless one waits for the other already."""

    def __init__(self):
        self._arrived, self._all = 0, threading.Condition()

    def meet(self):
        with self._all:
            if self._arrived > 1:
                return  # done anew
            self._arrived += 1
            self._all.notify_all()
            for _ in range(int(PATIENCE_SECONDS * 20)):
                if self._arrived > 1 or self._somebody_waits():
                    return
                self._all.wait(0.05)
        raise AssertionError("nobody came, and nobody waits")

    def _somebody_waits(self):
        with database.current().engine.connect() as connection:
            return connection.scalar(WAITING) > 0


def side_by_side(*works):
    """As ``database.store`` does them, without its limit of three seconds, which a busy machine may need."""
    with ThreadPoolExecutor(len(works)) as threads:
        return [each.result(PATIENCE_SECONDS) for each in [threads.submit(database.write, work) for work in works]]


@pytest.fixture
def deadlocks():
    """How many units of work PostgreSQL has ended because two waited for each other."""
    seen = []

    def note(context):
        if getattr(context.original_exception, "sqlstate", None) == database.DEADLOCK:
            seen.append(context.statement)

    engines = database.current().engines
    for engine in engines:
        event.listen(engine, "handle_error", note)
    yield seen
    for engine in engines:
        event.remove(engine, "handle_error", note)


def accepts(page, meeting):
    """A helper's key 1, as the webhook of their call carries it out."""

    def work(session):
        queries.call_held(session, page.call_id)
        meeting.meet()
        return cases.accept_by_key(session, page.case_id, session.get_one(Responder, page.responder_id))

    return work


def test_of_two_helpers_who_press_at_the_same_moment_one_has_it_and_the_other_is_told(case_id):
    meeting = Meeting()
    outcomes = side_by_side(*(accepts(page, meeting) for page in rows(Page, case_id=case_id)))
    assert sorted(each.value for each in outcomes) == sorted(
        (cases.Acceptance.ACCEPTED.value, cases.Acceptance.TOO_LATE.value)
    )
    assert rows(Case, id=case_id)[0].state == CaseState.ACCEPTED


def test_the_office_closes_a_case_while_a_helpers_call_ends(case_id):
    meeting = Meeting()
    page = rows(Page, case_id=case_id)[0]

    def call_ends(session):
        queries.call_held(session, page.call_id)
        meeting.meet()
        calls.end(session, page.call_id, Ending.NO_ANSWER)

    def office_closes(session):
        session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()
        meeting.meet()
        cases.close(session, actors.system(), case_id, "she is fine")

    side_by_side(call_ends, office_closes)
    assert rows(Case, id=case_id)[0].state == CaseState.CLOSED
    assert rows(Page, id=page.id)[0].state != PageState.CALLING


def test_what_postgresql_ends_because_two_waited_for_each_other_is_done_anew(case_id, deadlocks):
    meeting, first = Meeting(), threading.local()
    mine, yours = (page.call_id for page in rows(Page, case_id=case_id))

    def both(one, other):
        def work(session):
            session.get_one(Call, one, with_for_update=True)
            if not hasattr(first, "tried"):
                first.tried = True
                meeting.meet()
            session.get_one(Call, other, with_for_update=True).hang_up_wanted = True
            return True

        return work

    assert side_by_side(both(mine, yours), both(yours, mine)) == [True, True]
    assert len(deadlocks) >= 1


@pytest.mark.parametrize("carried_out", [database.store, database.write])
def test_whoever_keeps_somebody_waiting_is_done_anew_as_well(case_id, carried_out):
    tries = []

    def work(session):
        tries.append(1)
        if len(tries) == 1:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'a deadlock' USING ERRCODE = '40P01'; END $$"))
        return len(tries)

    assert carried_out(work) == 2


def test_the_other_of_two_goes_first(case_id, monkeypatch):
    """Whoever begins anew at once takes the row again for which the other has been waiting, and is ended again."""
    pauses, tries = [], []
    monkeypatch.setattr(database, "sleep", pauses.append)

    def work(session):
        tries.append(1)
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'a deadlock' USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(OperationalError):
        database.write(work)
    assert len(tries) == len(pauses) + 1 == len(database.AFTER_DEADLOCKS) + 1
    assert min(pauses) > 0
    assert pauses == sorted(pauses)


def test_whatever_else_goes_wrong_is_not_done_anew(case_id):
    tries = []

    def work(session):
        tries.append(1)
        session.execute(text("SELECT 1 / 0"))

    with pytest.raises(Exception, match="division by zero"):
        database.write(work)
    assert len(tries) == 1
