"""A responder whose number the provider refuses is not waited for while there is anybody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts.callers import refused_numbers
from contacts.models import Responder
from core import actors
from core.ids import new_id
from core.storage import database
from escalation.cases import cases
from escalation.models import CaseKind, Page
from escalation.paging import looks
from tests import people
from zaoan.process import wiring

NEAR, FAR = "+8613900000001", "+8613900000002"


@pytest.fixture
def resident_id(house_settings):
    opened = wiring.open_house(house_settings)
    with database.unit_of_work() as session:
        home = people.household(session, "101", "1号楼", "")
        resident = people.resident(session, "王", home=home, called="王奶奶", agreed=False)
        for number, buildings in ((NEAR, ["1号楼"]), (FAR, [])):
            people.responder(session, number, number, "building_head", buildings=buildings)
    yield resident.id
    opened.close()


def refuse(*numbers):
    with database.unit_of_work() as session:
        for number in numbers:
            refused_numbers.mark(session, number, 21211, new_id())


def asked_first(resident_id):
    with database.unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.NO_ANSWER, resident_id, None)
        pages = session.scalars(select(Page).where(Page.case_id == case.id)).all()
        return {session.get_one(Responder, page.responder_id).number for page in pages}


def test_the_nearest_is_asked(resident_id):
    assert NEAR in asked_first(resident_id)


def test_a_refused_number_is_passed_over(resident_id):
    refuse(NEAR)
    assert asked_first(resident_id) == {FAR}


def test_when_everybody_is_refused_they_are_tried_all_the_same(resident_id):
    refuse(NEAR, FAR)
    assert NEAR in asked_first(resident_id)


def test_an_old_refusal_is_tried_again(resident_id, monkeypatch):
    refuse(NEAR)
    monkeypatch.setattr(looks, "REFUSAL_REMEMBERED", timedelta(seconds=-1))
    assert NEAR in asked_first(resident_id)
