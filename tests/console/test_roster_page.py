"""The page of the duty roster: what the office sees and writes there, and what nobody can do."""

import html
import re
from datetime import time, timedelta

import pytest

from core.identity.models import AuditEntry
from core.identity.roles import AccessRole
from core.storage.database import unit_of_work
from escalation.shifts import ResponderAbsence, Shift
from tests import people, signed_in
from tests.escalation.roster import rosters
from tests.escalation.roster.rosters import away, on_duty, today
from tests.switchboard import rows

FOREIGN = {"Origin": "http://evil.example"}


@pytest.fixture
def clerk(service):
    browser = service()
    signed_in.enter(browser, "clerk")
    return browser


@pytest.fixture
def anne(service):
    with unit_of_work() as session:
        people.resident(session, "王奶奶", "+8631186000101")
        return people.responder(session, "魏红", "+8613900000021").id


@pytest.fixture
def berta(anne):
    with unit_of_work() as session:
        return people.responder(session, "李雷", "+8613900000022").id


def text(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def table(page):
    """By responder (or "Nobody on duty"), what stands in each of the seven days."""
    found = {}
    for row in re.findall(r"<tr.*?</tr>", page.text.split("<tbody>")[1], re.DOTALL):
        name = re.search(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', row)[1].strip()
        found[name] = [re.findall(r'<li class="(\w+)">([^<]*)', cell) for cell in re.findall(r"<td.*?</td>", row)]
    return found


def add(browser, responder_id, **more):
    told = {"responder": str(responder_id), "from": "08:00", "until": "12:00", "holidays": "also"} | more
    return browser.post("/roster/shifts", data=told)


def test_without_a_roster_the_page_says_what_to_do_next(clerk, anne):
    page = clerk.get("/roster")
    assert page.status_code == 200
    assert "Put the first responder on duty below" in text(page)
    assert "魏红 · volunteer" in text(page)


def test_somebody_is_put_on_duty_for_several_days_of_each_week(clerk, anne):
    done = add(clerk, anne, days=["1", "3"])
    assert (done.status_code, done.headers["Location"]) == (303, "/roster")
    assert sorted(each.weekday for each in rows(Shift)) == [1, 3]
    week = table(clerk.get(f"/roster?week={today(14)}"))
    assert week["魏红"] == [[("on", "08:00–12:00")], [], [("on", "08:00–12:00")], [], [], [], []]
    assert week["Nobody on duty"][0] == [("lacking", "00:00–08:00 building 3"), ("lacking", "12:00–24:00 building 3")]


def test_a_night_a_swap_and_an_absence_stand_in_the_week(clerk, anne, berta):
    monday = today() + timedelta(days=7 - today().weekday())
    shift_id = on_duty(anne, time(22), time(6), day=monday)
    rosters.swap(shift_id, monday, berta)
    begins = rosters.datetime.combine(monday + timedelta(days=1), time(12), rosters.ZONE)
    away(anne, begins, begins + timedelta(days=1, hours=12))
    week = table(clerk.get(f"/roster?week={monday}"))
    assert week["李雷"][0] == [("instead", "22:00–06:00 for 魏红")]
    assert week["魏红"] == [[], [("away", "absent 12:00–24:00")], [("away", "absent")], [], [], [], []]


def test_what_is_refused_stands_beside_its_field_with_what_was_typed(clerk, anne):
    page = add(clerk, anne, **{"from": "09:30"})
    assert page.status_code == 422
    assert "A shift is on days of the week, or on one day." in text(page)
    assert 'name="from" value="09:30"' in page.text
    assert f'<option value="{anne}" selected>' in page.text
    assert not rows(Shift)
    page = add(clerk, anne, days=["1"], until="25:00")
    assert "25:00 is not a time." in text(page)
    assert 'value="1" checked' in page.text
    assert "has this shift already" in text([add(clerk, anne, days=["1"]), add(clerk, anne, days=["1"])][1])
    assert add(clerk, "nobody", days=["1"]).status_code == 422
    assert add(clerk, anne, day="1999-01-01").status_code == 422
    assert add(clerk, anne, days=["9"]).status_code == 422
    assert add(clerk, anne, days=["1"], holidays="perhaps").status_code == 422
    assert len(rows(Shift)) == 1


def test_an_absence_is_written_down_and_ended(clerk, anne):
    told = {"responder": str(anne), "from": str(today()), "until": str(today(2)), "reason": "回老家"}
    assert clerk.post("/roster/absences", data=told).status_code == 303
    page = clerk.get("/roster")
    assert "回老家" in text(page)
    [absence] = rows(ResponderAbsence)
    assert absence.ends_at == rosters.local(days=3)
    assert clerk.post(f"/roster/absences/{absence.id}/end").status_code == 303
    assert "回老家" not in text(clerk.get("/roster"))
    wrong = clerk.post("/roster/absences", data=told | {"until": str(today(-1))})
    assert (wrong.status_code, "It ends before it begins" in text(wrong)) == (422, True)
    assert clerk.post("/roster/absences", data=told | {"from": "9999-12-31", "until": ""}).status_code == 422


def test_a_shift_is_removed(clerk, anne):
    shift_id = on_duty(anne)
    address = re.search(r'href="([^"]*of=[^"#]*)#shifts"', clerk.get("/roster").text)[1]
    assert f'action="/roster/shifts/{shift_id}/remove"' in clerk.get(html.unescape(address)).text
    assert clerk.post(f"/roster/shifts/{shift_id}/remove").status_code == 303
    assert "魏红 has no shift of their own." in text(clerk.get(html.unescape(address)))
    assert not rows(Shift)
    assert clerk.post(f"/roster/shifts/{shift_id}/remove").status_code == 404


def test_who_would_be_asked_first_is_said_of_a_building_an_address_and_a_resident(clerk, anne, berta):
    assert "Without a roster everybody is asked" in text(clerk.get("/roster?whom=王奶奶"))
    on_duty(berta)
    for whom in ("王奶奶", "3号楼", "3号楼2单元301室"):
        page = text(clerk.get("/roster", params={"whom": whom}))
        assert f"On duty for {whom} now" in page
        assert page.split("On duty for")[1].split("Put somebody on duty")[0].count("volunteer") == 1
    away(berta)
    assert "Nobody is on duty for 3号楼 now" in text(clerk.get("/roster", params={"whom": "3号楼"}))
    assert "There is no building and no resident 99号楼." in text(clerk.get("/roster", params={"whom": "99号楼"}))


@pytest.mark.parametrize("week", ["", "2026-13-45", "9999-12-31", "0001-01-01", "x"])
def test_any_week_can_be_asked_for(clerk, anne, week):
    on_duty(anne, weekday=1)
    assert clerk.get("/roster", params={"week": week}).status_code == 200


def test_only_staff_of_the_same_community_open_it_and_every_look_is_noted(clerk, service, anne):
    shift_id = on_duty(anne)
    clerk.get("/roster")
    assert [(each.deed, each.actor_kind) for each in rows(AuditEntry)] == [("GET /roster", "user")]
    auditor = service()
    signed_in.enter(auditor, "auditor", AccessRole.AUDITOR)
    assert auditor.get("/roster").status_code == 403
    there = signed_in.community("另一个社区")
    stranger = service()
    stranger.cookies.set(signed_in.COOKIE, signed_in.session_of(signed_in.user("stranger", community_id=there)))
    assert stranger.get("/roster").status_code == 403
    assert stranger.post(f"/roster/shifts/{shift_id}/remove").status_code == 403
    assert add(stranger, anne, days=["1"]).status_code == 403
    assert clerk.post(f"/roster/shifts/{shift_id}/remove", headers=FOREIGN).status_code == 403
    assert rows(Shift)
