"""The page of a relative in a real browser: opened by its link alone, read, and used without a script."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaigns.models import Outcome
from contacts import relative_links
from core import actors
from core.storage.database import unit_of_work
from escalation.models import CaseState
from tests.browser import families
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.console import street

PICTURES = os.environ.get("FAMILY_PICTURES")
"""A folder for pictures of these pages, where one is wished for."""
SIZES = {"desk": 1440, "telephone": 390}


def taken(page, name):
    assert serious(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_it_and_it_fits(look, server, language, size):
    families.a_morning()
    for called, name in (("王奶奶", "well"), ("李爷爷", "unwell"), ("张奶奶", "silent")):
        path = families.link_of(called)
        with look(f"{path}?language={language}", width=SIZES[size]) as page:
            taken(page, f"closed-{language}-{size}")
            page.locator("main button").click()
            expect(page.locator("h1")).to_have_text(called)
            expect(page.locator("html")).to_have_attribute("lang", language)
            taken(page, f"{name}-{language}-{size}")
            page.emulate_media(color_scheme="dark")
            taken(page, f"{name}-{language}-{size}-dark")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_cannot_be_shown_says_so_kindly(look, server, language):
    families.a_morning()
    path = families.link_of("王奶奶")
    with look(path, width=390) as page:
        page.locator("main button").click()
        expect(page.locator("h1")).to_have_text("王奶奶")
    with look(f"{path}?language={language}", width=390) as page:
        expect(page.locator("main")).not_to_contain_text("王奶奶")
        taken(page, f"elsewhere-{language}")
        page.locator("main button").click()
        expect(page.locator(".saved")).to_be_visible()
        taken(page, f"again-{language}")
    with unit_of_work() as session:
        relative_links.end(session, actors.user("社区"), street.person(session, "王奶奶").id)
    with look(f"{path}?language={language}", width=390) as page:
        expect(page.locator("main button")).to_have_count(0)
        taken(page, f"ended-{language}")


def test_a_daughters_day_without_a_script(look, server):
    families.a_morning()
    path = families.link_of("张奶奶")
    with look(path, width=390, java_script_enabled=False) as page:
        page.get_by_role("button", name="在这台设备上打开").click()
        page.get_by_role("button", name="我已和张奶奶说过话").click()
        expect(page.locator(".saved")).to_be_visible()
        assert street.case_of("张奶奶").state == CaseState.CLOSED
        page.locator("input[name=last_day]").fill((street.EIGHT + timedelta(days=3)).date().isoformat())
        page.get_by_role("button", name="暂停打电话").click()
        expect(page.locator("#away")).to_contain_text("2026年11月26日")
        page.get_by_role("button", name="张奶奶已经回家").click()
        expect(page.locator("#away")).not_to_contain_text("2026年11月26日")
        page.locator("input[value=weekly]").check()
        page.get_by_role("button", name="保存").click()
        expect(page.locator("input[value=weekly]")).to_be_checked()


def test_a_page_that_stands_open_tells_what_has_become_of_it(chromium, server):
    families.a_morning()
    context = patient(chromium.new_context(viewport={"width": 390, "height": 844}))
    page = context.new_page()
    page.clock.install()
    page.goto(server.url + families.link_of("何奶奶"))
    page.locator("main button").click()
    expect(page.locator("h1")).to_have_text("何奶奶")
    before = page.locator(".sentence").inner_text()
    street.answer("何奶奶", Outcome.OK)
    page.clock.run_for(timedelta(seconds=31).total_seconds() * 1000)
    expect(page.locator(".sentence")).not_to_have_text(before)
    expect(page.locator(".status.rung")).to_be_visible()
    taken(page, "refreshed")
    context.close()
