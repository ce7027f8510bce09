"""The pages on which staff sign in, choose a password, look after their account, and read the audit log."""

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient

from core import clock
from core.identity import queries, totp
from core.identity.models import User
from core.identity.roles import AccessRole
from core.running.events import latest
from core.running.installation import Purpose
from core.storage.database import reading
from escalation.models import Case
from tests import signed_in
from tests.console import street
from tests.console.conftest import PAGE
from zaoan.process import wiring
from zaoan.process.invitation_links import first_link
from zaoan.web.app import web_app

FOREIGN = {"Origin": "http://evil.example"}


def rows(page):
    return re.findall(r"<tr><td>.*?</tr>", page, re.DOTALL)


def type_in(browser, name="clerk", password=signed_in.PASSWORD, code="", **fields):
    return browser.post("/sign-in", data={"name": name, "password": password, "code": code, **fields})


@pytest.fixture
def browser(service):
    """One in which a clerk of the office has signed in."""
    signed_in.user("clerk")
    entered = service()
    assert type_in(entered).status_code == 303
    return entered


def test_whoever_opens_a_page_is_led_to_sign_in_and_back(service):
    signed_in.user("clerk")
    browser = service()
    asked = browser.get("/print?who=needing")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in?then=%2Fprint%3Fwho%3Dneeding")
    page = browser.get(asked.headers["Location"])
    assert 'name="then" value="/print?who=needing"' in page.text
    entered = type_in(browser, then="/print?who=needing")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/print?who=needing")
    assert browser.get("/print?who=needing").status_code == 200


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", ""])
def test_nobody_is_led_to_another_site(service, then):
    signed_in.user("clerk")
    assert type_in(service(), then=then).headers["Location"] == "/"


def test_the_cookie_is_nothing_for_scripts_and_other_sites(service):
    signed_in.user("clerk")
    cookie = type_in(service()).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    secured = TestClient(service().app, base_url="https://127.0.0.1", follow_redirects=False)
    assert "Secure" in type_in(secured).headers["Set-Cookie"]


def test_what_is_wrong_is_said_in_the_language_of_the_page(service):
    signed_in.user("clerk")
    said = type_in(service(), password="wrong")
    assert said.status_code == 422
    assert "Name, password or code are wrong." in said.text
    assert 'value="clerk"' in said.text
    chinese = service().post("/sign-in", data={"name": "clerk"}, headers={"Accept-Language": "zh-CN"})
    assert "名字、密码或验证码不对。" in chinese.text


def test_a_page_of_another_site_signs_nobody_in_or_out(browser, service):
    assert service().post("/sign-in", data={"name": "clerk", "password": signed_in.PASSWORD},
                          headers=FOREIGN).status_code == 403  # fmt: skip
    assert browser.post("/sign-out", headers=FOREIGN).status_code == 403
    assert browser.get("/").status_code == 200


def test_whoever_signs_out_is_out(browser):
    kept = browser.cookies[signed_in.COOKIE]
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    browser.cookies.set(signed_in.COOKIE, kept)
    assert browser.get("/").status_code == 303


def test_the_page_names_who_has_signed_in(browser):
    page = browser.get("/").text
    assert "Signed in as clerk." in page
    assert 'action="/sign-out"' in page
    assert 'href="/audit"' not in page


def test_the_first_administrator_comes_in_by_a_link_that_works_once(service):
    earlier, link = first_link(), first_link()
    browser = service()
    assert browser.get(earlier).status_code == 404
    path = link.removeprefix("http://127.0.0.1:8000")
    assert "admin" in browser.get(path).text
    refused = browser.post(path, data={"name": "admin", "password": "short", "again": "short"})
    assert (refused.status_code, "10 to 200 characters" in refused.text) == (422, True)
    chosen = {"name": "admin", "password": "清晨有人来敲门", "again": "清晨有人来敲门吗"}
    assert "The two passwords differ." in browser.post(path, data=chosen).text
    entered = browser.post(path, data={"password": "清晨有人敲门来问早安", "again": "清晨有人敲门来问早安"})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/start")
    assert browser.get("/audit").status_code == 200
    assert (
        service().post(path, data={"password": "清晨有人敲门来问早安", "again": "清晨有人敲门来问早安"}).status_code
        == 404
    )
    assert first_link() is None


def test_another_browser_is_seen_and_ended(browser, service):
    other = service()
    type_in(other)
    page = browser.get("/account").text
    [theirs] = re.findall(r"/account/sessions/([-0-9a-f]+)/end", page)
    assert browser.post(f"/account/sessions/{theirs}/end").status_code == 303
    assert (other.get("/").status_code, browser.get("/").status_code) == (303, 200)
    assert "/account/sessions/" not in browser.get("/account").text


def test_nobody_ends_the_session_of_another(browser, service):
    signed_in.user("deputy", password="一个完全不同的密码")
    other = service()
    type_in(other, "deputy", "一个完全不同的密码")
    with reading() as session:
        [theirs] = queries.sessions_of(
            session, queries.user_named(session, "deputy").id, clock.real_now(), clock.real_now() - timedelta(hours=1)
        )
    assert browser.post(f"/account/sessions/{theirs.id}/end").status_code == 404
    assert other.get("/").status_code == 200


def test_another_password_ends_every_other_browser(browser, service):
    other = service()
    type_in(other)
    fresh = {"password": "明天早上八点再打给我", "again": "明天早上八点再打给我"}
    assert browser.post("/account/password", data={"old": "wrong", **fresh}).status_code == 422
    changed = {"old": signed_in.PASSWORD, "password": "明天早上八点再打电话来", "again": "明天早上八点再打电话来"}
    assert browser.post("/account/password", data=changed).status_code == 303
    assert (browser.get("/").status_code, other.get("/").status_code) == (200, 303)
    assert type_in(other).status_code == 422
    assert type_in(other, password="明天早上八点再打电话来").status_code == 303


def test_codes_are_turned_on_used_and_turned_off(browser, service):
    assert browser.post("/account/codes").status_code == 303
    [secret] = re.findall(r'class="secret"><code>(\w+)</code>', browser.get("/account").text)
    made = pyotp.TOTP(secret)
    earlier = made.at(clock.real_now() - timedelta(seconds=totp.STEP_SECONDS))
    assert type_in(service()).status_code == 303  # nothing is asked for before a code was typed
    assert browser.post("/account/codes/confirm", data={"code": earlier}).status_code == 303
    assert secret not in browser.get("/account").text
    assert type_in(service()).status_code == 422
    assert type_in(service(), code=made.at(clock.real_now())).status_code == 303
    assert browser.post("/account/codes/stop", data={"password": "wrong"}).status_code == 422
    assert browser.post("/account/codes/stop", data={"password": signed_in.PASSWORD}).status_code == 303
    assert type_in(service()).status_code == 303


def test_an_auditor_reads_what_was_done_and_no_file(browser, service):
    signed_in.user("auditor", AccessRole.AUDITOR)
    browser.get("/print")
    auditor = service()
    assert type_in(auditor, "auditor").headers["Location"] == "/audit"
    log = auditor.get("/audit").text
    assert "GET /print" in log
    assert "clerk" in log
    assert auditor.get("/").headers["Location"] == "/audit"
    refused = auditor.get("/print")
    assert (refused.status_code, "You may not open this." in refused.text) == (403, True)
    [row] = [each for each in rows(auditor.get("/audit").text) if "<td>403</td>" in each]
    assert ("GET /print" in row, "auditor" in row) == (True, True)


def test_a_case_is_closed_in_the_name_of_whoever_has_signed_in(service):
    user_id = signed_in.user("clerk")
    street.move_in()
    street.begin_round()
    street.answer("李爷爷", street.Outcome.UNWELL)
    browser = service()
    type_in(browser)
    with reading() as session:
        case = session.query(Case).one().id
    assert browser.post(f"/today/cases/{case}/close", data={"finding": "helped"}).status_code == 303
    with reading() as session:
        [closed] = latest(session, 1, ["case.closed"])
        assert (closed.actor_kind, closed.actor_id) == ("user", user_id)
        assert session.get_one(User, user_id).called == "clerk"
    assert "clerk" in browser.get(f"/cases/{case}").text


def test_a_demo_signs_its_visitor_in_by_itself_and_says_so(house_settings):
    opened = wiring.open_house(house_settings, Purpose.DEMO)
    connected = wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:1")
    browser = TestClient(web_app(connected.store), follow_redirects=False, headers=PAGE)
    page = browser.get("/")
    assert (page.status_code, "you were signed in by itself" in page.text) == (200, True)
    assert "There is nothing to set here." in browser.get("/account").text
    assert browser.get("/api/v1/residents").status_code == 401
    connected.voice.close()
    opened.close()
