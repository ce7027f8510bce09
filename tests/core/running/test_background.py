"""Background work is done in order, and over before the database closes."""

from threading import Event

import pytest

from core.running import background
from core.running.background import Background
from core.settings import Settings
from ivr.turns import interruption
from tests.databases import sqlite_in
from tests.ivr.house import House
from tests.patience import PATIENCE_SECONDS


def test_work_is_done_one_after_another_and_finish_waits_for_all_of_it():
    done, may_go_on = [], Event()
    beside = Background("tests")
    beside.submit(may_go_on.wait, PATIENCE_SECONDS)
    for number in range(3):
        beside.submit(done.append, number)
    assert done == []
    may_go_on.set()
    background.finish_all(PATIENCE_SECONDS)
    assert done == [0, 1, 2]


def test_what_takes_too_long_is_not_waited_for():
    may_go_on = Event()
    beside = Background("tests")
    beside.submit(may_go_on.wait, PATIENCE_SECONDS)
    with pytest.raises(TimeoutError):
        beside.finish(0.01)
    may_go_on.set()
    beside.finish(PATIENCE_SECONDS)


def test_a_failure_ends_no_other_work():
    done = []
    beside = Background("tests")
    beside.submit(lambda: 1 / 0)
    beside.submit(done.append, "the next")
    beside.finish(PATIENCE_SECONDS)
    assert done == ["the next"]


def test_what_is_noted_beside_an_answer_is_noted_before_the_database_closes(tmp_path, monkeypatch):
    happened, looked_at = [], Event()
    marked = interruption._mark

    def late(call_id):
        looked_at.wait(0.2)
        marked(call_id)
        happened.append("marked")

    monkeypatch.setattr(interruption, "_mark", late)
    house = House(Settings(database_url=sqlite_in(tmp_path), data_dir=tmp_path, area_code="0311"))
    closing = house.database.close
    monkeypatch.setattr(type(house.database), "close", lambda _: (happened.append("closed"), closing()))
    house.post(f"/telephony/calls/{house.call_id}/fallback", ErrorCode="11200")
    house.close()
    assert happened == ["marked", "closed"]
