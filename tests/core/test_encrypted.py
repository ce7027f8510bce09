"""Encrypted columns: plain for models, and nothing of it in the database."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from contacts.models import Household, Phone, RefusedNumber, Relative, Resident
from contacts.queries.names import called
from core import clock
from core.ids import new_id
from core.storage.database import Base
from core.storage.encrypted import ENCRYPTED
from ivr.models import Text
from tests import people
from zaoan.process import wiring

NOTE = "钥匙在对门李阿姨那里"


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield opened
    opened.close()


def test_models_read_what_they_have_written_and_the_database_has_nothing_of_it(house):
    with house.unit_of_work() as session:
        home = people.household(session, access_notes=NOTE)
    with house.reading() as session:
        assert session.get_one(Household, home.id).access_notes == NOTE
        [(kept,)] = session.execute(text("SELECT access_notes FROM households")).all()
        assert NOTE not in kept
        assert len(kept) > 100


def test_what_is_empty_stays_empty_and_what_is_nothing_stays_nothing(house):
    with house.unit_of_work() as session:
        people.household(session)
    with house.reading() as session:
        assert session.execute(text("SELECT access_notes, key_holder_number FROM households")).all() == [("", None)]
        assert session.scalars(select(Household.key_holder_number).where(Household.key_holder_number.is_(None))).all()


def test_a_query_that_compares_sorts_or_searches_what_is_encrypted_fails_when_it_is_written():
    for wrong in (lambda: Relative.name == "李梅", lambda: Relative.name.in_(["李梅"]), lambda: Text.body.like("%药%"),
                  lambda: Household.access_notes.desc(), lambda: Resident.notes != "",
                  lambda: "x" + Relative.name):  # fmt: skip
        with pytest.raises(TypeError, match="is encrypted"):
            wrong()


def test_people_of_all_kinds_are_named_at_once(house):
    with house.unit_of_work() as session:
        resident = people.resident(session, "王奶奶", "+8613800138000")
        responder = people.responder(session, "田主任", "+8613900139000")
        relative = people.relative(session, resident.id, "李梅", "+8613700137000")
        wanted = {resident.id: resident.called, responder.id: "田主任", relative.id: "李梅"}
        assert called(session, [*wanted, new_id()]) == wanted
        assert session.scalar(select(func.count()).select_from(Relative)) == 1


def test_every_note_name_and_text_that_the_operators_page_lists_is_encrypted():
    wiring.load_models()
    found = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
             if isinstance(column.type, ENCRYPTED)}  # fmt: skip
    assert {"relatives.name", "relatives.email", "households.access_notes", "households.key_holder",
            "households.key_holder_number", "resident_health.notes", "residents.notes", "cases.note", "texts.body",
            "texts_in.body", "recordings.sound", "users.totp_secret", "call_turns.reply",
            "calls.particulars"} <= found  # fmt: skip


def test_a_number_is_looked_up_joined_and_kept_once(house):
    with house.unit_of_work() as session:
        people.resident(session, "王奶奶", "+8613800138000")
        session.add(RefusedNumber(number="+8613800138000", code=1, refused_at=clock.now()))
    with house.reading() as session:
        assert session.get(RefusedNumber, "+8613800138000").code == 1
        joined = select(Phone.number).join(RefusedNumber, RefusedNumber.number == Phone.number)
        assert session.scalars(joined.where(Phone.number.in_(["+8613800138000", "+86"]))).all() == ["+8613800138000"]
        assert session.scalar(select(func.count(Phone.number.distinct()))) == 1
        [(kept,)] = session.execute(text("SELECT number FROM phones")).all()
        assert "138" not in kept
    with pytest.raises(IntegrityError), house.unit_of_work() as session:
        session.add(RefusedNumber(number="+8613800138000", code=2, refused_at=clock.now()))


def test_a_number_is_not_searched_by_a_part_of_it_nor_sorted():
    for wrong in (lambda: Phone.number.like("%8000"), lambda: Phone.number.desc(), lambda: Phone.number < "+86",
                  lambda: Phone.number + "x"):  # fmt: skip
        with pytest.raises(TypeError, match="is encrypted"):
            wrong()
