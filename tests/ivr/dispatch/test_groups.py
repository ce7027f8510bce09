"""Many calls cost a handful of statements: they are claimed, looked at again and recorded in groups.

What one of a group suffers is its own.
"""

from core.storage.database import reading, unit_of_work
from ivr import queries
from ivr.dispatch import claiming, placing
from ivr.dispatch import lines as line
from ivr.dispatch.claiming import Room
from ivr.models import CallState, Ending
from tests.ivr.dialling_room import number_of
from tests.ivr.dispatch.test_cost import statements

MANY, MOST_STATEMENTS = 25, 12


def claimed_of(opened, count):
    """So many calls, claimed, and the statements that it took."""
    ids = opened.queue_many(count)
    opened.dialler._voices.look(ids, lambda _: loaded(ids))
    with statements(opened) as told, unit_of_work() as session:
        each = queries.lines(session)[0]
        waiting = queries.waiting_calls(session, opened.call(ids[0]).due_at.replace(year=2100), 50)
        found = claiming.claim(session, each, Room(count, count), waiting, opened.dialler._voices.is_ready)
    return found, told


def loaded(ids):
    with reading() as session:
        return queries.unvoiced(session, ids)


def test_many_calls_are_claimed_with_a_handful_of_statements(room):
    found, told = claimed_of(room(), MANY)
    assert len(found.claimed) == MANY
    assert not found.over
    assert len(told) <= MOST_STATEMENTS, told


def test_many_calls_are_recorded_with_a_handful_of_statements(room):
    opened = room()
    found, _ = claimed_of(opened, MANY)
    with statements(opened) as told:
        noted = placing._record([(order, f"CA{index}") for index, order in enumerate(found.claimed)])
    assert noted == [True] * MANY
    assert len(told) <= MOST_STATEMENTS, told
    assert {opened.call(order.call_id).state for order in found.claimed} == {CallState.PLACED}
    assert [opened.call(order.call_id).provider_id for order in found.claimed] == [f"CA{n}" for n in range(MANY)]


def test_a_call_that_is_no_longer_as_it_was_claimed_is_left_to_be_looked_at_by_itself(room):
    opened = room()
    found, _ = claimed_of(opened, 4)
    adopted, ended, again, ours = found.claimed
    opened.change(adopted.call_id, provider_id="CA of its callback", state=CallState.PLACED)
    opened.change(ended.call_id, state=CallState.ENDED, ending=Ending.WITHDRAWN)
    opened.change(again.call_id, requested_at=again.requested_at.replace(year=2100))
    assert placing._record([(order, f"CA{order.to}") for order in found.claimed]) == [False, False, False, True]
    assert opened.call(adopted.call_id).provider_id == "CA of its callback"
    assert opened.call(ended.call_id).provider_id is None
    assert opened.call(again.call_id).state == CallState.DIALLING
    assert opened.call(ours.call_id).provider_id == f"CA{ours.to}"


def test_a_provider_that_contradicts_itself_about_one_call_spoils_no_other(room):
    opened = room()
    found, _ = claimed_of(opened, 3)
    opened.change(found.claimed[0].call_id, provider_id="CA1", state=CallState.PLACED)
    others = found.claimed[1:]
    assert placing._record([(others[0], "CA1"), (others[1], "CA2")]) == [False, False]
    assert placing._record([(others[1], "CA2")]) == [True]


def test_a_number_that_another_worker_has_just_called_holds_no_other_up(room):
    opened = room()
    taken = opened.queue(number_of(0))
    ids = [opened.queue(number_of(index)) for index in range(3)]
    opened.dialler._voices.look(ids, lambda _: loaded(ids))
    with reading() as session:
        waiting = queries.waiting_calls(session, opened.call(taken).due_at.replace(year=2100), 50)
        waiting = [each for each in waiting if each.number != number_of(0)] + [
            queries.Waiting(ids[0], number_of(0), 10, opened.call(ids[0]).due_at)
        ]
    opened.change(taken, state=CallState.PLACED, provider_id="CA0")
    with unit_of_work() as session:
        each = queries.lines(session)[0]
        found = claiming.claim(session, each, Room(9, 9), waiting, opened.dialler._voices.is_ready)
    assert {order.call_id for order in found.claimed} == set(ids[1:])
    assert opened.call(ids[0]).state == CallState.QUEUED
    assert line.places(each.calls_at_once, 0, 10) > 2
