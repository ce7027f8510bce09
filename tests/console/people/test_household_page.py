"""A home: who lives there, and that they move, part, or move in with others."""

import pytest
from sqlalchemy import select

from contacts.models import Household, Resident
from core.ids import new_id
from core.storage.database import reading, unit_of_work
from tests import people
from tests.console.people.forms import forms, send


@pytest.fixture
def home(lives):
    """A home of two, and another one of one."""
    lives("王桂兰", "+8631186000101")
    who = lives("李长海", "+8631186000101")
    lives("赵德明", "+8631186000102", room="502")
    with reading() as session:
        return session.get_one(Resident, who).household_id


def rooms():
    with reading() as session:
        return dict(session.execute(select(Resident.name, Household.room).join(Resident.household)).all())


def fill(office, home, form, **typed):
    return send(office, f"/households/{home}", f"/households/{home}/{form}", **typed)


def test_who_lives_there_is_named_and_nobody_else(office, home):
    page = office.get(f"/households/{home}").text
    assert [name in page for name in ("王桂兰", "李长海", "赵德明")] == [True, True, False]
    assert "2 people live here" in page


def test_the_whole_household_moves(office, home):
    done = fill(office, home, "move", building="4", unit="1", room="101", access_notes="密码 12")
    assert done.status_code == 303
    assert rooms() == {"王桂兰": "101", "李长海": "101", "赵德明": "502"}
    shown = office.get(done.headers["Location"]).text
    assert ("building 4, unit 1, room 101" in shown, "密码 12" in shown) == (True, True)
    assert "Nobody lives here now." in office.get(f"/households/{home}").text


def test_one_of_them_moves_out(office, home):
    with reading() as session:
        li = str(session.scalars(select(Resident.id).where(Resident.name == "李长海")).one())
    nobody = fill(office, home, "split", building="4", unit="1", room="101")
    assert (nobody.status_code, "It is not said who moves out." in nobody.text) == (409, True)
    assert forms(nobody)[f"/households/{home}/split"]["building"] == "4"
    assert fill(office, home, "split", leaving=[li], building="4", unit="1", room="101").status_code == 303
    assert rooms() == {"王桂兰": "501", "李长海": "101", "赵德明": "502"}


def test_they_move_in_with_others(office, home):
    taken = fill(office, home, "move", room="502")
    assert (taken.status_code, "Merge the two households instead." in taken.text) == (409, True)
    assert fill(office, home, "merge", household="9号楼1单元101").status_code == 404
    assert fill(office, home, "merge", household="3号楼2单元502").status_code == 303
    assert rooms() == {"王桂兰": "502", "李长海": "502", "赵德明": "502"}


def test_the_way_in_is_changed_and_what_others_wrote_is_not_lost(office, home):
    path = f"/households/{home}/door"
    opened = forms(office.get(f"/households/{home}"))[path]
    assert office.post(path, data=opened | {"key_holder": "对门"}).status_code == 303
    late = office.post(path, data=opened | {"access_notes": "敲门"})
    assert (late.status_code, forms(late)[path]["access_notes"]) == (412, "敲门")
    with reading() as session:
        assert (session.get_one(Household, home).key_holder, session.get_one(Household, home).access_notes) == (
            "对门", "")  # fmt: skip


def test_there_is_no_page_of_homes_elsewhere(office):
    with unit_of_work() as session:
        elsewhere = people.household(session, of=people.another_community(session, "别的社区")).id
    for each in (elsewhere, new_id()):
        assert office.get(f"/households/{each}").status_code == 404
        assert office.post(f"/households/{each}/door", data={"access_notes": "x"}).status_code == 404
