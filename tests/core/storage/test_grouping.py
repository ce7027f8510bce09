import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from core import actors
from core.running import events
from core.running.events import Event
from core.storage.database import Base, Database, TooSlowError, after_commit
from core.storage.fairness import Turn
from core.storage.grouping import MOST_TOGETHER, Grouping


@pytest.fixture
def database(tmp_path):
    opened = Database(f"sqlite:///{tmp_path}/z.db")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def count(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Event))


def commits(database):
    seen = []
    event.listen(database.engine, "commit", lambda _: seen.append("commit"))
    return seen


def stored_meanwhile(database, works):
    """Every work comes while somebody else has the writer's turn, in this order; what each got or raised."""
    outcomes, threads = {}, []

    def store(name, work):
        try:
            outcomes[name] = database.store(work)
        except Exception as failure:  # noqa: BLE001
            outcomes[name] = failure

    with database.unit_of_work():
        for name, work in enumerate(works):
            threads.append(threading.Thread(target=store, args=(name, work)))
            threads[-1].start()
            while len(database._together[Turn.ANSWER]._queue) <= name and not outcomes:
                pass
    for thread in threads:
        thread.join()
    return [outcomes[name] for name in range(len(works))]


def happening(name):
    def work(session):
        events.append(session, actors.system(), "x.happened", name=name)
        return name

    return work


def failing(session):
    events.append(session, actors.system(), "x.happened")
    session.flush()
    raise RuntimeError("only mine")


def test_those_who_wait_share_one_commit(database):
    seen = commits(database)
    assert stored_meanwhile(database, [happening(name) for name in "abcde"]) == list("abcde")
    assert (count(database), len(seen)) == (5, 1)


def test_a_group_is_small_enough_for_its_first(database):
    seen = commits(database)
    stored_meanwhile(database, [happening(str(n)) for n in range(2 * MOST_TOGETHER + 1)])
    assert len(seen) == 3


def test_the_failure_of_one_is_nobody_elses(database):
    first, failed, last = stored_meanwhile(database, [happening("first"), failing, happening("last")])
    assert (first, last, str(failed)) == ("first", "last", "only mine")
    assert count(database) == 2


def test_what_one_stores_stands_in_the_order_of_asking(database):
    stored_meanwhile(database, [happening(name) for name in "abc"])
    with database.reading() as session:
        assert [each.facts["name"] for each in events.after(session, 0)] == ["a", "b", "c"]


def test_nobody_is_told_before_the_commit_and_everybody_after_it(database):
    seen = []

    def work(session):
        events.append(session, actors.system(), "x.happened")
        after_commit(session, lambda: seen.append(count(database)))

    stored_meanwhile(database, [work, failing, work])
    assert seen == [2, 2]


def test_a_commit_that_fails_is_everybodys_failure(database):
    def refuse(_):
        raise OSError("the disk is full")

    def give_up(session):
        events.append(session, actors.system(), "x.happened")
        event.listen(database.engine, "commit", refuse)

    outcomes = stored_meanwhile(database, [happening("first"), give_up])
    event.remove(database.engine, "commit", refuse)
    assert [str(each) for each in outcomes] == ["the disk is full"] * 2
    assert count(database) == 0
    assert database.store(happening("later")) == "later"


def test_when_the_database_gives_up_the_whole_transaction_nobody_is_told_that_theirs_is_stored(database):
    def given_up(session):
        session.connection().connection.dbapi_connection.execute("ROLLBACK")
        raise RuntimeError("the disk is full")

    outcomes = stored_meanwhile(database, [happening("first"), given_up, happening("last")])
    assert all(isinstance(each, Exception) for each in outcomes)
    assert count(database) == 0


def test_whoever_waits_too_long_has_changed_nothing_and_keeps_nobody_from_going_on(database, monkeypatch):
    monkeypatch.setattr("core.storage.database.HURRY_SECONDS", 0.05)
    with database.unit_of_work():
        outcomes = []

        def store():
            with pytest.raises(TooSlowError):
                database.store(happening("late"))
            outcomes.append("too slow")

        threads = [threading.Thread(target=store) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == ["too slow"] * 3
    assert count(database) == 0
    assert database.store(happening("next")) == "next"


def test_whoever_leads_a_group_does_not_lose_those_behind_when_its_own_turn_does_not_come():
    turns, gate = iter([TimeoutError("no turn"), None]), threading.Event()

    @contextmanager
    def turn(_):
        gate.wait()
        if failure := next(turns):
            raise failure
        yield

    grouping = Grouping(turn, lambda works: [f"{each}!" for each in works], TimeoutError)
    results = []

    def second():
        results.append(grouping.carry_out("second", 5))

    def first():
        with pytest.raises(TimeoutError, match="no turn"):
            grouping.carry_out("first", 5)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(grouping._queue) <= number:
            pass
    gate.set()
    for thread in threads:
        thread.join()
    assert results == ["second!"]
