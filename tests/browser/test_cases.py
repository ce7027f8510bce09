"""The pages of cases in a real browser: read and used at a desk and on a telephone, in both languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaigns.models import Outcome
from core import actors
from core.storage import database
from escalation.cases import cases
from escalation.deeds import handing_over, notes
from escalation.findings import Finding
from escalation.models import CaseKind
from tests.browser.axe import serious
from tests.console import street

PICTURES = os.environ.get("CASE_PICTURES")
"""A folder for pictures of these pages, where one is wished for."""


@pytest.fixture
def busy(server):
    """Two cases of 王奶奶 and one of 李爷爷; the worst is taken, has been noted on, and one was closed before."""
    street.begin_round()
    street.answer("王奶奶", Outcome.UNWELL)
    street.answer("李爷爷", Outcome.NEEDS_SUPPLIES)
    street.answer("何奶奶", Outcome.WANTS_PERSON)
    worst = street.case_of("王奶奶")
    with database.unit_of_work() as session:
        cases.open_case(session, actors.system(), CaseKind.WANTS_PERSON, worst.resident_id, None)
        cases.accept(session, actors.user("李干事"), worst.id, street.helper("田保国").id)
        notes.note(session, actors.user("李干事"), worst.id, "女儿说钥匙在门卫那里，下午她自己也来。")
        cases.close(session, actors.user("李干事"), street.case_of("何奶奶").id, "聊了一会儿", Finding.DECEASED)
    return worst.id


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_the_queue_and_a_case(look, busy, language, width):
    gone = street.case_of("何奶奶").id
    for name, path in (("queue", "/cases"), ("closed", "/cases?show=closed"), ("mine", "/cases?show=mine"),
                       ("case", f"/cases/{busy}"), ("done", f"/cases/{gone}")):  # fmt: skip
        separator = "&" if "?" in path else "?"
        with look(f"{path}{separator}language={language}", width=width) as page:
            for summary in page.locator("details.more > summary").all():
                summary.click()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
            assert serious(page) == [], name
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{width}.png", full_page=True)


def test_without_a_script_a_case_is_taken_from_today_and_carried_to_its_end(look, server):
    street.begin_round()
    street.answer("王奶奶", Outcome.UNWELL)
    with look("/cases?language=en", java_script_enabled=False) as page:
        page.locator(".queue a").first.click()
        page.get_by_role("button", name="Accept").click()
        page.get_by_role("button", name="On the way").click()
        page.get_by_role("button", name="At the door").click()
        page.get_by_role("button", name="Close the case").click()  # the browser itself asks for the finding
        page.locator("#finding").select_option("helped")
        page.get_by_label("How did it go?").fill("陪她吃了早饭")
        page.get_by_role("button", name="Close the case").click()
        expect(page.locator("#state")).to_contain_text("Closed at")
        expect(page.locator(".time-line")).to_contain_text("said that a helper is on the way")
    assert street.case_of("王奶奶").finding == Finding.HELPED


def test_whoever_has_it_is_rung_to_be_connected(look, busy):
    with database.unit_of_work() as session:
        handing_over.give(session, actors.user("李干事"), busy, street.helper("魏红").id)
    with look(f"/cases/{busy}?language=zh-CN", width=390) as page:
        page.get_by_text("更多……").click()
        page.get_by_role("button", name="接通他们").click()
        page.get_by_text("更多……").click()
        expect(page.locator("main")).to_contain_text("正在给魏红打电话，随后接通王奶奶。")
        expect(page.locator(".time-line")).to_contain_text("请系统给魏红打电话，接通居民")
        assert serious(page) == []


def test_a_note_that_cannot_be_kept_is_said_beside_it_and_kept_as_it_was_typed(look, busy):
    with look(f"/cases/{busy}?language=zh-CN") as page:
        page.get_by_text("更多……").click()
        page.locator("#note").fill("   ")
        page.get_by_role("button", name="写下备注").click()
        expect(page.locator("#wrong-note")).to_be_visible()
        page.locator("#note").fill("下午再去")
        page.get_by_role("button", name="写下备注").click()
        expect(page.locator(".time-line")).to_contain_text("下午再去")
