"""Today as the office sees it: live, by mouse and keyboard, in both languages, on a desk and on a telephone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import console
from campaigns.models import Outcome
from console.shell import links, stream
from tests.browser.axe import serious
from tests.console import street

READABLE = (Path(__file__).parents[1] / "readable.js").read_text()


def window(page, called):
    return page.locator(".window").filter(has_text=called)


def showing(sign):
    return re.compile(rf"\b{sign}\b")


def test_a_window_changes_while_somebody_writes_a_note(look, server):
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    with look() as page:
        page.locator(".closing summary").first.click()
        note = page.locator(".closing input").first
        note.fill("正在路上")
        street.telephone_rings("王奶奶")
        expect(window(page, "王奶奶")).to_have_class(showing("calling"))
        street.answer("王奶奶", Outcome.OK)
        expect(window(page, "王奶奶")).to_have_class(showing("well"))
        expect(page.locator("#happening-list li").first).to_contain_text("王奶奶")
        expect(note).to_have_value("正在路上")
        expect(note).to_be_focused()


def test_what_the_page_waits_for_before_it_looks_is_less_than_a_second():
    live = (Path(console.__file__).parent / "static/scripts/today/live.js").read_text("utf-8")
    at_once, jitter = (int(re.search(rf"const {name} = (\d+);", live)[1]) for name in ("AT_ONCE", "JITTER_MS"))
    assert at_once >= 1, "a change that comes alone is fetched at once"
    assert stream.LOOK_SECONDS * 1000 + jitter < 1000


def test_a_case_appears_is_accepted_by_telephone_and_closed_elsewhere(look, server):
    street.begin_round()
    with look() as page:
        street.answer("李爷爷", Outcome.UNWELL)
        expect(page.locator(".case")).to_contain_text("正在响铃")
        expect(page.locator("h1")).to_contain_text("有 1 位要人去看看")
        street.accept_case("李爷爷", "魏红")
        expect(page.locator(".case .taken")).to_contain_text("魏红")
        street.close_case("李爷爷")
        expect(page.locator(".case")).to_have_count(0)


def test_the_page_comes_back_by_itself_after_the_server_was_away(look, server):
    street.begin_round()
    with look() as page:
        server.stop()
        expect(page.locator("#lost")).to_contain_text("正在重新连接")
        street.answer("王奶奶", Outcome.OK)
        server.start()
        expect(window(page, "王奶奶")).to_have_class(showing("well"))
        expect(page.locator("#lost")).to_be_empty()
        street.answer("赵爷爷", Outcome.OK)
        expect(window(page, "赵爷爷")).to_have_class(showing("well"))


def test_a_case_is_accepted_and_closed_by_mouse_without_leaving_the_page(look, server):
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    with look() as page:
        page.evaluate("window.same = true")
        page.locator(".accept select").select_option(label="魏红 · 志愿者")
        page.get_by_role("button", name="接手：李爷爷").click()
        expect(page.locator(".case .taken")).to_contain_text("魏红")
        page.locator(".closing summary").click()
        page.get_by_label("情况怎么样？").select_option(label="已帮助处理")
        page.get_by_label("怎么处理的？").fill("吃过药了，好多了")
        page.get_by_role("button", name="确认办结：李爷爷").click()
        expect(page.locator(".case")).to_have_count(0)
        page.locator("#closed summary").click()
        expect(page.locator("#closed")).to_contain_text("已帮助处理吃过药了，好多了")
        assert page.evaluate("window.same")


def test_a_case_is_accepted_and_closed_by_keyboard_alone(look, server):
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    with look("/?language=en") as page:
        page.get_by_role("button", name="Accept: 李爷爷").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".case .taken")).to_contain_text("took it")
        page.locator(".closing summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("all")
        expect(page.locator(".closing select")).to_have_value("fine")
        page.keyboard.press("Tab")
        page.keyboard.type("she was in the garden")
        page.keyboard.press("Enter")
        expect(page.locator(".case")).to_have_count(0)
        expect(page.locator("#cases-title")).to_be_focused()


def test_whoever_is_too_late_is_told_in_the_page(look, server):
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    with look() as page:
        page.route("**/today/parts*", lambda route: route.abort())
        street.accept_case("李爷爷", "魏红")
        page.get_by_role("button", name="接手：李爷爷").click()
        expect(page.locator("#told")).to_contain_text("别人先接手了")
        expect(page.locator(".case .taken")).to_contain_text("魏红")


def test_the_card_tells_who_and_when_on_hover_focus_and_tap(look, server):
    street.half_a_morning()
    with look() as page:
        card = page.locator("#card")
        window(page, "李爷爷").hover()
        expect(card).to_contain_text("身体不舒服")
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        window(page, "王奶奶").focus()
        page.keyboard.press("Tab")
        expect(card).to_be_visible()
        page.keyboard.press("Escape")
        window(page, "周奶奶").click()
        expect(card).to_contain_text("周奶奶")
        expect(card).to_contain_text("黄爷爷")


def test_without_javascript_a_window_leads_to_its_line(look, server):
    street.half_a_morning()
    with look(java_script_enabled=False) as page:
        window(page, "李爷爷").click()
        expect(page.locator("tr:target")).to_contain_text("身体不舒服")


def test_the_clocks_run_in_community_time(look, server):
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    street.at(street.EIGHT, speed=60)
    with look() as page:
        expect(page.locator("#clock")).to_have_text(re.compile(r"08:(0[1-9]|[1-5]\d):\d\d"))
        expect(page.locator(".running")).to_have_text(re.compile(r"(0[1-9]|[1-9]\d):\d\d"))


def test_the_choice_of_light_or_dark_is_remembered(look, server):
    with look(color_scheme="light") as page:
        before = page.evaluate("getComputedStyle(document.body).color")
        page.locator("#theme").click()
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).color") != before


def test_the_welcome_ticks_itself_off_and_stays_away_once_dismissed(look, server):
    links.set_exchange_page("http://127.0.0.1:8010")
    street.begin_round()
    with look(welcome=True) as page:
        name = page.locator("[data-name]").inner_text()
        assert "/telephones/%2B86" in page.locator("[data-go=resident]").get_attribute("href")
        street.answer(name, Outcome.UNWELL)
        expect(page.locator("[data-step='2']")).to_have_class(showing("done"))
        expect(page.locator("[data-go=responder]")).to_have_attribute("href", re.compile("/telephones/%2B86137"))
        street.accept_case(name, "魏红")
        expect(page.locator("[data-step='4']")).to_have_class(showing("done"))
        page.locator("#welcome-close").click()
        page.reload()
        expect(page.locator("#welcome")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_read_it_on_a_desk_and_on_a_telephone_by_day_and_by_night(look, server, language):
    street.half_a_morning()
    with look(f"/?language={language}", reduced_motion="reduce") as page:
        page.locator(".closing summary").first.click()
        for width, scheme in ((1440, "light"), (1440, "dark"), (390, "dark"), (390, "light")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            window(page, "李爷爷").click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(READABLE) == []
            page.keyboard.press("Escape")


def test_axe_finds_nothing_serious_by_day_and_by_night(look, server):
    street.half_a_morning()
    with look(reduced_motion="reduce") as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert serious(page) == []
            window(page, "李爷爷").click()
            assert serious(page) == []
            page.keyboard.press("Escape")


def test_a_large_community_is_folded_without_anything_serious_on_a_desk_and_on_a_telephone(look, crowd):
    with look(reduced_motion="reduce") as page:
        page.locator(".block summary").first.click()
        expect(page.locator(".house-inside .window").first).to_be_visible()
        page.locator(".case summary").first.click()
        expect(page.locator(".case-inside").first).to_be_visible()
        for width, scheme in ((1440, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert serious(page) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_list_to_print_can_be_read_on_a_telephone(look, server, language):
    street.relative("李爷爷", "王红", "女儿")
    street.half_a_morning()
    with look(f"/print?language={language}", width=390, reduced_motion="reduce") as page:
        sheet = page.locator(".sheet")
        assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth"), "nothing is cut off"
        expect(sheet).to_contain_text("136 1111 0001")
        assert serious(page) == []


def test_a_long_reason_leaves_the_address_on_one_line_of_a_telephone(look, server):
    street.withdraw("王奶奶")
    with look("/?language=en", width=390) as page:
        height = page.locator(".everyone .place").first.evaluate("place => place.offsetHeight")
        assert height < 40, "one line is about 25 pixels high"
        expect(page.locator(".everyone")).to_contain_text("does not want calls")
