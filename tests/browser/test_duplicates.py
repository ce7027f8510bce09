"""Who may have been written down twice, as the office sees it: beside each other, made one, or said to be two."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contacts.duplicates import telling_apart
from contacts.models import Resident
from contacts.people import absences
from core import actors, clock
from core.storage.database import reading, unit_of_work
from tests import people
from tests.browser import neighbours
from tests.browser.axe import serious
from tests.browser.test_people import SIZES, too_wide

PATH = "/residents/duplicates"
BUTTONS = {"zh-CN": ("是同一个人", "合成一份档案", "已合成一份档案", "是两个不同的人", "收回"),
           "en": ("These are one person", "Make one file of both", "One file now", "They are two different people",
                  "Take it back")}  # fmt: skip


@pytest.fixture
def twice(server):
    """李长海, whose file tells all that one can, was written down a second time; two others are two people."""
    neighbours.filled_in()
    with unit_of_work() as session:
        known = {each.name: each for each in session.scalars(select(Resident))}
        home = people.household(session, "203", "1", "1")
        again = people.resident(session, "李长海", "+8631186010199", home=home, called="李大爷", notes="听力不好",
                                flags=["hard_of_hearing"])  # fmt: skip
        people.relative(session, again.id, "李小红", "+8613800138077", relation="孙女")
        today = clock.now().date()
        absences.pause(session, actors.system(), again.id, today + timedelta(9), today + timedelta(12), "回老家")
        for number in ("204", "205"):
            people.resident(session, "王桂兰", f"+8631186010{number}", home=people.household(session, number, "1", "1"))
        session.flush()
        namesakes = session.scalars(select(Resident.id).where(Resident.name == "王桂兰").order_by(Resident.id)).all()
        telling_apart.tell_apart(session, actors.system(), *namesakes[1:])
        return known["李长海"].id, again.id


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", BUTTONS)
def test_both_pages_are_readable_by_everybody_and_fit(look, twice, language, size):
    one, _, _, _, _ = BUTTONS[language]
    with look(f"{PATH}?language={language}", width=SIZES[size]) as page:
        expect(page.locator(".pair")).to_have_count(3)
        assert (serious(page), too_wide(page)) == ([], False)
        page.locator(".pair").filter(has_text="李长海").get_by_role("link", name=one).click()
        expect(page.locator(".file-card.stays")).to_contain_text("李长海")
        assert (serious(page), too_wide(page)) == ([], False)


@pytest.mark.parametrize("language", BUTTONS)
def test_one_person_is_made_one_without_the_script(look, twice, language):
    one, make, now, _, _ = BUTTONS[language]
    with look(f"{PATH}?language={language}", width=390, java_script_enabled=False) as page:
        page.locator(".pair").filter(has_text="李长海").get_by_role("link", name=one).click()
        page.locator(".which > a").click()
        expect(page.locator(".moves").first).to_contain_text("李敏")
        page.get_by_role("button", name=make).click()
        expect(page.locator(".saved")).to_contain_text(now)
    with reading() as session:
        assert session.get_one(Resident, twice[0]).merged_into_id == twice[1]


def test_two_people_are_said_to_be_two_and_back(look, twice):
    _, _, _, two, back = BUTTONS["zh-CN"]
    with look(f"{PATH}?language=zh-CN") as page:
        page.locator(".pair").filter(has_text="李长海").get_by_role("button", name=two).click()
        expect(page.locator(".pair")).to_have_count(2)
        said = page.locator("#apart li").filter(has_text="李长海")
        expect(said).to_contain_text("2026/11/23")
        said.get_by_role("button", name=back).click()
        expect(page.locator(".pair")).to_have_count(3)
