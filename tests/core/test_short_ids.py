"""What is printed of an id can be typed again, and what could mean several says so."""

from contextlib import closing
from uuid import UUID

import pytest
from sqlalchemy import delete

from contacts.models import Area, Community
from core.errors import ConflictError, NotFoundError
from core.short_ids import DIGITS, Named, resolve, short
from core.storage import database
from zaoan.process import wiring

NAMED = Named(Community.id, "There is no round {value}.", "`zaoan round list` names them; `latest` is the newest.")
OLD, NEW = UUID("019aaaaa-0000-7000-8000-0000aaaa1111"), UUID("019aaaaa-0000-7000-8000-0000bbbb2222")


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def session(house_settings):
    with closing(wiring.open_house(house_settings)):
        with database.unit_of_work() as session:
            session.execute(delete(Area))
            session.execute(delete(Community))
            for each in (OLD, NEW):
                session.add(
                    Community(id=each, name=str(each), timezone="UTC", language="en", region="CN", area_code="")
                )
        with database.reading() as session:
            yield session


@pytest.mark.parametrize(
    "written",
    [
        "bbbb2222",
        "2222",
        "BBBB2222",
        " bbbb2222\n",
        "8000-0000bbbb2222",
        str(NEW),
        NEW.hex,
        "latest",
        "019aaaaa-0000-7000-8000-0000b",
    ],
)
def test_whatever_names_exactly_one_is_understood(session, written):
    assert resolve(session, NAMED, written) == NEW


def test_what_is_printed_can_be_typed(session):
    assert len(short(OLD)) == DIGITS
    assert [resolve(session, NAMED, short(each)) for each in (OLD, NEW)] == [OLD, NEW]


def test_several_are_all_named(session):
    with pytest.raises(ConflictError) as several:
        resolve(session, NAMED, "019aaaaa")
    assert str(OLD) in str(several.value)
    assert str(NEW) in str(several.value)


@pytest.mark.parametrize("written", ["", "222", "%", "____", "bbbb2223", "newest", str(NEW)[:-1] + "3", "bbbb 2222"])
def test_what_names_none_says_how_to_find_one(session, written):
    with pytest.raises(NotFoundError, match="`zaoan round list` names them"):
        resolve(session, NAMED, written)


def test_where_there_is_nothing_there_is_no_latest(session):
    session.execute(delete(Community))
    with pytest.raises(NotFoundError):
        resolve(session, NAMED, "latest")
