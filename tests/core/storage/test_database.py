import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core import actors, clock
from core.running import events
from core.running.events import Event
from core.storage.database import Base, Database, after_commit
from core.storage.fairness import FairLock, Turn


@pytest.fixture
def database(tmp_path):
    opened = Database(f"sqlite:///{tmp_path}/z.db")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def count(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Event))


def test_everything_in_a_unit_of_work_happens_or_nothing(database):
    def begin_and_fail():
        with database.unit_of_work() as session:
            events.append(session, actors.system(), "case.opened")
            session.flush()
            raise RuntimeError("power failure")

    with pytest.raises(RuntimeError):
        begin_and_fail()
    assert count(database) == 0


def test_what_waits_for_the_commit_happens_after_it_and_once(database):
    seen = []

    def look():
        seen.append(count(database))

    with database.unit_of_work() as session:
        events.append(session, actors.system(), "case.opened")
        after_commit(session, look)
        after_commit(session, look)
        assert seen == []
    assert seen == [1]


def test_what_waits_for_the_commit_does_not_happen_without_it(database):
    seen = []

    def begin_and_fail():
        with database.unit_of_work() as session:
            after_commit(session, lambda: seen.append(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()
    assert seen == []


def test_reading_changes_nothing(database):
    with database.reading() as session:
        events.append(session, actors.system(), "case.opened")
    assert count(database) == 0


def test_an_instant_without_a_zone_is_refused(database):
    with pytest.raises(Exception, match="has no time zone"), database.unit_of_work() as session:
        session.add(Event(at=datetime(2026, 11, 23), kind="x", facts={}))  # noqa: DTZ001


def test_instants_come_back_in_utc(database):
    with database.unit_of_work() as session:
        session.add(Event(at=clock.now(), kind="x", facts={}))
    with database.reading() as session:
        assert session.scalars(select(Event)).one().at.tzinfo == UTC


def test_many_writers_lose_nothing(database):
    def write():
        for _ in range(5):
            with database.unit_of_work() as session:
                events.append(session, actors.system(), "x")

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert count(database) == 40


def test_the_writers_lock_serves_in_the_order_of_asking():
    lock, served = FairLock(), []
    asked = [threading.Event() for _ in range(5)]

    def wait(number):
        asked[number].set()
        with lock:
            served.append(number)

    lock.__enter__()
    threads = [threading.Thread(target=wait, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        asked[number].wait()
        while len(lock._queues[Turn.ANSWER]) <= number:  # until it stands in the queue
            pass
    lock.__exit__()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("kept", ["sqlite", "postgresql"])
def test_a_failure_tells_no_value_of_anybody(kept, tmp_path, request):
    """Names, numbers and notes stand in statements' values; failures stand in logs."""
    url = f"sqlite:///{tmp_path}/z.db" if kept == "sqlite" else request.getfixturevalue("postgresql")(empty=True)
    opened = Database(url)
    for work in (opened.unit_of_work, opened.hurried_unit_of_work, opened.reading):
        with pytest.raises(DBAPIError) as failed, work() as session:
            session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "王桂兰"})
        assert "nowhere" in str(failed.value)
        assert "王桂兰" not in str(failed.value)
    opened.close()
