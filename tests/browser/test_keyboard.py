"""The keyboard: a search field that is one key away, the keys shown, and a palette that goes anywhere."""

import re

import pytest
from playwright.sync_api import expect

from core.storage.database import reading
from escalation.models import Case
from tests.browser.axe import serious
from tests.browser.test_people import too_wide
from tests.console import street


def selected(page):
    return page.locator('#palette [aria-selected="true"]:visible')


def test_the_search_is_one_key_away_from_every_page_and_typing_stays_typing(look, server):
    with look("/responders?language=en") as page:
        page.keyboard.press("/")
        expect(page).to_have_url(f"{server.url}/residents#q")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("wnn/?")
        expect(page.locator("#q")).to_have_value("wnn/?")
        expect(page.locator("#keys")).to_be_hidden()
        page.locator("h1").click()
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1440), ("en", 390)])
def test_the_keys_are_shown_by_a_key_and_by_what_stands_at_the_foot(look, language, width):
    with look(f"/residents?language={language}", width=width) as page:
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        assert (serious(page), too_wide(page)) == ([], False)
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.locator("#show-keys").click()
        expect(page.locator("#keys")).to_be_visible()
        page.locator("#keys button").click()
        expect(page.locator("#keys")).to_be_hidden()
        expect(page.locator("#show-keys")).to_be_focused()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1440), ("en", 390)])
def test_the_palette_finds_residents_by_pinyin_and_pages_in_either_language(look, server, language, width):
    with look(f"/roster?language={language}", width=width) as page:
        page.keyboard.press("Control+k")
        expect(page.locator("#palette-q")).to_be_focused()
        assert (serious(page), too_wide(page)) == ([], False)
        page.keyboard.type("wnn")
        expect(page.locator("#palette-found a").first).to_contain_text("王奶奶")
        expect(selected(page)).to_have_count(1)
        file = selected(page).get_attribute("href")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server.url}{file}")
        page.wait_for_load_state()
        page.keyboard.press("Meta+k")
        page.keyboard.type("campaigns")
        expect(selected(page)).to_have_attribute("href", "/campaigns")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server.url}/campaigns")


def test_arrows_choose_and_the_most_urgent_cases_are_there_without_a_word(look, server):
    street.half_a_morning()
    with reading() as session:
        urgent = [f"/cases/{each.id}" for each in session.query(Case).filter(Case.is_unclosed)]
    with look("/campaigns?language=en") as page:
        page.keyboard.press("Control+k")
        expect(page.locator('#palette-found a[href^="/cases/"]').first).to_be_visible()
        first = selected(page).get_attribute("href")
        page.keyboard.press("ArrowUp")
        last = selected(page).get_attribute("href")
        assert (first, last in urgent) == ("/", True)
        page.keyboard.press("ArrowDown")
        expect(selected(page)).to_have_attribute("href", "/")
        page.keyboard.type("zzzzqq")
        expect(page.locator("#palette-nothing")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/campaigns"))
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_be_hidden()


def test_without_a_script_nothing_of_it_is_there(look):
    with look("/residents?language=en", java_script_enabled=False) as page:
        expect(page.locator("#show-keys")).to_be_hidden()
        expect(page.locator("#palette")).to_be_hidden()
        expect(page.locator("#keys")).to_be_hidden()
