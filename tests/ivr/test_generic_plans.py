"""PostgreSQL may plan a statement once for all values: an index of some states must serve it even then."""

import re
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from campaigns import queries as campaigns
from campaigns.queries import lateness
from core import clock
from core.settings import Settings
from core.storage import database
from escalation.queries import paging as queries_paging
from ivr import queries
from ivr.queries import text_messages, to_sweep
from tests.ivr.house import House
from zaoan.worker.transport import EVERY_TICK, celery_app

GROWING = ("calls", "call_turns", "texts", "pages", "recordings")
"""Tables of an installation that has rung for years."""
PARAMETER = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def house(postgresql, tmp_path):
    opened = House(Settings(database_url=postgresql(), data_dir=tmp_path, area_code="0311"))
    yield opened
    opened.close()


@contextmanager
def overheard():
    """The statements that are sent meanwhile."""
    said = {}

    def hear(connection, cursor, statement, parameters, context, executemany):
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            said[statement] = None

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def plan_of(connection, statement):
    """How it is carried out whatever its values are, where every table is large: a scan is the last resort."""
    names = list(dict.fromkeys(PARAMETER.findall(statement)))
    numbered = PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
    connection.execute(f"PREPARE asked AS {numbered}")
    values = f"({', '.join(['NULL'] * len(names))})" if names else ""
    plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN EXECUTE asked{values}"))
    connection.execute("DEALLOCATE asked")
    return plan


def scanned(house, statements):
    url = house.chosen.database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.execute("SET enable_seqscan = off")
        plans = {statement: plan_of(connection, statement) for statement in statements}
    return {statement: plan for statement, plan in plans.items()
            if re.search(rf"Seq Scan on ({'|'.join(GROWING)})\b", plan)}  # fmt: skip


def test_whether_a_call_waits_is_asked_of_the_index(house):
    with overheard() as said, database.unit_of_work() as session:
        queries.is_waiting(session, clock.now())
        queries.is_alert_waiting(session, clock.now())
        queries.waiting_calls(session, clock.now(), 10)
        queries.queued_calls(session, [house.call_id])
        to_sweep.too_late(session, clock.now(), 10)
        to_sweep.is_any(session, clock.now(), clock.now())
        queries.next_due(session, clock.now())
        text_messages.unsent_texts(session, clock.now(), 10)
        text_messages.silent_sending(session, clock.now())
    assert len(said) == 9
    assert scanned(house, said) == {}


def test_no_statement_of_a_tick_a_claim_or_a_webhook_reads_the_whole_of_a_table_that_grows(house):
    app = celery_app("memory://")
    with overheard() as said:
        house.turn(0)
        house.turn(1, Digits="3")
        house.ended()
        for name in EVERY_TICK:
            app.tasks[name]()
    assert len(said) > 20
    assert scanned(house, said) == {}


def test_what_a_key_asks_of_pages_and_their_calls_is_asked_of_indexes(house):
    with overheard() as said, database.unit_of_work() as session:
        some, since = [house.call_id], clock.now()
        queries.call_held_at(session, house.call_id, 1)
        queries_paging.ringing_calls(session, "page", some)
        queries_paging.engaged_and_rung(session, some, since)
        queries_paging.pages_with_calls(session, house.call_id)
        queries_paging.pages_in_full(session, some)
        queries_paging.surroundings(session, house.call_id)
        lateness.progress_and_family(session, house.call_id, house.call_id)
        campaigns.check_ins_in_full(session, house.call_id)
    assert len(said) == 8
    assert scanned(house, said) == {}
