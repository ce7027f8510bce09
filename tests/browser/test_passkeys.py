"""Passkeys in a real browser, with a device that Chromium plays."""

import pytest
from playwright.sync_api import expect

from core import settings
from core.identity.roles import AccessRole
from tests import signed_in
from tests.browser.axe import serious
from tests.browser.conftest import Server, patient
from tests.browser.staff import staff
from zaoan.process import wiring

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def office(house_settings, tmp_path):
    """A service for real people, whose public address is a name of this machine."""
    opened = wiring.open_house(house_settings)
    running = Server(tmp_path)
    before = settings.current()
    running.url = f"http://localhost:{running.port}"
    settings.use(before.model_copy(update={"public_url": running.url}))
    yield running
    settings.use(before)
    running.stop()
    opened.close()


@pytest.fixture
def page(chromium, office):
    """A page of a browser with a device, in which nobody has signed in."""
    context = patient(chromium.new_context())
    faults = []
    page = context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.device = context.new_cdp_session(page)
    page.device.send("WebAuthn.enable")
    page.device.id = page.device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    yield page
    context.close()
    assert not faults


def sign_in(page, office, language="en"):
    page.goto(f"{office.url}/sign-in?language={language}&then=/account")
    page.get_by_label("Name", exact=True).fill("clerk")
    page.get_by_label("Password", exact=True).fill(signed_in.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#passkeys")).to_be_visible()


def add_passkey(page, name="Office computer", password=signed_in.PASSWORD):
    form = page.locator("form[data-adds]")
    form.get_by_label("What you call the device").fill(name)
    form.get_by_label("Password").fill(password)
    form.get_by_role("button").click()


def verified(page, is_so):
    told = {"authenticatorId": page.device.id, "isUserVerified": is_so}
    page.device.send("WebAuthn.setUserVerified", told)


def test_a_passkey_is_added_and_signs_in_without_name_and_password(page, office):
    signed_in.user("clerk")
    sign_in(page, office)
    add_passkey(page, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("The password is wrong.")
    add_passkey(page)
    expect(page.locator("li").filter(has_text="Office computer")).to_contain_text("not used yet")
    add_passkey(page, "Another")
    expect(page.get_by_role("alert")).to_contain_text("This device has a passkey for you already.")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{office.url}/sign-in")
    page.goto(f"{office.url}/print?who=needing")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{office.url}/print?who=needing")
    page.goto(f"{office.url}/account")
    expect(page.locator(".foot")).to_contain_text("Signed in as clerk.")
    expect(page.locator("li").filter(has_text="Office computer")).to_contain_text("last used")


def test_a_removed_passkey_and_a_device_that_makes_sure_of_nobody_sign_nobody_in(page, office):
    signed_in.user("clerk")
    sign_in(page, office)
    add_passkey(page)
    page.locator("summary").filter(has_text="Remove it").click()
    page.get_by_role("button", name="Remove “Office computer”").click()
    expect(page.locator("li").filter(has_text="Office computer")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{office.url}/sign-in?language=zh-CN")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert")).to_contain_text("通行密钥没有被接受。")
    verified(page, False)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert")).to_contain_text("没有用上通行密钥")
    expect(page).to_have_url(f"{office.url}/sign-in?language=zh-CN")


def test_at_another_address_the_page_says_where_passkeys_are_used(page, office):
    signed_in.user("clerk")
    office.url = f"http://127.0.0.1:{office.port}"
    sign_in(page, office)
    expect(page.locator("form[data-adds]")).to_be_hidden()
    expect(page.locator("[data-when=elsewhere] a")).to_have_attribute("href", f"http://localhost:{office.port}/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


@pytest.mark.parametrize("path", ["sign-in", "account", "users"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_the_pages_about_who_signs_in(page, office, path, language):
    secret = staff()
    page.goto(f"{office.url}/sign-in")
    if path != "sign-in":
        page.context.add_cookies([{"name": signed_in.COOKIE, "value": secret, "url": office.url}])
    page.goto(f"{office.url}/{path}?language={language}")
    for summary in page.locator("details.sure > summary").all():
        if summary.is_visible():
            summary.click()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        assert serious(page) == []


def test_without_a_script_users_are_invited_and_disabled(chromium, office):
    context = patient(chromium.new_context(java_script_enabled=False))
    chief = signed_in.session_of(signed_in.user("chief", AccessRole.ADMINISTRATOR))
    context.add_cookies([{"name": signed_in.COOKIE, "value": chief, "url": office.url}])
    page = context.new_page()
    page.goto(f"{office.url}/users?language=en")
    page.get_by_label("Name to sign in with").fill("hanmei")
    page.get_by_role("button", name="Make a link for them").click()
    expect(page.locator(".once code")).to_contain_text(f"{office.url}/invitation/")
    theirs = page.locator("li").filter(has_text="hanmei")
    theirs.locator("summary").first.click()
    theirs.get_by_role("button", name="Disable").click()
    expect(page.locator("li").filter(has_text="hanmei")).to_contain_text("disabled")
    expect(page.locator(".once")).to_have_count(0)
    context.close()
