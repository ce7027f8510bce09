"""What a round is judged by is found without reading through years of the event log."""

from contextlib import closing

import pytest
from sqlalchemy import event, text

from campaigns.queries import round_evidence
from core import actors
from core.ids import new_id
from core.running import events
from core.storage import database
from zaoan.process import wiring


@pytest.fixture
def house(house_settings):
    with closing(wiring.open_house(house_settings)) as opened:
        yield opened


def plan_of(statement, parameters):
    with database.reading() as session:
        is_sqlite = database.current().is_sqlite
        if not is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        return str(session.connection().exec_driver_sql(explain + statement, parameters).all())


def test_what_callers_have_told_of_a_round_is_found_by_an_index(house):
    said = []

    def hear(_, __, statement, parameters, *___):
        if "FROM events" in statement:
            said.append((statement, parameters))

    with database.unit_of_work() as session:
        events.append(session, actors.system(), "check_in.decided", new_id())
    event.listen(house.engine, "before_cursor_execute", hear)
    with database.reading() as session:
        assert round_evidence.told_by_caller(session, new_id()) == frozenset()
    event.remove(house.engine, "before_cursor_execute", hear)
    assert "ix_events_by_callers" in plan_of(*said[0])
