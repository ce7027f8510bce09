"""Responders: the list, and the page of each with its form."""

import pytest
from sqlalchemy import select

from contacts.models import Responder
from core.ids import new_id
from core.storage.database import reading, unit_of_work
from tests import people
from tests.console.people.forms import forms, send

NEW = "/responders/new"
TOLD = {"name": "石磊", "role": "volunteer", "phone": "137 0000 0030", "areas": "3号楼、5号楼2单元",
        "speaks": ["cantonese"], "skill": ["first_aid", "driving"], "pin": "482915"}  # fmt: skip


@pytest.fixture
def helper(office):
    with unit_of_work() as session:
        return people.responder(session, "魏红", "+8613700000031", "building_head", buildings=["3号楼"]).id


def row(who):
    with reading() as session:
        found = session.get_one(Responder, who)
        return found, [each.name for each in found.areas]


def test_somebody_is_written_down_with_all_they_can_do(office):
    done = send(office, NEW, NEW, **TOLD)
    with reading() as session:
        who = session.scalars(select(Responder.id)).one()
    found, areas = row(who)
    assert done.headers["Location"] == f"/responders/{who}?saved=responder"
    assert (found.number, found.languages, found.skills, areas) == (
        "+8613700000030", ["cantonese"], ["first_aid", "driving"], ["3", "2"])  # fmt: skip
    assert found.pin
    page = office.get(f"/responders/{who}").text
    for said in ("石磊", "volunteer", "137 0000 0030", "building 3", "Cantonese", "first aid", "has one"):
        assert said in page
    assert "482915" not in page
    listed = office.get("/responders").text
    assert ("石磊" in listed, "1 person can go and help" in listed) == (True, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"phone": "119"}, "phone"), ({"second_phone": "x"}, "second_phone"),
     ({"pin": "12"}, "pin"), ({"role": "king"}, "role")],
)  # fmt: skip
def test_a_mistake_stands_beside_its_field_and_a_pin_never_again(office, typed, field):
    answer = send(office, NEW, NEW, **TOLD | typed)
    assert (answer.status_code, f'id="wrong-responder-{field}"' in answer.text) == (422, True)
    kept = forms(answer)[NEW]
    assert (kept["areas"], kept["skill"], kept["pin"]) == (TOLD["areas"], TOLD["skill"], "")


def test_a_form_that_is_sent_as_it_stands_changes_nothing_and_one_that_is_changed_does(office, helper):
    path = f"/responders/{helper}"
    with unit_of_work() as session:
        session.get_one(Responder, helper).pin = "a hash"
    assert send(office, path, path).status_code == 303
    assert (row(helper)[0].pin, row(helper)[1]) == ("a hash", ["3"])
    assert send(office, path, path, areas="", role="nurse", skill=["nursing"]).status_code == 303
    found, areas = row(helper)
    assert (found.role, found.skills, areas, found.pin) == ("nurse", ["nursing"], [], "a hash")


def test_what_others_have_changed_meanwhile_is_not_lost(office, helper):
    path = f"/responders/{helper}"
    opened = forms(office.get(path))[path]
    with unit_of_work() as session:
        session.get_one(Responder, helper).name = "魏虹"
    late = office.post(path, data=opened | {"role": "nurse"})
    assert (late.status_code, forms(late)[path]["role"]) == (412, "nurse")
    assert row(helper)[0].name == "魏虹"


def test_they_help_no_more_and_again(office, helper):
    path = f"/responders/{helper}"
    assert office.post(f"{path}/remove").status_code == 303
    assert row(helper)[0].removed_at is not None
    assert "Help no more" in office.get("/responders").text
    assert "Asked about nothing since" in office.get(path).text
    twice = office.post(f"{path}/remove")
    assert (twice.status_code, "zaoan responder" in twice.text) == (409, False)
    assert office.post(f"{path}/restore").status_code == 303
    assert row(helper)[0].removed_at is None


def test_there_is_no_page_of_responders_elsewhere(office):
    with unit_of_work() as session:
        other = people.another_community(session, "别的社区")
        elsewhere = people.responder(session, "外人", "+8613700000099", of=other).id
    for each in (elsewhere, new_id()):
        assert office.get(f"/responders/{each}").status_code == 404
        assert office.post(f"/responders/{each}/remove").status_code == 404
    assert row(elsewhere)[0].removed_at is None
    assert "外人" not in office.get("/responders").text


def test_where_nobody_helps_the_page_says_what_to_do(office):
    assert "Nobody can go and help yet." in office.get("/responders").text
