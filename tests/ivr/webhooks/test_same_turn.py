"""One turn that the provider asks for twice at the same moment, while several write at once: both hear the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from core.running.events import Event
from core.storage import database
from ivr import queries
from ivr.models import CallTurn
from ivr.turns.kept_replies import packed
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.switchboard import rows

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def kept_in():
    return "postgresql"


def somebody_waits():
    with database.current().engine.connect() as connection:
        return connection.scalar(WAITING) > 0


def test_whoever_waits_for_the_call_finds_the_turn_that_was_stored_meanwhile(house):
    house.turn(0)
    with ThreadPoolExecutor(1) as threads:
        with database.unit_of_work() as session:
            call = queries.call_held(session, house.call_id)
            other = threads.submit(house.turn, 1, Digits="1")
            wait_for(somebody_waits, "the other request")
            reply = packed("<Response>as it was then</Response>", call.id, str)
            session.add(CallTurn(call_id=call.id, number=1, at=call.answered_at, sound="key", key="1", step=None,
                                 play=0, reply=reply))  # fmt: skip
        assert "as it was then" in other.result(PATIENCE_SECONDS).text
    assert len(rows(CallTurn, number=1)) == 1


def test_of_two_in_the_same_instant_the_second_stores_nothing_and_hears_what_the_first_has_heard(house, monkeypatch):
    """The second has looked for the turn before the first had stored it, and has come to hold the call after that."""
    house.turn(0)
    first = house.turn(1, Digits="1")
    happened = rows(Event)
    look, looks = queries.call_held_at, []

    def too_early(session, call_id, number):
        looks.append(number)
        call, turn = look(session, call_id, number)
        return call, None if len(looks) == 1 else turn

    monkeypatch.setattr(queries, "call_held_at", too_early)
    second = house.turn(1, Digits="1")
    assert (second.status_code, second.text) == (200, first.text)
    assert looks == [1, 1]
    assert len(rows(CallTurn, number=1)) == 1
    assert len(rows(Event)) == len(happened)
