"""The staircase in a real browser: read and used with one thumb, in both languages, without a script."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from contacts.models import Responder
from core import actors, clock
from core.links import links
from core.links.models import Link, LinkUse
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

LOOKS_EVERY_MS = 4000
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


def test_a_page_that_stands_open_tells_who_was_first(telephone, story):
    page, other = telephone(script=True), telephone(script=True)
    page.goto(story["en"])
    other.goto(story["zh-CN"])
    other.get_by_role("button", name="我去", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Already taken by 陈志愿者")
    expect(page.get_by_role("button", name="I am going")).to_have_count(0)
    readable(page, "overtaken-en")


@pytest.fixture
def own_time(telephone):
    """A telephone's browser whose timers run when the test says so."""
    page = telephone(script=True)
    page.clock.install()
    return page


def looks_of(page):
    """The versions that a page asks for from now on."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/version") else None)
    return asked


def test_what_is_being_typed_stays_as_long_as_it_stands_there(own_time, story):
    own_time.goto(story["en"])
    own_time.get_by_role("button", name="I am going").click()
    own_time.locator("summary", has_text="It is done already").click()
    note = own_time.get_by_label("How did it go?")
    note.fill("She wants her daughter")
    with unit_of_work() as session:
        cases.move(session, actors.user("社区"), session.query(Case).one().id, CaseState.ON_THE_WAY)
    asked = looks_of(own_time)
    own_time.clock.run_for(5 * LOOKS_EVERY_MS)
    assert asked == []
    expect(note).to_have_value("She wants her daughter")
    note.fill("")
    own_time.clock.run_for(2 * LOOKS_EVERY_MS)
    expect(own_time.get_by_role("button", name="I am on the way")).to_have_count(0)
    expect(own_time.get_by_role("button", name="I am at the door")).to_be_visible()
    expect(note).to_be_visible()  # what was unfolded stays so


def test_without_a_connection_the_page_stays_as_it_is_and_goes_on_afterwards(own_time, telephone, story):
    other = telephone(script=True)
    own_time.goto(story["en"])
    own_time.context.set_offline(True)
    other.goto(story["zh-CN"])
    other.get_by_role("button", name="我去", exact=True).click()
    expect(other.get_by_role("button", name="我在路上了")).to_be_visible()
    with own_time.expect_event("requestfailed"):
        own_time.clock.run_for(2 * LOOKS_EVERY_MS)
    expect(own_time.get_by_role("button", name="I am going")).to_be_visible()
    own_time.context.set_offline(False)
    own_time.clock.run_for(2 * LOOKS_EVERY_MS)
    expect(own_time.get_by_role("status")).to_contain_text("Already taken by")


def taken_by_link():
    """How often somebody has said by their link that they go, and how the case stands."""
    [case] = rows(Case)
    return len(rows(LinkUse, deed="accept")), case.state


def test_what_is_pressed_without_a_connection_is_sent_when_there_is_one(telephone, story):
    page = telephone(script=True)
    page.goto(story["en"])
    page.context.set_offline(True)
    page.get_by_role("button", name="I am going").click()
    expect(page.locator("#unsent")).to_be_visible()
    readable(page, "unsent-en")
    assert taken_by_link() == (0, CaseState.OPEN)
    page.get_by_role("button", name="I am going").click()
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="I am on the way")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert taken_by_link() == (1, CaseState.ACCEPTED)


def test_what_was_kept_is_sent_by_the_page_that_is_opened_next(telephone, story):
    page = telephone(script=True)
    page.goto(story["en"])
    page.context.set_offline(True)
    page.get_by_role("button", name="I am going").click()
    expect(page.locator("#unsent")).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(story["en"])
    expect(again.get_by_role("button", name="I am on the way")).to_be_visible()
    assert taken_by_link() == (1, CaseState.ACCEPTED)


@pytest.mark.parametrize("trouble", ["the answer is lost", "we are busy"])
def test_what_was_done_already_or_could_not_be_done_yet_is_done_once(telephone, story, trouble):
    page = telephone(script=True)
    failed = []

    def fail_once(route):
        if failed:
            return route.continue_()
        failed.append(trouble)
        if trouble == "we are busy":
            return route.fulfill(status=503, body="a moment")
        route.fetch()
        page.context.clear_cookies()  # what the browser was to keep has not come either
        return route.abort()

    page.route("**/accept", fail_once)
    page.goto(story["en"])
    page.get_by_role("button", name="I am going").click()
    expect(page.get_by_role("button", name="I am on the way")).to_be_visible()
    assert (failed, taken_by_link()) == ([trouble], (1, CaseState.ACCEPTED))


def test_what_somebody_said_long_ago_is_not_sent_any_more(own_time, story):
    own_time.goto(story["en"])
    own_time.context.set_offline(True)
    own_time.get_by_role("button", name="I am going").click()
    expect(own_time.locator("#unsent")).to_be_visible()
    own_time.clock.run_for(timedelta(minutes=11).total_seconds() * 1000)
    own_time.context.set_offline(False)
    own_time.clock.run_for(3 * LOOKS_EVERY_MS)
    expect(own_time.locator("#unsent")).to_contain_text("what you pressed was not sent")
    assert taken_by_link() == (0, CaseState.OPEN)


def test_what_is_corrected_before_it_was_sent_is_what_counts(telephone, story):
    page = telephone(script=True)
    page.goto(story["en"])
    page.get_by_role("button", name="I am going").click()
    page.locator("summary", has_text="It is done already").click()
    page.context.set_offline(True)
    for finding, note in (("fine", "Nobody at home?"), ("other", "She was at her neighbour's")):
        page.locator(f"input[value={finding}]").check()
        page.get_by_label("How did it go?").fill(note)
        page.get_by_role("button", name="It is done").click()
        expect(page.locator("#unsent")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("This is closed, thank you.")
    [case] = rows(Case)
    assert (case.finding, case.note) == ("other", "She was at her neighbour's")


def test_a_call_is_not_asked_for_later(telephone, story):
    page = telephone(script=True)
    page.goto(story["en"])
    page.get_by_role("button", name="I am going").click()
    expect(page.get_by_role("button", name="Talk with them on the telephone")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Talk with them on the telephone").click()
    expect(page.locator("#unsent")).to_contain_text("Please press it again when there is one.")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("button", name="Talk with them on the telephone")).to_be_visible()
    assert rows(Call, owner="talk") == []


def test_two_pages_of_one_link_send_everything_once(telephone, story):
    page = telephone(script=True)
    page.goto(story["en"])
    second = page.context.new_page()
    second.goto(story["en"])
    page.context.set_offline(True)
    page.get_by_role("button", name="I am going").click()
    expect(page.locator("#unsent")).to_be_visible()
    page.context.set_offline(False)
    for each in (page, second):
        expect(each.get_by_role("button", name="I am on the way")).to_be_visible()
        expect(each.locator("#unsent")).to_be_hidden()
    assert taken_by_link() == (1, CaseState.ACCEPTED)
