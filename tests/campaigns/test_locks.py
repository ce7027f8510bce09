"""On PostgreSQL a resident who rings in crosses whoever dials, ends rounds or moves times: none waits for the other."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import object_session

from campaigns import queries, set_back
from campaigns.inbound import resident_answers
from campaigns.models import CheckIn, EarlyAnswer, Outcome, Round
from campaigns.rounds import attempts, check_ins, round_end
from campaigns.rounds.early_answers import TEXTED, Said
from core import clock
from core.storage import database
from ivr.models import Call, CallState, Direction, Ending
from ivr.ports import owners
from tests.campaigns.mornings import HOME, MOBILE, a_round, later
from tests.patience import wait_for
from tests.switchboard import resident, rows

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def kept_in():
    return "postgresql"


@pytest.fixture
def wang(switchboard):
    """王奶奶, who has two telephones; a call to the first of them waits to be dialled."""
    resident_id = resident("王奶奶", HOME, MOBILE)
    a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    return resident_id


def somebody_waits():
    with database.current().engine.connect() as connection:
        return connection.scalar(WAITING) > 0


class Beside:
    """Somebody else's unit of work, side by side with ours, until it is over or waits for us."""

    def __init__(self, work):
        self.failure = None
        self._thread = threading.Thread(target=self._run, args=(work,))

    def _run(self, work):
        try:
            work()
        except OperationalError as failure:
            self.failure = failure

    def begin(self):
        self._thread.start()
        wait_for(lambda: somebody_waits() or not self._thread.is_alive(), "the other to meet us, or to pass by")

    def end(self):
        self._thread.join()
        assert self.failure is None


def hold_the_call(session):
    """What whoever dials a call, ends its round or moves its times does first."""
    return session.scalars(select(Call).where(Call.direction == Direction.OUT).with_for_update()).one()


def assert_heard_once(call_in, beside):
    beside.end()
    assert [check_in.outcome for check_in in rows(CheckIn)] == [Outcome.OK]
    assert "您一切都好" in call_in.hears
    [out] = rows(Call, direction=Direction.OUT)
    assert (out.state, out.ending) == (CallState.ENDED, Ending.NOT_WANTED)


def test_a_key_while_ones_own_call_is_being_dialled(switchboard, wang):
    call_in = switchboard.ring(MOBILE)
    presses = Beside(lambda: call_in.press("1"))
    with database.unit_of_work() as session:
        out = hold_the_call(session)
        presses.begin()
        assert not owners.owner_of(out).still_wanted(session, out)
    assert_heard_once(call_in, presses)


def test_a_key_while_the_round_ends(switchboard, wang):
    call_in = switchboard.ring(MOBILE)
    presses = Beside(lambda: call_in.press("1"))
    later(hours=4)
    with database.unit_of_work() as session:
        hold_the_call(session)
        presses.begin()
        round_end.close_past_deadline(session, clock.now())
    assert_heard_once(call_in, presses)


def test_a_key_while_the_clock_is_followed_back(switchboard, wang, monkeypatch):
    [waiting] = rows(Call, direction=Direction.OUT)
    later(hours=-10)
    call_in = switchboard.ring(MOBILE)
    presses, move = Beside(lambda: call_in.press("1")), set_back.telephone._move

    def moves(call, now, by):
        move(call, now, by)
        if call.direction == Direction.OUT:
            object_session(call).flush()
            presses.begin()

    monkeypatch.setattr(set_back.telephone, "_move", moves)
    by = set_back.follow_the_clock(clock.now())
    presses.end()
    assert "您一切都好" in call_in.hears
    said = [answer.said for answer in rows(EarlyAnswer)] + [check_in.outcome for check_in in rows(CheckIn)]
    assert [each for each in said if each] == [Outcome.OK]  # before or after their round was moved
    [out] = rows(Call, direction=Direction.OUT)
    assert out.due_at == waiting.due_at - by
    assert all(round_.started_at <= clock.now() for round_ in rows(Round))


def test_a_text_while_the_clock_is_followed_back(switchboard, wang, monkeypatch):
    later(hours=-10)
    at = clock.now() + timedelta(days=1)

    def writes():
        with database.unit_of_work() as session:
            resident_answers.hear(session, wang, Said(Outcome.OK, at, TEXTED))

    writing, future = Beside(writes), set_back.queries.early_answers_in_the_future

    def finds(session, now):
        session.flush()
        writing.begin()
        return future(session, now)

    monkeypatch.setattr(set_back.queries, "early_answers_in_the_future", finds)
    set_back.follow_the_clock(clock.now())
    writing.end()
    assert [check_in.outcome for check_in in rows(CheckIn)] == [Outcome.OK]


def test_of_two_answers_at_the_same_instant_after_the_round_the_worse_one_counts(switchboard, wang):
    later(minutes=1)
    at = clock.now()
    with database.unit_of_work() as session:
        [check_in] = session.scalars(select(CheckIn))
        check_ins.not_asked(session, check_in.round, [check_in])

    def writes():
        with database.unit_of_work() as session:
            resident_answers.hear(session, wang, Said(Outcome.OK, at, TEXTED))

    writing = Beside(writes)
    with database.unit_of_work() as session:
        resident_answers.hear(session, wang, Said(Outcome.UNWELL, at, TEXTED))
        session.flush()
        writing.begin()
    writing.end()
    assert [check_in.outcome for check_in in rows(CheckIn)] == [Outcome.UNWELL]


def test_a_couple_that_rings_in_from_two_telephones_at_once_is_heard(switchboard):
    """Each has their own mobile, and one call to the telephone at home waits for both."""
    mobiles = (MOBILE, "+8613800000102")
    for called, mobile in zip(("王奶奶", "王爷爷"), mobiles, strict=True):
        resident(called, HOME, mobile)
    a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    first, second = map(switchboard.ring, mobiles)
    presses = Beside(lambda: second.press("1"))
    with database.unit_of_work() as session:
        one = queries.check_ins_of_call(session, rows(Call, number=mobiles[0])[0].id)[0]
        check_ins.hear(session, one, Outcome.OK)
        session.flush()
        presses.begin()
        resident_answers.withdraw_calls(session, one)
    presses.end()
    assert first.hears
    assert [check_in.outcome for check_in in rows(CheckIn)] == [Outcome.OK, Outcome.OK]
