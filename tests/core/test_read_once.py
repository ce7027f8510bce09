"""What several parts of a unit of work read is asked once, and anew after it was changed."""

from contextlib import suppress

import pytest
from sqlalchemy import delete, insert, select, text, update

from contacts.models import Community, Responder
from core import actors
from core.running import events
from core.running.events import Event
from core.storage.database import Base, Database
from core.storage.read_once import read_once

ASKED = []


@read_once("communities")
def names(session):
    ASKED.append("names")
    return tuple(session.scalars(select(Community.name).order_by(Community.name)))


@read_once("communities", "responders")
def helpers(session, name):
    ASKED.append(name)
    theirs = select(Responder.name).join(Community).where(Community.name == name).order_by(Responder.name)
    return tuple(session.scalars(theirs))


@pytest.fixture
def database(tmp_path):
    ASKED.clear()
    opened = Database(f"sqlite:///{tmp_path}/z.db")
    Base.metadata.create_all(opened.engine)
    with opened.unit_of_work() as session:
        session.add(community("槐东社区"))
    yield opened
    opened.close()


def community(name):
    return Community(name=name, timezone="Asia/Shanghai", language="zh-CN", region="CN", area_code="0311")


def helper(session, name):
    place = session.scalars(select(Community)).first()
    return Responder(community_id=place.id, name=name, role="volunteer", number="+8613900000001", language="zh-CN")


def test_what_nobody_has_changed_is_asked_once_in_a_unit_of_work(database):
    with database.unit_of_work() as session:
        assert names(session) == names(session) == ("槐东社区",)
        assert helpers(session, "槐东社区") == helpers(session, "槐东社区") == ()
        assert helpers(session, "槐西社区") == ()
    assert ASKED == ["names", "槐东社区", "槐西社区"]
    with database.unit_of_work() as session:
        assert names(session) == ("槐东社区",)
    assert ASKED[-1] == "names"


def test_what_waits_to_be_written_is_seen_as_a_statement_would_see_it(database):
    with database.unit_of_work() as session:
        assert helpers(session, "槐东社区") == ()
        session.add(helper(session, "田保国"))
        assert helpers(session, "槐东社区") == ("田保国",)
        session.scalars(select(Responder)).one().name = "孙丽华"
        assert helpers(session, "槐东社区") == ("孙丽华",)
        session.delete(session.scalars(select(Responder)).one())
        assert helpers(session, "槐东社区") == ()


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        (update(Community).values(name="新社区"), ("新社区",)),
        (delete(Community), ()),
        (text("UPDATE communities SET name = '新社区'"), ("新社区",)),
    ],
)
def test_what_a_statement_has_changed_is_asked_anew(database, statement, left):
    with database.unit_of_work() as session:
        assert names(session) == ("槐东社区",)
        session.execute(statement)
        assert names(session) == left


def test_what_was_changed_elsewhere_is_not_asked_anew(database):
    with database.unit_of_work() as session:
        names(session), helpers(session, "槐东社区")
        session.execute(insert(Responder), [{"community_id": session.scalars(select(Community.id)).one(), "name": "甲",
                                             "role": "nurse", "number": "+861", "language": "en"}])  # fmt: skip
        assert names(session) == ("槐东社区",)
        assert helpers(session, "槐东社区") == ("甲",)
    assert ASKED == ["names", "槐东社区", "槐东社区"]


def test_what_a_savepoint_takes_back_is_asked_anew(database):
    with database.unit_of_work() as session:
        with suppress(RuntimeError), session.begin_nested():
            session.add(community("槐西社区"))
            assert names(session) == ("槐东社区", "槐西社区")
            raise RuntimeError
        assert names(session) == ("槐东社区",)


def test_a_question_that_fails_is_asked_again(database):
    @read_once("communities")
    def fails(session):
        ASKED.append("fails")
        raise LookupError

    with database.unit_of_work() as session:
        for _ in range(2):
            with pytest.raises(LookupError):
                fails(session)
    assert ASKED == ["fails", "fails"]


def test_events_are_written_in_their_order_and_those_of_a_savepoint_go_with_it(database):
    with database.unit_of_work() as session:
        events.append(session, actors.system(), "test.first")
        with session.begin_nested():
            events.append(session, actors.system(), "test.kept")
            with suppress(RuntimeError), session.begin_nested():
                events.append(session, actors.system(), "test.inner")
                assert events.latest(session)[0].kind == "test.inner"
                raise RuntimeError
        with suppress(RuntimeError), session.begin_nested():
            with session.begin_nested():
                events.append(session, actors.system(), "test.released_in_vain")
            raise RuntimeError
        events.append(session, actors.system(), "test.last")
    with database.reading() as session:
        kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds == ["test.first", "test.kept", "test.last"]
