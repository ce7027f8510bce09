"""What several people do at the same moment on PostgreSQL: nobody waits for somebody who waits for them."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from core import actors
from core.storage import database
from escalation import climbing
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.paging import paging
from ivr.dispatch import calls
from ivr.models import Call, CallState
from tests import signed_in
from tests.switchboard import resident, responder, rows

FIRST, SECOND = "+8613900000001", "+8613900000002"
SECONDS_TO_MEET = 1.0
"""Whoever waits for the other at a row does not come to the meeting; then nobody waits any longer."""


@pytest.fixture
def kept_in(postgresql):
    return "postgresql"


class Meeting:
    """Two units of work wait for each other here, each having just taken what it takes first."""

    def __init__(self):
        self._both = threading.Barrier(2)

    def after(self, function):
        def met(*arguments, **named):
            result = function(*arguments, **named)
            self.wait()
            return result

        return met

    def before(self, function):
        def met(session, *arguments, **named):
            session.flush()
            self.wait()
            return function(session, *arguments, **named)

        return met

    def wait(self):
        with suppress(threading.BrokenBarrierError):
            self._both.wait(SECONDS_TO_MEET)


def at_once(*works):
    with ThreadPoolExecutor(len(works)) as threads:
        doing = [threads.submit(work) for work in works]
    return [each.result() for each in doing]


@pytest.fixture
def undisturbed(caplog):
    """At the end nothing was done anew after a deadlock, and nothing has failed."""
    with caplog.at_level(logging.INFO, "core.storage.database"):
        yield
    assert [each.getMessage() for each in caplog.records if each.name == "core.storage.database"] == []
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.fixture
def two_are_rung(switchboard, postgresql):
    """Somebody is unwell, and two helpers have picked up."""
    ids = [responder("田保国", FIRST), responder("李梅", SECOND)]
    person = resident("王奶奶", "+8631186000101")
    with database.unit_of_work() as session:
        case_id = cases.open_case(session, actors.system(), CaseKind.UNWELL, person, None).id
    return case_id, ids, [switchboard.pick_up(FIRST), switchboard.pick_up(SECOND)]


def test_of_two_helpers_who_press_1_at_the_same_moment_one_has_the_case_and_the_other_hears_so(
    two_are_rung, undisturbed, monkeypatch
):
    case_id, ids, (first, second) = two_are_rung
    monkeypatch.setattr(calls, "adopt", Meeting().after(calls.adopt))
    at_once(lambda: first.press("1"), lambda: second.press("1"))
    [case] = rows(Case)
    assert case.state == CaseState.ACCEPTED
    assert case.accepted_by_id in ids
    states = {page.responder_id: page.state for page in rows(Page, case_id=case_id)}
    assert states.pop(case.accepted_by_id) == PageState.ACCEPTED
    assert list(states.values()) == [PageState.WITHDRAWN]
    told = {each: "已经有人接下" in each.hears for each in (first, second)}
    assert sorted(told.values()) == [False, True]


@pytest.mark.parametrize("status", ["completed", "no-answer"])
def test_the_office_closes_a_case_while_the_call_of_a_helper_ends(
    two_are_rung, undisturbed, monkeypatch, switchboard, status
):
    case_id, _, (first, _) = two_are_rung
    signed_in.enter(switchboard.client)
    meeting = Meeting()
    monkeypatch.setattr(calls, "adopt", meeting.after(calls.adopt))
    monkeypatch.setattr(paging, "withdraw_others", meeting.before(paging.withdraw_others))
    closing = f"/today/cases/{case_id}/close"
    closed, _ = at_once(
        lambda: switchboard.client.post(closing, data={"finding": "fine"}, follow_redirects=False),
        lambda: first.hang_up(CallStatus=status),
    )
    assert closed.status_code == 303
    assert rows(Case)[0].state == CaseState.CLOSED
    assert PageState.CALLING not in {page.state for page in rows(Page)}
    assert rows(Call, id=first.call.id)[0].state == CallState.ENDED


@pytest.mark.parametrize("who", ["office", "sweep"])
def test_a_helper_accepts_while_the_others_call_is_found_to_have_ended(two_are_rung, undisturbed, monkeypatch, who):
    """The end is not always reported: the sweep asks the provider, and comes from the call, too."""
    _, ids, (first, second) = two_are_rung
    meeting = Meeting()
    monkeypatch.setattr(paging, "withdraw_others", meeting.before(paging.withdraw_others))

    def ends(session):
        call = calls.held(session, second.call.id)
        meeting.wait()
        calls.end(session, call.id, "no_answer")

    def accepts():
        with database.unit_of_work() as session:
            return cases.accept(session, actors.system(), rows(Case)[0].id, ids[0])

    accept = accepts if who == "office" else lambda: first.press("1")
    at_once(accept, lambda: database.write(ends))
    assert (rows(Case)[0].state, rows(Case)[0].accepted_by_id) == (CaseState.ACCEPTED, ids[0])
    assert rows(Call, id=second.call.id)[0].state == CallState.ENDED


def test_the_tick_looks_at_each_case_in_a_unit_of_work_of_its_own(switchboard, postgresql, monkeypatch):
    """A key that is pressed meanwhile waits for one of them, and not for all."""
    people = [resident(f"{room}的奶奶", f"+8631186000{room}", room=str(room)) for room in range(101, 106)]
    for index in range(5):
        responder(f"志愿者{index}", f"+861390000001{index}")
    stored = []
    ask_next = paging.ask_next

    def asks(session, case):
        with database.reading() as other:
            stored.append(other.scalar(select(func.count()).select_from(Page)))
        ask_next(session, case)

    with monkeypatch.context() as patching:
        patching.setattr(paging, "ask_next", lambda *_: None)
        with database.unit_of_work() as session:
            for person in people:
                cases.open_case(session, actors.system(), CaseKind.NO_ANSWER, person, None)
    monkeypatch.setattr(paging, "ask_next", asks)
    climbing.climb_due()
    assert stored == [0, 1, 2, 3, 4]


def test_twelve_who_are_unwell_at_the_same_moment_while_ladders_are_climbed_ring_everybody_once(
    switchboard, postgresql, caplog
):
    helpers = [f"+86139000002{index:02d}" for index in range(6)]
    for number in helpers:
        responder(number, number)
    people = [resident(f"{room}的奶奶", f"+8631186000{room}", room=str(room)) for room in range(101, 113)]

    def presses_3(person):
        return lambda: database.write(
            lambda session: cases.open_case(session, actors.system(), CaseKind.UNWELL, person, None).id
        )

    at_once(*map(presses_3, people), climbing.climb_due, climbing.climb_due)
    for _ in range(3):
        at_once(climbing.climb_due, climbing.climb_due)
    live = rows(Page, state=PageState.CALLING)
    assert {page.case_id for page in live} == {case.id for case in rows(Case)}, "somebody is rung about each of them"
    assert len({page.call_id for page in live}) == len({page.responder_id for page in live}), "nobody is rung twice"
    numbers = [call.number for call in rows(Call)]
    assert len(numbers) == len(set(numbers))
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
