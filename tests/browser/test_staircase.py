"""The staircase in a real browser: read and used with one thumb, in both languages, without a script."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from contacts.models import Responder
from core import actors, clock
from core.links import links
from core.links.models import Link
from core.storage.database import unit_of_work
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Need
from escalation.paging import case_links
from escalation.shifts import ResponderAbsence
from ivr.models import Call, Recording, RecordingState
from tests import people
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.browser.test_passkeys import office  # noqa: F401
from tests.switchboard import rows

PICTURES = os.environ.get("STAIRCASE_PICTURES")
"""A folder for pictures of these pages, where one is wished for."""


@pytest.fixture
def story(office):  # noqa: F811
    """王奶奶 is unwell and needs medicine; 陈志愿者 reads Chinese, Li English. Returns their links."""
    with unit_of_work() as session:
        home = people.household(session, "301", "3号楼", access_notes="大门密码在门卫处，按铃后请多等一会儿。")
        who = people.resident(session, "王秀兰", "+8631186000101", home=home, called="王奶奶").id
        names = {"zh-CN": people.responder(session, "陈志愿者", "+8613900000001").id,
                 "en": people.responder(session, "Li Ming", "+8613900000002").id}  # fmt: skip
        session.get_one(Responder, names["en"]).language = "en"
        case = cases.open_case(session, actors.system(), CaseKind.NEEDS_SUPPLIES, who, None)
        case.needs = [Need.MEDICINE, Need.GROCERIES]
        session.flush()
        call = session.query(Call).first()
        sound = Recording(call_id=call.id, provider_id="x", seconds=3, state=RecordingState.KEPT, made_at=clock.now(),
                          sound=b"RIFF")  # fmt: skip
        session.add(sound)
        session.flush()
        case.recording_id = sound.id
        return {language: links.address_of(case_links.PURPOSE, case_links.new(session, case, responder_id))
                for language, responder_id in names.items()}  # fmt: skip


@pytest.fixture
def telephone(chromium):
    """A telephone's browser that runs no script; another one each time."""
    opened = []

    def new(width=390, script=False):
        opened.append(
            patient(chromium.new_context(java_script_enabled=script, viewport={"width": width, "height": 844}))
        )
        return opened[-1].new_page()

    yield new
    for context in opened:
        context.close()


def readable(page, name):
    """Nobody has to push the page aside, and everybody can read it."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
        assert serious(page) == [], (name, width)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_it_from_the_text_to_the_end(telephone, story, language):
    words = {"zh-CN": ("我去", "我在路上了", "我到门口了", "办好了"),
             "en": ("I am going", "I am on the way", "I am at the door", "It is done")}[language]  # fmt: skip
    page = telephone(script=True)
    page.goto(story[language])
    readable(page, f"asks-{language}")
    page.get_by_role("button", name=words[0], exact=True).click()
    expect(page.get_by_role("button", name=words[1])).to_be_visible()
    for summary in page.locator("details > summary").all():
        summary.click()
    readable(page, f"accepted-{language}")
    page.get_by_role("button", name=words[1]).click()
    page.get_by_role("button", name=words[2]).click()
    expect(page.get_by_role("radio").first).to_be_visible()
    readable(page, f"door-{language}")
    other = telephone(script=True)
    other.goto(story[language])
    readable(other, f"forwarded-{language}")
    second = telephone(script=True)
    second.goto(f"{story['en' if language == 'zh-CN' else 'zh-CN']}?language={language}")
    readable(second, f"taken-{language}")
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name=words[3]).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    readable(page, f"closed-{language}")


def test_without_a_script_and_with_a_word_that_was_forgotten(telephone, story):
    page = telephone()
    page.goto(story["en"])
    page.get_by_role("button", name="I am going").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("building 3 unit 2 room 301")
    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("radio", name="something else").check()
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_role("alert")).to_contain_text("a short note")
    expect(page.get_by_role("radio", name="something else")).to_be_checked()
    page.get_by_label("How did it go?").fill("Her neighbour had been there already")
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("This is closed, thank you.")
    page.goto(story["en"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("This is closed, thank you.")
    [case] = rows(Case)
    assert case.state == CaseState.CLOSED


def test_a_button_that_is_pressed_twice_gives_it_back_once(telephone, story):
    page = telephone()
    page.goto(story["en"])
    page.get_by_role("button", name="I am going").click()
    page.locator("summary", has_text="I cannot go after all").click()
    page.get_by_role("button", name="Give it back").dblclick()
    expect(page.get_by_role("button", name="I am going")).to_be_visible()


def test_a_link_whose_time_is_over_can_be_renewed(telephone, story):
    with unit_of_work() as session:
        case = session.query(Case).one()
        who = session.query(Responder).filter_by(language="en").one()
        old = links.make(session, case_links.PURPOSE, case.id, who.id, timedelta(seconds=-1))
        address = links.address_of(case_links.PURPOSE, old)
    page = telephone(script=True)
    page.goto(address)
    readable(page, "expired-en")
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_role("status")).to_contain_text("We have sent a new link")
    assert len(rows(Link)) == 4


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_who_cannot_come_today_says_so_and_takes_it_back(telephone, story, language):
    words = {"zh-CN": ("我今天都来不了……", "我今天来不了", "我可以来了"),
             "en": ("I cannot come at all today …", "I cannot come today", "I am there again")}[language]  # fmt: skip
    page = telephone(script=True)
    page.goto(story[language])
    page.get_by_text(words[0]).click()
    readable(page, f"staying-{language}")
    page.get_by_role("button", name=words[1], exact=True).click()
    expect(page.get_by_role("button", name=words[2])).to_be_visible()
    readable(page, f"away-{language}")
    assert [absence.ends_at > clock.now() for absence in rows(ResponderAbsence)] == [True]
    page.get_by_role("button", name=words[2]).click()
    expect(page.get_by_text(words[0])).to_be_visible()
    assert [absence for absence in rows(ResponderAbsence) if absence.ends_at > clock.now()] == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_who_goes_is_connected_from_their_own_telephone(telephone, story, language):
    words = {"zh-CN": ("我去", "给这位居民打电话", "您的电话马上会响"),
             "en": ("I am going", "Talk with them on the telephone", "Your telephone rings in")}[language]  # fmt: skip
    page = telephone(script=True)
    page.goto(story[language])
    page.get_by_role("button", name=words[0], exact=True).click()
    readable(page, f"talk-{language}")
    page.get_by_role("button", name=words[1]).click()
    expect(page.get_by_role("status")).to_contain_text(words[2])
    readable(page, f"rung-{language}")
    assert [call.owner for call in rows(Call, owner="talk")] == ["talk"]
