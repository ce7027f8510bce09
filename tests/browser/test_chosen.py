"""Many residents are changed together by hand: ticked, told whom it would change, done, in both languages and sizes."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contacts.models import Pause
from core.storage.database import reading
from tests.browser import neighbours
from tests.browser.axe import serious
from tests.browser.test_people import SIZES, too_wide

WORDS = {
    "zh-CN": ("处理勾选的居民", "处理找到的全部", "暂停打电话", "先看会改动谁", "确认，改动", "已完成"),
    "en": ("With those ticked", "With all", "Pause the calls", "See whom it would change", "Do it with", "Done"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", WORDS)
def test_every_step_is_readable_by_everybody_and_fits(look, server, language, size):
    neighbours.filled_in()
    ticked, _, pause, see, do, done = WORDS[language]
    with look(f"/residents?language={language}", width=SIZES[size]) as page:
        boxes = page.locator('input[name="who"]')
        for at in range(6):
            boxes.nth(at).check()
        button = page.get_by_role("button", name=ticked)
        expect(button).to_contain_text("6")
        assert (serious(page), too_wide(page)) == ([], False)
        button.click()
        page.locator("summary").filter(has_text=pause).click()
        assert (serious(page), too_wide(page)) == ([], False)
        page.locator('input[name="reason"]').fill("楼栋维修")
        page.locator("details[open]").get_by_role("button", name=see).click()
        assert (serious(page), too_wide(page)) == ([], False)
        page.get_by_role("button", name=do).click()
        expect(page.locator("h1")).to_contain_text(done)
        assert (serious(page), too_wide(page)) == ([], False)
    with reading() as session:
        assert len([each for each in session.scalars(select(Pause)) if each.reason == "楼栋维修"]) == 6


def test_everybody_on_the_page_is_ticked_by_one_box_also_after_a_search(look, server):
    neighbours.filled_in()
    with look("/residents?language=zh-CN") as page:
        page.locator("[data-tick-all]").check()
        expect(page.locator('input[name="who"]:checked')).to_have_count(24)
        page.locator("select[name=building]").select_option("2")
        expect(page.locator("#found tbody tr")).to_have_count(7)
        page.locator("[data-tick-all]").check()
        expect(page.locator("[data-ticked]")).to_contain_text("7")
        page.locator('input[name="who"]').first.uncheck()
        expect(page.locator("[data-ticked]")).to_contain_text("6")
        page.get_by_role("button", name="处理找到的全部").click()
        expect(page.locator("h1")).to_contain_text("已选择 7 位居民")


def test_it_is_done_without_the_script(look, server):
    neighbours.filled_in()
    ticked, _, pause, see, do, done = WORDS["zh-CN"]
    with look("/residents?q=李&language=zh-CN", width=390, java_script_enabled=False) as page:
        expect(page.locator("[data-tick-all]")).to_be_hidden()
        page.locator('input[name="who"]').first.check()
        page.get_by_role("button", name=ticked).click()
        page.locator("summary").filter(has_text=pause).click()
        page.locator("details[open]").get_by_role("button", name=see).click()
        page.get_by_role("button", name=do).click()
        expect(page.locator("h1")).to_contain_text(done)
        expect(page).to_have_url(re.compile("/changes/"))
