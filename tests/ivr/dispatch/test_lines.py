"""Several lines share the work; one that fails rests and is tried again, and a resident knows their caller number."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.running import presence, troubles
from core.running.events import Event
from core.running.troubles import Kind
from core.storage import database
from ivr import queries
from ivr.dispatch import calls, claiming
from ivr.dispatch import lines as line
from ivr.models import CallState, Line, Urgency
from tests.ivr.dialling_room import LINES, number_of
from tests.ivr.fake_provider import NOT_PLACED_500, PLACED_AND_CUT, TOO_MANY, refused
from tests.patience import wait_for

BAD_FROM = refused(21212)


def known_line(opened, number):
    with database.reading() as session:
        return line.preferred(queries.lines(session), number).number


def numbers_of(opened, from_, count):
    """Numbers that know this caller number."""
    return [each for each in map(number_of, range(200)) if known_line(opened, each) == from_][:count]


def rest_over():
    with database.unit_of_work() as session:
        for each in queries.lines(session):
            each.resting_until = None if each.resting_until is None else clock.real_now()


@pytest.fixture
def nobody_helps(monkeypatch):
    """However long it takes, a line does only what is its own."""
    monkeypatch.setattr(claiming, "SHARED_AFTER_SECONDS", 3600)


def test_lines_share_the_work_and_everybody_is_rung_from_the_number_they_know(room, nobody_helps):
    opened = room(lines=2, per_second=20)
    opened.queue_many(40)
    opened.dial()
    assert all(known_line(opened, to) == from_ for _, to, from_ in opened.provider.requests)
    assert min(Counter(from_ for *_, from_ in opened.provider.requests).values()) >= 10


def test_a_line_with_nothing_of_its_own_to_do_helps_those_who_have_waited(room, nobody_helps, monkeypatch):
    opened = room(lines=2, per_second=2)
    for number in numbers_of(opened, LINES[0], 14):
        opened.queue(number)
    with opened.dialling():
        wait_for(lambda: len(opened.provider.requests) >= 2, "the first of them")
        before = len(opened.provider.requests)
        monkeypatch.setattr(claiming, "SHARED_AFTER_SECONDS", 0)  # now they have waited
        wait_for(lambda: len(opened.provider.requests) == 14, "all of them")
    lines = [from_ for *_, from_ in opened.provider.requests]
    assert set(lines[:before]) == {LINES[0]}
    assert set(lines) == set(LINES)


def test_an_alert_waits_for_no_particular_line(room, nobody_helps):
    opened = room(lines=2, per_second=1)
    first, second = numbers_of(opened, LINES[0], 2)
    for number in (first, second):
        opened.queue(number, urgency=Urgency.ALERT)
    opened.dial_until(lambda: len(opened.provider.requests) == 2, "both alerts")
    assert {from_ for *_, from_ in opened.provider.requests} == set(LINES)


def test_the_work_of_a_line_with_a_bad_caller_number_goes_to_the_others(room, monkeypatch):
    monkeypatch.setattr(line, "FIRST_REST", line.LONGEST_REST)  # however long a busy machine takes
    opened = room(lines=2)
    opened.provider.says_to_line(LINES[0], BAD_FROM)
    opened.queue_many(20)
    opened.dial_until(lambda: len(opened.provider.calls) == 20, "everybody to be rung")
    assert {call.from_ for call in opened.provider.calls} == {LINES[1]}
    assert opened.owner.endings == {}
    asked_in_vain = [number for _, number, from_ in opened.provider.requests if from_ == LINES[0]]
    assert len(asked_in_vain) == len(set(asked_in_vain)) > 0, "nobody is asked for there again"


@pytest.mark.parametrize("answer", [TOO_MANY, NOT_PLACED_500])
def test_a_line_that_fails_again_and_again_rests_and_is_tried_again_with_one_call(room, answer):
    opened = room(per_second=30, latency=0.3)
    opened.provider.says_to_line(LINES[0], answer)
    opened.queue_many(30)
    opened.dial_until(lambda: opened.line().resting_until is not None, "the line to rest")
    opened.settle()
    tried, rests = len(opened.provider.requests), opened.line().rests
    opened.dial()
    assert len(opened.provider.requests) == tried
    rest_over()
    opened.dial()
    assert len(opened.provider.requests) == tried + 1
    assert opened.line().rests == rests + 1
    opened.provider.says_to_line(LINES[0], None)
    rest_over()
    opened.dial_until(lambda: len(opened.provider.requests) > tried + 3, "the line to be trusted again")
    opened.settle()
    assert (opened.line().failures, opened.line().rests, opened.line().resting_until) == (0, 0, None)


def rests_for_long(opened):
    """As after an outage: the line rests, and nothing but an answer of the provider ends that soon."""
    with database.unit_of_work() as session:
        for each in queries.lines(session):
            each.failures, each.rests, each.resting_until = 3, 4, clock.real_now() + timedelta(minutes=10)


def test_an_alert_tries_a_line_that_rests_and_a_routine_call_waits_for_it(room):
    opened = room()
    rests_for_long(opened)
    opened.queue(number_of(0))
    opened.dial()
    assert opened.provider.requests == []
    opened.queue(number_of(1), urgency=Urgency.ALERT)
    opened.dial_until(lambda: len(opened.provider.calls) == 2, "the alert to get through, and the other one after it")
    assert [to for _, to, _ in opened.provider.requests] == [number_of(1), number_of(0)]


def test_a_line_that_is_kept_for_whoever_was_cut_off_takes_them_and_alerts_and_no_routine_call(room):
    opened = room(lines=1, per_second=50)
    opened.queue(number_of(1))
    opened.queue(number_of(2), urgency=Urgency.ANSWER_LOST)
    opened.queue(number_of(3), urgency=Urgency.ALERT)
    with database.unit_of_work() as session:
        line.keep(session, clock.real_now() + timedelta(hours=1))
    opened.dial()
    assert {to for _, to, _ in opened.provider.requests} == {number_of(2), number_of(3)}
    with database.unit_of_work() as session:
        queries.lines(session)[0].kept_until = clock.real_now()
    opened.dial()
    assert [to for _, to, _ in opened.provider.requests][2:] == [number_of(1)]


def test_an_alert_that_a_resting_line_refuses_is_put_off_and_asks_no_more_than_once_at_a_time(room):
    opened = room()
    rests_for_long(opened)
    opened.provider.says_to_line(LINES[0], TOO_MANY)
    for index in range(5):
        opened.queue(number_of(index), urgency=Urgency.ALERT)
    opened.dial()
    asked = [to for _, to, _ in opened.provider.requests]
    assert 1 <= len(asked) == len(set(asked)) <= 5
    assert opened.line().resting_until > clock.real_now() + timedelta(minutes=9), "the rest goes on"


def all_lines_rest(times, reason="20003 the account is suspended"):
    for _ in range(times):
        with database.unit_of_work() as session:
            for each in queries.lines(session):
                line.rest(session, each.id, reason, clock.real_now())
        rest_over()


def told():
    with database.reading() as session:
        return {each.kind: dict(each.gaps)["reason"] for each in troubles.known(session)}


def test_a_provider_that_refuses_every_call_is_told_once_the_calls_wait_and_go_on_when_it_takes_them(room):
    opened = room()
    opened.queue(number_of(0))
    all_lines_rest(line.RESTS_BEFORE_TOLD - 1)
    assert told() == {}
    all_lines_rest(3)
    assert told() == {Kind.PROVIDER_REFUSES: "20003 the account is suspended"}
    with database.reading() as session:
        noticed = session.scalars(select(Event).where(Event.kind == "trouble.noticed")).all()
        assert len(noticed) == 1
    opened.dial_until(lambda: len(opened.provider.calls) == 1, "the call that has waited")
    opened.settle()
    assert told() == {}


def test_a_provider_that_does_not_answer_at_all_is_not_said_to_refuse(room):
    room()
    with database.unit_of_work() as session:
        troubles.note(session, Kind.PROVIDER_SILENT, timedelta(minutes=2), reason="no route")
    all_lines_rest(line.RESTS_BEFORE_TOLD)
    assert told() == {Kind.PROVIDER_SILENT: "no route"}


def test_one_line_that_still_takes_calls_is_enough(room):
    opened = room()
    with database.unit_of_work() as session:
        session.add(Line(number="+8631186007777", calls_per_second=1, calls_at_once=1))
    with database.unit_of_work() as session:
        for minute in range(line.RESTS_BEFORE_TOLD):
            line.rest(session, opened.line().id, "bad", clock.real_now() + timedelta(minutes=minute))
    assert told() == {}


def test_a_provider_that_tells_of_a_call_of_ours_is_there_again(room):
    """The reply to the request was lost, and the call rings: the first that is heard of it is its webhook."""
    opened = room()
    call_id = opened.queue(number_of(0))
    opened.provider.says(number_of(0), PLACED_AND_CUT)
    opened.dial()
    rests_for_long(opened)
    opened.queue(number_of(1))
    with database.unit_of_work() as session:
        assert calls.adopt(session, queries.call_held(session, call_id), opened.provider.calls[0].sid)
    assert (opened.line().failures, opened.line().rests, opened.line().resting_until) == (0, 0, None)
    opened.dial()
    assert len(opened.provider.calls) == 2


def test_one_refusal_is_the_calls_and_not_the_lines(room):
    opened = room()
    opened.provider.says(number_of(0), TOO_MANY)
    opened.queue_many(5)
    opened.dial()
    assert {call.to for call in opened.provider.calls} >= {number_of(each) for each in range(1, 5)}
    assert opened.line().resting_until is None


def test_each_rest_is_twice_as_long_as_the_last_and_none_is_long(room):
    opened = room()
    rests = []
    for _ in range(8):
        now = clock.real_now()
        with database.unit_of_work() as session:
            line.rest(session, opened.line().id, "bad", now)
        rests.append((opened.line().resting_until - now).total_seconds())
        with database.unit_of_work() as session:
            line.rest(session, opened.line().id, "bad", now)  # a request that failed before the rest began
        assert opened.line().rests == len(rests)
        rest_over()
    assert rests == [2, 4, 8, 16, 30, 30, 30, 30]


def test_a_number_that_is_no_longer_ours_is_not_dialled_from(room):
    opened = room(lines=2)
    with database.unit_of_work() as session:
        line.establish(session, LINES[1:], 100, 500)
    opened.queue_many(10)
    opened.dial_until(lambda: len(opened.provider.calls) == 10, "everybody to be rung")
    assert {call.from_ for call in opened.provider.calls} == {LINES[1]}


def test_only_one_worker_holds_a_line_and_a_released_line_goes_on_at_its_pace(room):
    opened = room(per_second=1)
    line_id, now, slack = opened.line().id, clock.real_now(), timedelta(seconds=2)
    with database.unit_of_work() as session:
        assert line.lease(session, line_id, "first", now, slack)
        assert line.lease(session, line_id, "second", now, slack) is None
        assert line.lease(session, line_id, "second", now + line.LEASE, slack) is None
        assert line.lease(session, line_id, "second", now + line.LEASE + slack + timedelta(seconds=1), slack)
    turn = clock.real_now() + timedelta(seconds=0.8)
    with database.unit_of_work() as session:
        line.release(session, line_id, "first", now)  # somebody else holds it by now
        line.release(session, line_id, "second", turn)
    opened.queue_many(1)
    opened.dial()
    assert opened.states() == {number_of(0): CallState.PLACED}
    with database.reading() as session:
        placed = session.query(claiming.Call).one()
        assert placed.requested_at >= turn - timedelta(milliseconds=50)
        assert session.query(Line).one().lease_until is None


def test_the_line_of_somebody_who_died_is_taken_over_at_once_and_their_last_window_is_respected(room, monkeypatch):
    opened = room(per_second=1)
    line_id, now, slack = opened.line().id, clock.real_now(), timedelta(seconds=2)
    monkeypatch.setattr(presence, "is_gone", {"dead"}.__contains__)
    with database.unit_of_work() as session:
        assert line.lease(session, line_id, "dead", now, slack)
        taken = line.lease(session, line_id, "second", now, slack)
        assert (taken.lease_owner, taken.next_turn_at) == ("second", now + slack)
        assert line.lease(session, line_id, "third", now, slack) is None


def test_a_number_prefers_the_same_line_whatever_others_come():
    lines = [Line(number=number) for number in ("+861", "+862", "+863")]
    numbers = [number_of(index) for index in range(300)]
    before = {number: line.preferred(lines, number).number for number in numbers}
    assert min(Counter(before.values()).values()) > 50
    for number in numbers:
        after = line.preferred([*lines, Line(number="+864")], number).number
        assert after in {before[number], "+864"}


def test_on_postgresql_lines_are_held_and_calls_placed_alike(room, postgresql):
    opened = room(lines=2, database_url=postgresql())
    opened.provider.says(number_of(0), refused(21211))
    opened.provider.says(number_of(1), TOO_MANY)
    opened.owner.raises_for.add(number_of(2))
    opened.queue_many(12)
    opened.dial_until(lambda: len(opened.provider.calls) == 10, "everybody else to be rung", sweep=True)
    assert opened.owner.endings == {number_of(0): "refused", number_of(2): "failed"}
