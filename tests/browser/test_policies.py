"""The pages of escalation policies in a real browser: readable for everybody, and changed without a script."""

import pytest
from playwright.sync_api import expect

from core.identity.roles import AccessRole
from tests import signed_in
from tests.browser import duty
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.browser.test_passkeys import office  # noqa: F401

ONE = "/settings/policies/needs_supplies"


def opened(chromium, address, script=True):
    context = patient(chromium.new_context(java_script_enabled=script))
    chief = signed_in.session_of(signed_in.user("chief", AccessRole.ADMINISTRATOR))
    context.add_cookies([{"name": signed_in.COOKIE, "value": chief, "url": address}])
    return context


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_the_policies(chromium, office, language):  # noqa: F811
    duty.move_in()
    context = opened(chromium, office.url)
    page = context.new_page()
    for path in ("/settings/policies", ONE, "/settings/policies/every"):
        page.goto(f"{office.url}{path}?language={language}")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
            assert serious(page) == []
    context.close()


def test_it_is_tried_refused_and_kept_without_a_script(chromium, office):  # noqa: F811
    duty.move_in()
    context = opened(chromium, office.url, script=False)
    page = context.new_page()
    page.goto(f"{office.url}{ONE}?language=en")
    expect(page.locator(".played li").first).to_contain_text("written to")
    page.locator("[name=text_ahead_minutes]").select_option("no_text")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator(".played li").first).to_contain_text("the telephone rings")
    page.get_by_label("How many at once").fill("0")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#wrong-policy-at_once")).to_contain_text("Give a whole number")
    page.get_by_label("How many at once").fill("2")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status")).to_contain_text("It is kept")
    expect(page.locator(".next")).to_contain_text("2 at once")
    page.get_by_role("button", name="As it was shipped").click()
    expect(page.locator(".next")).to_contain_text("one after the other")
    context.close()
