"""Passkeys over HTTP: one's own account, the sign-in, cookies, and what is said in the language of the page."""

import pytest

from core import settings
from core.identity import queries
from core.identity.models import AuditEntry, Deed
from core.storage.database import reading
from tests import signed_in
from tests.authenticator import PRESENT, Authenticator

AT = "http://localhost:8000"
FOREIGN = {"Origin": "http://evil.example"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def browser(service):
    """One in which a clerk of the office has signed in; ``browser.id`` is who they are."""
    entered = service()
    entered.id = signed_in.enter(entered, "clerk")
    return entered


@pytest.fixture
def device():
    return Authenticator(AT)


def begin(browser, password=signed_in.PASSWORD, **headers):
    return browser.post("/account/passkeys/options", data={"password": password}, headers=JSON | headers)


def add(browser, device, name="办公室电脑"):
    made = device.make(begin(browser).json())
    return browser.post("/account/passkeys", json={"name": name, "credential": made}, headers=JSON)


def asked(browser):
    return browser.post("/sign-in/passkey/options", headers=JSON).json()


def show(browser, answer, then="/", **headers):
    return browser.post("/sign-in/passkey", json={"credential": answer, "then": then}, headers=JSON | headers)


def passkeys(user_id):
    with reading() as session:
        return queries.passkeys_of(session, user_id)


def test_a_passkey_is_added_signs_in_and_is_removed(browser, device, service):
    added = add(browser, device)
    assert (added.status_code, added.json()["to"]) == (201, "/account")
    page = browser.get("/account").text
    assert ("办公室电脑" in page, "not used yet" in page) == (True, True)
    other = service()
    entered = show(other, device.show(asked(other)), "/print?who=needing")
    assert (entered.status_code, entered.json()) == (200, {"to": "/print?who=needing"})
    assert {"HttpOnly", "SameSite=lax"} <= set(entered.headers.get_list("Set-Cookie")[0].split("; "))
    assert other.get("/print?who=needing").status_code == 200
    assert "last used" in browser.get("/account").text
    [known] = passkeys(browser.id)
    assert browser.post(f"/account/passkeys/{known.id}/remove").status_code == 303
    third = service()
    refused = show(third, device.show(asked(third)))
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
    assert refused.json()["detail"] == "The passkey was not accepted. Try again, or sign in with your password."
    assert third.get("/").status_code == 303


def test_what_is_wrong_is_said_in_the_language_of_the_page(service, device):
    other = service()
    device.user_handle = b"nobody"
    refused = other.post(
        "/sign-in/passkey?language=zh-CN", json={"credential": device.show(asked(other))}, headers=JSON
    )
    assert refused.json()["detail"] == "通行密钥没有被接受。请再试一次，或者用密码登录。"


def test_at_a_browser_that_was_left_open_a_password_is_needed_to_add_one(browser):
    for password in ("", "wrong"):
        assert begin(browser, password).status_code == 422
    unasked = Authenticator(AT).make({"user": {"id": ""}, "rp": {"id": "localhost"}, "challenge": ""})
    told = {"name": "a", "credential": unasked}
    assert browser.post("/account/passkeys", json=told, headers=JSON).status_code == 422
    assert passkeys(browser.id) == []


def test_another_session_of_the_same_user_cannot_answer(browser, device, service):
    made = device.make(begin(browser).json())
    other = service()
    other.cookies.set(signed_in.COOKIE, signed_in.session_of(browser.id))
    told = {"name": "a", "credential": made}
    assert other.post("/account/passkeys", json=told, headers=JSON).status_code == 422
    assert browser.post("/account/passkeys", json=told, headers=JSON).status_code == 201
    assert browser.post("/account/passkeys", json=told, headers=JSON).status_code == 422


def test_another_browser_cannot_answer_what_this_one_was_asked(browser, device, service):
    add(browser, device)
    mine, others = service(), service()
    answer = device.show(asked(mine))
    assert show(others, answer).status_code == 422
    assert show(mine, answer).status_code == 200


def test_what_a_browser_has_while_it_is_asked_is_sent_nowhere_else(service):
    cookie = service().post("/sign-in/passkey/options", headers=JSON).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/sign-in/passkey", "Max-Age=300"} <= set(cookie.split("; "))


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(browser, device, service, then):
    add(browser, device)
    other = service()
    assert show(other, device.show(asked(other)), then).json() == {"to": "/"}


def test_a_device_that_makes_sure_of_nobody_is_refused_and_noted(browser, device, service):
    add(browser, device)
    device.flags = PRESENT
    other = service()
    assert show(other, device.show(asked(other))).status_code == 422
    with reading() as session:
        noted = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (noted.deed, noted.actor_id, noted.status) == (Deed.SIGN_IN_REFUSED, browser.id, 422)


def test_a_page_of_another_site_asks_for_nothing(browser, device, service):
    add(browser, device)
    [known] = passkeys(browser.id)
    other = service()
    answer = device.show(asked(other))
    assert show(other, answer, **FOREIGN).status_code == 403
    assert begin(browser, **FOREIGN).status_code == 403
    assert browser.post(f"/account/passkeys/{known.id}/remove", headers=FOREIGN).status_code == 403
    assert service().post("/sign-in/passkey/options", headers=FOREIGN).status_code == 403
    assert len(passkeys(browser.id)) == 1


@pytest.mark.parametrize("body", [b"", b"[1]", b"{}", b'{"credential": 7}', b'{"credential": {"id": "x"}}', b"\xff"])
def test_nonsense_is_refused(service, body):
    refused = service().post("/sign-in/passkey", content=body, headers=JSON | {"Content-Type": "application/json"})
    assert refused.status_code in {400, 422}


def test_a_service_without_a_name_or_tls_hides_the_button_and_says_why(browser, service):
    before = settings.current()
    settings.use(before.model_copy(update={"public_url": "http://192.168.1.20:8000"}))
    try:
        assert "/sign-in/passkey" not in service().get("/sign-in").text
        page = browser.get("/account").text
        assert ("only at an https address that has a name" in page, "data-adds" in page) == (True, False)
        refused = begin(browser)
        assert (refused.status_code, "no passkeys for this address" in refused.json()["detail"]) == (409, True)
    finally:
        settings.use(before)
    assert 'data-passkeys-at="http://localhost:8000"' in service().get("/sign-in").text
