"""Events of a unit of work are written once, at its end, in their order; what is rolled back leaves none."""

import pytest
from sqlalchemy import event

from core import actors
from core.ids import new_id
from core.running import events
from core.storage.database import Base, Database


@pytest.fixture
def opened(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/z.db")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def happened(session, kind):
    events.append(session, actors.system(), kind)


def kinds(opened):
    with opened.reading() as session:
        return [each.kind for each in events.after(session, 0)]


@pytest.fixture
def written(opened):
    """The statements that write events."""
    sent = []

    def note(_, __, statement, *rest):
        if statement.startswith("INSERT INTO events"):
            sent.append(statement)

    for engine in opened.engines:
        event.listen(engine, "before_cursor_execute", note)
    return sent


def test_those_of_one_unit_of_work_are_one_statement_in_their_order(opened, written):
    with opened.unit_of_work() as session:
        for kind in ("case.opened", "page.queued", "page.placed"):
            happened(session, kind)
        assert written == []
    assert len(written) == 1
    assert kinds(opened) == ["case.opened", "page.queued", "page.placed"]


def test_whoever_reads_the_log_in_between_sees_them_and_none_is_written_twice(opened, written):
    with opened.unit_of_work() as session:
        happened(session, "case.opened")
        assert [each.kind for each in events.latest(session)] == ["case.opened"]
        happened(session, "case.accepted")
        assert [each.kind for each in events.latest(session)] == ["case.accepted", "case.opened"]
    assert kinds(opened) == ["case.opened", "case.accepted"]
    assert len(written) == 2


def test_a_savepoint_that_is_rolled_back_takes_its_own_with_it(opened):
    with opened.unit_of_work() as session:
        happened(session, "case.opened")
        savepoint = session.begin_nested()
        happened(session, "page.queued")
        events.write_pending(session)
        savepoint.rollback()
        with session.begin_nested():
            happened(session, "case.accepted")
    assert kinds(opened) == ["case.opened", "case.accepted"]


def test_what_was_appended_before_a_savepoint_and_written_in_it_outlives_its_rollback(opened):
    with opened.unit_of_work() as session:
        happened(session, "case.opened")
        savepoint = session.begin_nested()
        assert events.last_id(session) == 1
        savepoint.rollback()
    assert kinds(opened) == ["case.opened"]


def test_a_unit_of_work_that_fails_leaves_none_and_the_next_begins_anew(opened):
    def begin_and_fail():
        with opened.unit_of_work() as session:
            happened(session, "case.opened")
            raise LookupError

    with pytest.raises(LookupError):
        begin_and_fail()
    with opened.unit_of_work() as session:
        happened(session, "case.accepted")
    assert kinds(opened) == ["case.accepted"]


def test_followers_are_told_once_it_has_committed(opened):
    told = []
    stop = events.follow(lambda: told.append(kinds(opened)))
    try:
        with opened.unit_of_work() as session:
            happened(session, "case.opened")
            assert told == []
    finally:
        stop()
    assert told == [["case.opened"]]


def test_many_that_are_alike_have_their_own_subjects_and_facts(opened):
    one, other = new_id(), new_id()
    with opened.unit_of_work() as session:
        events.append_all(session, actors.system(), "check_in.decided", {one: {"outcome": "ok"}, other: {}})
    with opened.reading() as session:
        assert {each.subject_id: each.facts for each in events.after(session, 0)} == {one: {"outcome": "ok"}, other: {}}
