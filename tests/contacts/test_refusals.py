"""Numbers that the provider refuses are the office's to correct, until somebody has another one."""

import pytest

from contacts.callers import refused_numbers
from contacts.community.community import the_community
from contacts.models import Phone
from contacts.queries import numbers as queries_numbers
from core import clock
from core.ids import new_id
from core.storage import database
from tests import people
from zaoan.process import wiring

NUMBER, ANOTHER = "+8631186000001", "+8631186000002"


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield opened
    opened.close()


@pytest.fixture
def resident_id(house):
    with database.unit_of_work() as session:
        people.responder(session, "李", NUMBER, "office")
        return people.resident(session, "王", NUMBER, called="王奶奶", agreed=False).id


def mark(number=NUMBER, code=21211):
    with database.unit_of_work() as session:
        refused_numbers.mark(session, number, code, new_id())


def to_correct():
    with database.reading() as session:
        return queries_numbers.numbers_to_correct(session, the_community(session).id)


def change_to(number):
    with database.unit_of_work() as session:
        session.query(Phone).one().number = number


def test_a_refused_number_is_shown_with_everybody_whose_it_is(resident_id):
    mark()
    assert {(each.name, each.number, each.code) for each in to_correct()} == {
        ("王", NUMBER, 21211),
        ("李", NUMBER, 21211),
    }
    assert [each.resident_id for each in to_correct() if each.responder_id is None] == [resident_id]
    assert all(each.refused_at <= clock.now() for each in to_correct())


def test_whoever_gets_another_number_is_rid_of_the_mark(resident_id):
    mark()
    change_to(ANOTHER)
    assert [each.name for each in to_correct()] == ["李"]


def test_marks_of_numbers_that_nobody_has_are_forgotten(resident_id):
    mark(ANOTHER)
    mark()
    change_to(ANOTHER)
    assert [(each.name, each.number) for each in to_correct()] == [("李", NUMBER)]


def test_a_number_that_is_rung_after_all_is_not_to_be_corrected(resident_id):
    mark()
    mark(code=21215)
    assert {each.code for each in to_correct()} == {21215}
    with database.unit_of_work() as session:
        refused_numbers.clear(session, NUMBER)
    assert to_correct() == []
