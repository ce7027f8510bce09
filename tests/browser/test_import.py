"""A list is imported by hand: chosen, looked at, mended and done, in both languages, on both sizes."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contacts.models import Resident
from core.storage.database import reading
from tests.browser import neighbours
from tests.browser.axe import serious
from tests.browser.test_people import SIZES, too_wide

LIST = """姓名,电话,楼栋,单元,房号,年龄,备注,特别提醒,同意
李长海,0311-86010101,1号楼,1,101,84,耳朵不好，请大声,,签字表 2026-11-01
孙桂芳,0311-8601,6号楼,2,301,79,,,签字表 2026-11-01
周国庆,0311-86000902,6号楼,2,302,81,一个人住,敲门要久,
"""
BUTTONS = {"zh-CN": ("先看会改动什么", "重新检查", "确认导入", "名册已导入"),
           "en": ("See what it would do", "Check again", "Do it", "The list was imported")}  # fmt: skip


@pytest.fixture
def chosen(look, server, tmp_path):
    """The page of a list that was sent: ``with chosen("en", 390) as page``."""
    neighbours.filled_in()
    file = tmp_path / "居民名册.csv"
    file.write_text(LIST, encoding="utf-8")

    @contextmanager
    def sent(language, width, **options):
        with look(f"/residents?language={language}", width=width, **options) as page:
            page.locator('.headline a[href="/residents/import"]').click()
            page.locator('input[type="file"]').set_input_files(file)
            page.get_by_role("button", name=BUTTONS[language][0]).click()
            yield page

    return sent


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", BUTTONS)
def test_what_a_list_would_do_and_has_done_is_readable_by_everybody(chosen, language, size):
    _, _, do, done = BUTTONS[language]
    with chosen(language, SIZES[size]) as page:
        expect(page.locator(".mistakes > li")).to_have_count(2)
        assert (serious(page), too_wide(page)) == ([], False)
        page.get_by_role("button", name=do).click()
        expect(page.locator("h1")).to_contain_text(done)
        assert (serious(page), too_wide(page)) == ([], False)


def test_it_is_mended_and_done_without_the_script(chosen):
    _, again, do, done = BUTTONS["zh-CN"]
    with chosen("zh-CN", 390, java_script_enabled=False) as page:
        page.locator(".mistakes input").fill("0311-86000901")
        page.locator(".mistakes select").select_option("access notes")
        page.get_by_role("button", name=again).click()
        expect(page.locator(".mistakes")).to_have_count(0)
        page.get_by_role("button", name=do).click()
        expect(page.locator("h1")).to_contain_text(done)
    with reading() as session:
        homes = {each.name: each.household.access_notes for each in session.scalars(select(Resident))}
    assert (homes["孙桂芳"], homes["周国庆"]) == ("", "敲门要久")


LATER = """姓名,电话,楼栋,单元,房号,特别提醒,同意
郭永福,0311-86000911,6号楼,2,303,敲门要久,签字表 2026-11-01
马秀珍,0311-86,6号楼,2,304,,签字表 2026-11-01
"""
AGAIN = {"zh-CN": ("下载这些行", "重新询问", "重新检查"), "en": ("Download these rows", "Ask again", "Check again")}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", AGAIN)
def test_what_is_known_and_what_is_to_be_mended_is_readable_by_everybody(chosen, tmp_path, language, size):
    download, ask, check = AGAIN[language]
    with chosen(language, SIZES[size]) as page:
        page.locator(".mistakes select").select_option("access notes")
        page.get_by_role("button", name=check).click()
        expect(page.locator(".known-columns")).to_contain_text("特别提醒")
        assert (serious(page), too_wide(page)) == ([], False)
        with page.expect_download() as saved:
            page.get_by_role("link", name=download).click()
        assert saved.value.suggested_filename.endswith(".xlsx")
        mended = tmp_path / "改好.xlsx"
        saved.value.save_as(mended)
        page.goto(page.url.split("/residents/")[0] + "/residents/import?kind=responders")
        expect(page.locator("#columns")).to_contain_text("特别提醒")
        expect(page.locator('input[value="responders"]')).to_be_checked()
        assert (serious(page), too_wide(page)) == ([], False)
        page.locator('input[value="residents"]').check()
        page.locator('input[type="file"]').set_input_files(mended)
        page.locator("form.sending button").click()
        expect(page.locator(".mistakes > li")).to_have_count(1)
        later = tmp_path / "下月.csv"
        later.write_text(LATER, encoding="utf-8")
        page.go_back()
        page.locator('input[type="file"]').set_input_files(later)
        page.locator("form.sending button").click()
        page.get_by_role("button", name=ask).click()
        expect(page.locator(".mistakes select")).to_have_count(1)
