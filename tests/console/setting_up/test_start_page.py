"""The way to the first morning: every step says what is so, and nothing is done that the data do not show."""

import re
from datetime import timedelta

import pytest

from campaigns.models import Campaign, CampaignState
from campaigns.people.readiness import Step
from console.setting_up.live_checks import Found
from contacts.community.community import the_community
from core import actors, clock
from core.identity import users
from core.identity.roles import AccessRole
from core.running import troubles
from core.running.troubles import Kind
from core.storage.database import reading, unit_of_work
from ivr.models import Call, CallState, Ending
from tests import people, signed_in
from tests.console.campaigns.campaign_forms import made
from tests.console.people.forms import forms, send

START = "/start"


def standing(page):
    """Which steps are done, and which one is next."""
    done = re.findall(r'<li id="step-(\w+)" class="step" data-done', page.text)
    following = re.findall(r'<li id="step-(\w+)" class="step" data-next', page.text)
    return done, following


def campaign(chief):
    return f"/campaigns/{made(chief)}"


def the_office_and_a_helper():
    with unit_of_work() as session:
        people.responder(session, "社区办公室", "+8631186000100", "office")
        people.responder(session, "田保国", "+8613900000021")


def sample():
    with reading() as session:
        return session.query(Call).filter_by(owner="sample").one()


def test_each_step_is_done_by_what_is_so_and_undone_by_what_is_not(chief):
    assert standing(chief.get(START)) == (["line"], ["community"])
    send(chief, START, "/settings/community", name="槐东社区", area_code="0311")
    assert standing(chief.get(START)) == (["community", "line"], ["office"])
    assert send(chief, START, "/settings/office", number="86000100").headers["Location"] == START
    assert standing(chief.get(START))[1] == ["responders"]
    with unit_of_work() as session:
        people.responder(session, "田保国", "+8613900000021")
    assert standing(chief.get(START))[1] == ["residents"]
    with unit_of_work() as session:
        who = people.resident(session, "王桂兰", "+8631186000101", agreed=False).id
    page = chief.get(START)
    assert (standing(page)[1], "1 resident is written down, 0 of them can be rung." in page.text) == (
        ["residents"],
        True,
    )
    chief.post(f"/residents/{who}/consent", data={"by": "王桂兰", "how": "签字表"})
    assert standing(chief.get(START))[1] == ["campaign"]
    place = campaign(chief)
    page = chief.get(START)
    assert (standing(page)[1], "rings nobody before it is started" in page.text) == (["campaign"], True)
    assert f'class="plain strong" href="{place}"' in page.text
    chief.post(f"{place}/activate", data={"anyway": "yes"})
    assert standing(chief.get(START)) == (
        ["community", "office", "line", "responders", "residents", "campaign"],
        ["call"],
    )
    chief.post(f"/residents/{who}/remove", data={"because": "moved_away"})
    assert standing(chief.get(START))[1] == ["residents"]


def test_one_s_own_telephone_is_rung_with_the_campaign_and_only_an_answer_counts(chief):
    place = campaign(chief)
    assert chief.post("/start/call", data={"number": "13800138000"}).headers["Location"] == "/start#step-call"
    with reading() as session:
        [name] = [each.name for each in session.query(Campaign)]
    assert (sample().number, name in chief.get(place).text) == ("+8613800138000", True)
    page = chief.get(START)
    assert ("138 0013 8000 is being rung" in page.text, "data-under-way" in page.text) == (True, True)
    ended(answered=False)
    page = chief.get(START)
    assert ("was not answered" in page.text, "call" in standing(page)[0], "data-under-way" in page.text) == (
        True,
        False,
        False,
    )
    ended(answered=True)
    page = chief.get(START)
    assert ("was answered at" in page.text, "call" in standing(page)[0]) == (True, True)


def ended(*, answered):
    with unit_of_work() as session:
        call = session.query(Call).filter_by(owner="sample").one()
        call.state, call.ended_at, call.ending = CallState.ENDED, clock.now(), Ending.NO_ANSWER
        call.answered_at = clock.now() if answered else None


def test_an_answering_machine_is_nobody_who_has_heard_us(chief):
    campaign(chief)
    chief.post("/start/call", data={"number": "13800138000"})
    ended(answered=True)
    with unit_of_work() as session:
        session.query(Call).filter_by(owner="sample").one().by_machine = True
    assert "call" not in standing(chief.get(START))[0]


@pytest.mark.parametrize(("number", "said"), [("12", "is not a telephone number"), ("120", "emergency"), ("", "")])
def test_a_number_that_cannot_be_rung_is_said_beside_the_field(chief, number, said):
    campaign(chief)
    page = chief.post("/start/call", data={"number": number})
    assert (page.status_code, 'id="wrong-call-number"' in page.text, said in page.text) == (422, True, True)
    assert f'value="{number}"' in page.text


def test_without_a_campaign_there_is_nothing_to_hear(chief):
    assert "/start/call" not in forms(chief.get(START))
    page = chief.post("/start/call", data={"number": "13800138000"})
    assert (page.status_code, "There is no campaign that could be heard yet." in page.text) == (409, True)


def test_a_line_on_which_nobody_can_be_rung_is_not_done(chief):
    with unit_of_work() as session:
        troubles.note(session, Kind.PROVIDER_SILENT, timedelta(hours=1), reason="it is off")
    page = chief.get(START)
    assert ("line" in standing(page)[0], "Nobody can be rung." in page.text) == (False, True)


def test_what_is_found_of_the_line_is_shown_in_its_step(chief, looking):
    looking(lambda _: [Found("provider", "warning", "little money", "put some in")])
    page = chief.post("/start/check")
    step = page.text.split('id="step-line"')[1].split('id="step-responders"')[0]
    assert ("little money" in step, "put some in" in step) == (True, True)


def test_an_administrator_who_accepts_the_first_link_is_led_there_and_others_begin_as_ever(bare):
    browser = bare()
    for name, role, place in (("first", AccessRole.ADMINISTRATOR, START), ("clerk", AccessRole.OFFICE, "/")):
        with unit_of_work() as session:
            secret = users.create(session, actors.system(), the_community(session).id, name, role, "")[1]
        told = {"password": "清晨有人敲门来问早安", "again": "清晨有人敲门来问早安"}
        assert browser.post(f"/invitation/{secret}", data=told).headers["Location"] == place
        browser.cookies.clear()


def test_today_leads_there_while_something_is_missing_and_only_whoever_can_do_it(chief, bare):
    clerk = bare()
    signed_in.enter(clerk, "clerk")
    assert ('href="/start"' in chief.get("/").text, 'href="/start"' in clerk.get("/").text) == (True, False)
    assert clerk.get(START).status_code == 403
    send(chief, START, "/settings/community", name="槐东社区")
    the_office_and_a_helper()
    with unit_of_work() as session:
        people.resident(session, "王桂兰", "+8631186000101")
    chief.post(f"{campaign(chief)}/activate", data={"anyway": "yes"})
    chief.post("/start/call", data={"number": "13800138000"})
    assert 'href="/start"' in chief.get("/").text
    ended(answered=True)
    page = chief.get(START)
    assert (standing(page), "All is ready." in page.text) == ((list(Step), []), True)
    assert "Tomorrow at 08:00 1 resident is rung." in page.text
    assert 'href="/start"' not in chief.get("/").text


def test_a_paused_campaign_is_the_office_s_will_and_nothing_missing(chief):
    place = campaign(chief)
    chief.post(f"{place}/activate", data={"anyway": "yes"})
    chief.post(f"{place}/pause")
    with reading() as session:
        assert session.query(Campaign).one().state == CampaignState.PAUSED
    page = chief.get(START)
    assert ("campaign" in standing(page)[0], "is paused, and starts no round" in page.text) == (True, True)
