"""The pages of people as the office sees them: found while one types, changed, in both languages, on both sizes."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import neighbours
from tests.browser.axe import serious

PICTURES = os.environ.get("PEOPLE_PICTURES")
"""A folder for pictures of these pages, where one is wished for."""
SIZES = {"desk": 1440, "telephone": 390}


def opened(page):
    """Everything on the page that can be unfolded is."""
    for summary in page.locator("details.sure > summary").all():
        if summary.is_visible():
            summary.click()


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_readable_by_everybody_and_fits(look, server, language, size):
    for path in neighbours.filled_in().values():
        with look(f"{path}{'&' if '?' in path else '?'}language={language}", width=SIZES[size]) as page:
            opened(page)
            assert (path, serious(page), too_wide(page)) == (path, [], False)
            expect(page.locator("html")).to_have_attribute("lang", language)


def test_whom_one_looks_for_is_found_while_one_types_and_the_address_says_so(look, server):
    neighbours.filled_in()
    with look("/residents?language=zh-CN") as page:
        page.evaluate("window.same = true")
        page.keyboard.press("/")
        page.keyboard.type("wgl")
        expect(page.locator("#found tbody tr")).to_have_count(1)
        expect(page.locator("#found .person")).to_contain_text("王桂兰")
        expect(page).to_have_url(re.compile(r"\?q=wgl$"))
        page.locator("#q").fill("xyzq")
        expect(page.locator("#found")).to_contain_text("没有找到")
        page.locator("#q").fill("")
        page.locator("select[name=building]").select_option("2")
        expect(page.locator("#found tbody tr")).to_have_count(7)
        assert page.evaluate("window.same")


def test_without_the_script_a_button_finds_them_and_the_file_is_read(look, server):
    neighbours.filled_in()
    with look("/residents?language=zh-CN", java_script_enabled=False) as page:
        page.locator("#q").fill("李 1号楼")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="李长海").click()
        expect(page.locator("h1")).to_contain_text("李长海")
        page.locator("summary").filter(has_text="暂停打电话").click()
        page.locator('input[name="reason"]').fill("住院")
        page.get_by_role("button", name="暂停打电话").click()
        expect(page.locator("#standing")).to_contain_text("暂停打电话，直到有人恢复：住院。")
        expect(page.locator("#standing")).to_contain_text("已保存。")


def test_a_mistake_stands_open_beside_its_field(look, server):
    path = neighbours.filled_in()["file"]
    with look(f"{path}?language=zh-CN", width=390) as page:
        page.locator("#phones summary.plain").click()
        page.locator('#phones input[type="tel"][name="phone"]').fill("120")
        page.locator("#phones").get_by_role("button", name="保存").last.click()
        expect(page.locator('#phones input[type="tel"][name="phone"]')).to_be_visible()
        expect(page.locator('#phones input[type="tel"][name="phone"]')).to_have_value("120")
        expect(page.locator("#phones .wrong").first).to_contain_text("紧急")


@pytest.mark.usefixtures("our_voice")
def test_how_they_are_greeted_is_heard_from_the_form(look, server):
    path = neighbours.filled_in()["file"]
    with look(f"{path}?language=en", width=390) as page:
        page.locator("#details summary.plain").click()
        page.get_by_label("How the family reads the name").fill("tián")
        with page.expect_response("**/greeting") as answered:
            page.get_by_role("button", name="Hear how we would greet them").click()
        assert answered.value.headers["content-type"] == "audio/wav"
        expect(page.get_by_role("button", name="Hear how we would greet them")).to_be_enabled()
        expect(page.locator("[data-unheard]")).to_be_hidden()
        page.get_by_label("How the family reads the name").fill("no pinyin")
        page.get_by_role("button", name="Hear how we would greet them").click()
        expect(page.locator("#details .wrong").last).to_contain_text("“no pinyin” is no reading of this name.")
        expect(page.get_by_label("How the family reads the name")).to_have_value("no pinyin")
        if PICTURES:
            page.locator("#details").screenshot(path=Path(PICTURES) / "greeting-en-390.png")


def test_a_name_on_today_leads_to_the_file(look, server):
    neighbours.filled_in()
    with look() as page:
        page.locator(".case .who a").first.click()
        expect(page.locator("h1")).to_contain_text("李长海")
