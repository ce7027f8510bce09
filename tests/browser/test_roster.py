"""The duty roster in a real browser: readable for everybody, and written without a script."""

import pytest
from playwright.sync_api import expect

from core.storage.database import unit_of_work
from tests import people, signed_in
from tests.browser import duty
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.browser.test_passkeys import office  # noqa: F401


@pytest.fixture
def page(chromium, office):  # noqa: F811
    context = patient(chromium.new_context(java_script_enabled=True))
    clerk = signed_in.session_of(signed_in.user("clerk"))
    context.add_cookies([{"name": signed_in.COOKIE, "value": clerk, "url": office.url}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_the_roster(page, office, language):  # noqa: F811
    duty.move_in()
    monday = duty.plan()
    page.goto(f"{office.url}/roster?language={language}&week={monday}&whom=3号楼")
    chosen = page.get_by_role("link", name="魏红").get_attribute("href").split("of=")[1].split("#")[0]
    page.goto(f"{office.url}/roster?language={language}&week={monday}&whom=3号楼&of={chosen}")
    for summary in page.locator("details.sure > summary").all()[:2]:
        summary.click()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        assert serious(page) == []


def test_the_first_shift_is_written_down_without_a_script(chromium, office):  # noqa: F811
    with unit_of_work() as session:
        people.resident(session, "王奶奶", "+8631186000101")
        people.responder(session, "魏红", "+8613900000021")
    context = patient(chromium.new_context(java_script_enabled=False))
    clerk = signed_in.session_of(signed_in.user("clerk"))
    context.add_cookies([{"name": signed_in.COOKIE, "value": clerk, "url": office.url}])
    page = context.new_page()
    page.goto(f"{office.url}/roster?language=en")
    form = page.locator("form[action='/roster/shifts']")
    form.get_by_label("Who").select_option(index=1)
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_contain_text("Choose one of the two.")
    form.get_by_label("Monday").check()
    form.get_by_label("Sunday").check()
    form.get_by_role("button").click()
    expect(page.locator(".week")).to_contain_text("08:00–12:00")
    page.get_by_role("link", name="魏红").click()
    page.locator("summary").filter(has_text="Monday").click()
    page.get_by_role("button", name="Yes, remove it").first.click()
    page.get_by_role("link", name="魏红").click()
    expect(page.locator("#shifts + ul li")).to_have_count(1)
    context.close()
