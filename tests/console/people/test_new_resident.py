"""Somebody new is enrolled by a form."""

import pytest
from sqlalchemy import select

from contacts.models import Resident
from core.running.events import latest
from core.storage.database import reading
from tests.console.people.forms import forms, send

PATH = "/residents/new"
TOLD = {"name": "王桂兰", "phone": "0311-86000101", "building": "3号楼", "unit": "2", "room": "501"}


def enrol(office, **typed):
    return send(office, PATH, PATH, **TOLD | typed)


def test_name_telephone_and_home_are_enough_and_whoever_has_not_agreed_is_not_rung(office):
    done = enrol(office)
    with reading() as session:
        [who] = session.scalars(select(Resident))
        assert (who.called, who.numbers, who.consents, who.language) == ("王桂兰", ["+8631186000101"], [], "zh-CN")
        assert latest(session, 1)[0].actor_id == office.id
    assert (done.status_code, done.headers["Location"]) == (303, f"/residents/{who.id}?saved=new")
    page = office.get(done.headers["Location"]).text
    assert ("Has not agreed to be called yet" in page, "Saved." in page) == (True, True)


def test_everything_may_be_told_at_once(office):
    enrol(office, called="王奶奶", birth_year="1941", second_phone="13800138000", access_notes="敲门", notes="腿疼",
          consent="签字表 2026-11-01", flag=["lives_alone", "aged_80"], relative_name="王丽",
          relative_number="138 0013 8001", relation="女儿", language="en")  # fmt: skip
    with reading() as session:
        [who] = session.scalars(select(Resident))
        assert sorted(each.flag for each in who.flags) == ["aged_80", "lives_alone"]
        assert [(each.name, each.number, each.relation) for each in who.relatives] == [
            ("王丽", "+8613800138001", "女儿")]  # fmt: skip
        assert [each.statement for each in who.consents] == ["签字表 2026-11-01"]
        assert (who.birth_year, who.household.access_notes, who.notes, who.language) == (1941, "敲门", "腿疼", "en")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": " "}, "name"), ({"phone": "120"}, "phone"), ({"second_phone": "x"}, "second_phone"),
     ({"birth_year": "1700"}, "birth_year"), ({"room": ""}, "room"), ({"building": ""}, "building"),
     ({"consent": "未签"}, "consent"), ({"relative_name": "王丽"}, "relative_number"),
     ({"relative_number": "13800138001"}, "relative_name")],
)  # fmt: skip
def test_a_mistake_stands_beside_its_field_and_everything_else_is_kept(office, typed, field):
    answer = enrol(office, notes="腿疼", flag=["disabled"], **typed)
    assert (answer.status_code, f'id="wrong-new-{field}"' in answer.text) == (422, True)
    kept = forms(answer)[PATH]
    assert {name: kept[name] for name in typed} == typed
    assert (kept["notes"], kept["flag"]) == ("腿疼", ["disabled"])
    with reading() as session:
        assert session.scalars(select(Resident)).all() == []


def test_whoever_is_enrolled_is_not_enrolled_twice(office):
    enrol(office)
    again = enrol(office)
    assert (again.status_code, "is enrolled already" in again.text, "zaoan resident" in again.text) == (
        409, True, False)  # fmt: skip
