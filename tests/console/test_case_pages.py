"""The queue of cases and the page of one: what the office sees there, does, and is told that it cannot do."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from audio.clips.store import ClipStore
from campaigns.models import Outcome
from contacts.models import Phone, PhoneState, Resident
from core import actors, clock
from core.clock import Anchor
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseNote, CaseState
from ivr.models import Call
from tests import signed_in
from tests.console import street
from tests.switchboard import rows
from zaoan.web.app import web_app


@pytest.fixture
def office(neighbourhood, browser):
    street.begin_round()
    street.answer("王奶奶", Outcome.UNWELL)
    street.answer("李爷爷", Outcome.NEEDS_SUPPLIES)
    return browser


@pytest.fixture
def browser(neighbourhood, tmp_path):
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    app = web_app(ClipStore(tmp_path / "clips"))
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers=headers) as client:
        yield client


@contextmanager
def counting():
    """The statements that begin meanwhile."""
    told = []

    def note(_, __, statement, *___):
        told.append(statement)

    for engine in database.current().engines:
        event.listen(engine, "before_cursor_execute", note)
    yield told
    for engine in database.current().engines:
        event.remove(engine, "before_cursor_execute", note)


def case(called):
    return street.case_of(called)


def post(office, called, form, status=303, **fields):
    answer = office.post(f"/cases/{case(called).id}/{form}", data=fields)
    assert answer.status_code == status, answer.text
    return answer


def page(office, called):
    answer = office.get(f"/cases/{case(called).id}")
    assert answer.status_code == 200
    return answer.text


def strong(text):
    """The buttons that come first."""
    return re.findall(r'<button class="strong">(.*?)</button>', text)


def helper(name):
    return str(street.helper(name).id)


def test_the_next_thing_to_do_comes_first_from_the_alert_to_the_finding(office):
    assert strong(page(office, "王奶奶")) == ["Accept"]
    post(office, "王奶奶", "accept", responder=helper("田保国"))
    assert strong(page(office, "王奶奶")) == ["On the way"]
    post(office, "王奶奶", "move", state="on_the_way")
    assert strong(page(office, "王奶奶")) == ["At the door"]
    post(office, "王奶奶", "move", state="on_site")
    assert strong(page(office, "王奶奶")) == ["Close the case"]
    post(office, "王奶奶", "close", finding="helped", note="有人陪着")
    shown = page(office, "王奶奶")
    assert "Open it again" in shown
    assert "有人陪着" in shown
    assert (case("王奶奶").state, case("王奶奶").finding) == (CaseState.CLOSED, Finding.HELPED)


def test_who_did_what_stands_in_the_time_line_with_notes(office):
    post(office, "王奶奶", "notes", note="邻居说她在家")
    assert "邻居说她在家" in page(office, "王奶奶")
    assert [each.body for each in rows(CaseNote)] == ["邻居说她在家"]
    assert case("王奶奶").state == CaseState.OPEN


def test_a_mistake_is_said_beside_its_form_and_what_was_typed_stays(office):
    said = post(office, "王奶奶", "close", 422, finding="other", note="  ").text
    assert 'id="wrong-close"' in said
    assert '<option value="other" selected>' in said
    said = post(office, "王奶奶", "notes", 422, note="长" * 2001).text
    assert "长" * 2001 in said
    assert 'id="wrong-note"' in said
    post(office, "王奶奶", "accept", 422, responder="nobody")
    post(office, "王奶奶", "move", 422, state="asleep")
    post(office, "王奶奶", "move", 409, state="on_site")
    post(office, "王奶奶", "give-back", 409)
    assert case("王奶奶").state == CaseState.OPEN


def test_it_is_handed_over_and_given_back(office):
    post(office, "王奶奶", "accept", responder=helper("田保国"))
    post(office, "王奶奶", "hand-over", responder=helper("魏红"))
    assert "魏红 is being asked to take it over." in page(office, "王奶奶")
    assert case("王奶奶").accepted_by_id == street.helper("田保国").id
    post(office, "王奶奶", "hand-over", responder=helper("魏红"), agreed="yes")
    assert case("王奶奶").accepted_by_id == street.helper("魏红").id
    post(office, "王奶奶", "hand-over", 409, responder=helper("魏红"))
    post(office, "王奶奶", "give-back")
    assert case("王奶奶").state == CaseState.OPEN


def test_whoever_has_it_is_connected_with_her_by_the_office(office):
    assert "Connect them" not in page(office, "王奶奶")
    assert 'id="wrong-connect"' in post(office, "王奶奶", "connect", 409).text
    post(office, "王奶奶", "accept", responder=helper("魏红"))
    assert "Connect them" in page(office, "王奶奶")
    post(office, "王奶奶", "connect")
    [call] = rows(Call, owner="talk")
    assert call.number == street.helper("魏红").number
    assert "魏红 is being rung, to be connected with 王奶奶." in page(office, "王奶奶")
    assert "had 魏红 rung, to be connected with the resident" in page(office, "王奶奶")
    again = post(office, "王奶奶", "connect", 409).text
    assert "The telephone of 魏红 is being rung, or in use. Try again afterwards." in again
    assert len(rows(Call, owner="talk")) == 1


def test_she_is_rung_again_by_the_office(office):
    post(office, "王奶奶", "ring-again")
    assert len(rows(Call, owner="ring_again")) == 1
    assert 'id="wrong-ring-again"' in post(office, "王奶奶", "ring-again", 409).text


def test_a_closed_case_is_opened_again_with_a_reason(office):
    post(office, "王奶奶", "close", finding="fine")
    post(office, "王奶奶", "reopen", 422, reason="")
    post(office, "王奶奶", "reopen", reason="她又打来了")
    assert "她又打来了" in page(office, "王奶奶")
    assert case("王奶奶").state == CaseState.OPEN


def test_a_death_offers_to_end_the_calls_and_nothing_happens_before_it_is_said(office):
    post(office, "王奶奶", "close", finding="deceased")
    assert strong(page(office, "王奶奶")) == ["Yes, end the calls"]
    resident = case("王奶奶").resident_id
    assert rows(Resident, id=resident)[0].removed_at is None
    post(office, "王奶奶", "end-check-ins")
    assert rows(Resident, id=resident)[0].removed_at is not None
    assert strong(page(office, "王奶奶")) == []


def test_a_wrong_number_is_marked_when_it_is_said_which(office):
    post(office, "王奶奶", "close", finding="wrong_number")
    [phone] = rows(Phone, resident_id=case("王奶奶").resident_id)
    assert phone.number in page(office, "王奶奶")
    post(office, "王奶奶", "wrong-number", number=phone.number)
    assert rows(Phone, id=phone.id)[0].state == PhoneState.WRONG


def test_two_cases_of_one_resident_are_merged_on_the_page_of_either(office):
    first = case("李爷爷")
    with database.unit_of_work() as session:
        worse = cases.open_case(session, actors.system(), CaseKind.UNWELL, first.resident_id, None).id
    assert f'<option value="{worse}">' in office.get(f"/cases/{first.id}").text
    assert office.post(f"/cases/{first.id}/merge", data={"other": str(worse)}).status_code == 303
    assert f'href="/cases/{worse}"' in office.get(f"/cases/{first.id}").text
    assert "in the case that was merged" in office.get(f"/cases/{worse}").text


def names(text):
    return re.findall(r'<b class="who">(.*?)</b>', text)


def test_the_queue_shows_the_most_urgent_first_and_what_is_chosen(office):
    text = office.get("/cases").text
    assert names(text) == ["王奶奶", "李爷爷"]
    assert names(office.get("/cases?kind=needs_supplies").text) == ["李爷爷"]
    post(office, "王奶奶", "close", finding="fine")
    assert names(office.get("/cases?show=closed").text) == ["王奶奶"]
    assert names(office.get("/cases").text) == ["李爷爷"]
    building = re.search(r'<option value="([0-9a-f-]{36})">building 1', text)[1]
    other = re.search(r'<option value="([0-9a-f-]{36})">building 3', text)[1]
    assert names(office.get(f"/cases?building={building}").text) == ["李爷爷"]
    empty = office.get(f"/cases?building={other}").text
    assert names(empty) == []
    assert "Show everything" in empty


def test_mine_are_those_that_i_have_had_a_hand_in(office):
    assert "You have no case in hand" in office.get("/cases?show=mine").text
    post(office, "李爷爷", "notes", note="我去买")
    assert names(office.get("/cases?show=mine").text) == ["李爷爷"]
    signed_in.enter(office, "别人")
    assert names(office.get("/cases?show=mine").text) == []


def test_what_an_address_says_that_means_nothing_is_passed_over(office):
    for query in ("show=all", "kind=flood", "building=x", "page=-3", "page=zwei", "show=" + "x" * 20):
        answer = office.get(f"/cases?{query}")
        assert (answer.status_code, "王奶奶" in answer.text) == (200, True)
    assert "back to the first page" in office.get("/cases?page=99999999").text


def test_a_list_of_many_cases_is_turned_by_fifty(office):
    with database.unit_of_work() as session:
        who = [each.id for each in session.query(Resident)]
        for resident in who:
            for kind in (CaseKind.BUSY, CaseKind.NO_ANSWER, CaseKind.VOICEMAIL):
                cases.open_case(session, actors.system(), kind, resident, None)
    first = office.get("/cases").text
    assert len(names(first)) == 50
    assert 'rel="next"' in first
    rest = office.get("/cases?page=2").text
    assert len(names(first)) + len(names(rest)) == len(rows(Case))
    assert 'rel="next"' not in rest
    assert "back to the first page" in office.get("/cases?page=9").text


def test_closed_yesterday_is_not_closed_today(office):
    post(office, "王奶奶", "close", finding="fine")
    clock.set_anchor(Anchor(clock.real_now(), clock.now() + timedelta(days=1)))
    assert names(office.get("/cases?show=closed").text) == []


def test_nothing_is_done_in_the_name_of_another_site(office):
    for form in ("accept", "move", "notes", "hand-over", "give-back", "connect", "ring-again", "merge", "reopen",
                 "close", "end-check-ins", "wrong-number"):  # fmt: skip
        answer = office.post(f"/cases/{case('王奶奶').id}/{form}", headers={"Origin": "http://evil.example"})
        assert answer.status_code == 403, form
    assert not [each for each in rows(Event) if each.kind == "case.noted"]


def test_a_case_that_there_is_not_is_said_to_be_none(office):
    unknown = "0190a0a0-0000-7000-8000-000000000000"
    assert office.get(f"/cases/{unknown}").status_code == 404
    assert office.post(f"/cases/{unknown}/notes", data={"note": "x"}).status_code == 404


def test_today_says_that_a_helper_is_on_the_way_and_leads_to_all_cases(office):
    street.accept_case("王奶奶", "田保国")
    assert office.post(f"/today/cases/{case('王奶奶').id}/set-out").status_code == 303
    assert case("王奶奶").state == CaseState.ON_THE_WAY
    shown = office.get("/").text
    assert 'href="/cases"' in shown
    assert re.search(r"田保国 took it at \d\d:\d\d · on the way", shown)
    again = office.post(f"/today/cases/{case('王奶奶').id}/set-out")
    assert (again.status_code, "The case has moved on in the meantime." in again.text) == (409, True)


def test_fifty_cases_cost_no_more_statements_than_two(office):
    def asked(count):
        with counting() as statements:
            assert len(names(office.get("/cases").text)) == count
        return len(statements)

    few = asked(2)
    with database.unit_of_work() as session:
        for resident in [each.id for each in session.query(Resident)]:
            for kind in (CaseKind.BUSY, CaseKind.NO_ANSWER, CaseKind.VOICEMAIL):
                cases.open_case(session, actors.system(), kind, resident, None)
    assert asked(50) <= few  # what is remembered since the first look is not asked again
