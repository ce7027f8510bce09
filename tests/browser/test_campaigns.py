"""The pages of campaigns and rounds in a browser: by mouse, with what they mean looked up meanwhile, for every eye."""

import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaigns.audiences.rules import Aged, AllOf, AnyOf, Flagged
from campaigns.models import Campaign, CampaignState, Outcome
from core.storage import database
from tests.browser.axe import serious
from tests.console import street

READABLE = (Path(__file__).parent / "readable.js").read_text()
PREVIEW = "**/campaigns/preview*"
ENGLISH = r"\b(?!zaoan )[a-z]{3,} [a-z]{3,} [a-z]{3,}\b"
VIEWS = list(product(("zh-CN", "en"), (1440, 390)))


def only_campaign():
    with database.reading() as session:
        return session.query(Campaign).one()


def test_a_campaign_is_written_by_mouse_and_what_it_means_is_looked_up_meanwhile(look, server):
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    with look("/campaigns/new?language=zh-CN") as page:
        shown = page.locator("#preview")
        expect(page.locator("#look")).to_be_hidden()
        expect(shown).to_contain_text("会打给 24 位居民")
        expect(page.get_by_label("独居").first).to_be_hidden()
        page.get_by_label("符合下列条件的居民").check()
        page.get_by_label("独居").first.check()
        expect(shown).to_contain_text("会打给 3 位居民")
        expect(shown).to_contain_text("每天 08:00，打给带“独居”标记的居民。")
        page.locator("#often").select_option("weekly")
        expect(shown).to_contain_text("没有说在哪些日子")
        page.get_by_label("星期一").check()
        expect(shown.locator(".dates li").first).to_have_text("11月30日周一 08:00")
        page.get_by_label("名字").fill("独居问候")
        page.get_by_role("button", name="保存为草稿").click()
        expect(page.locator("h1")).to_contain_text("独居问候")
        page.get_by_role("button", name="检查").click()
        expect(page.locator(".state").first).to_have_text("已检查")
        page.get_by_role("button", name="启动", exact=True).click()
        expect(page.locator(".state").first).to_have_text("进行中")
    assert only_campaign().state == CampaignState.ACTIVE


def test_without_javascript_a_button_shows_who_that_is_and_all_is_kept(look, server):
    street.flag("lives_alone", "王奶奶", "赵爷爷")
    with look("/campaigns/new?language=en", java_script_enabled=False) as page:
        page.get_by_label("Name").fill("Greeting")
        page.get_by_label("those for whom all of this holds").check()
        page.get_by_label("lives alone").first.check()
        page.get_by_role("button", name="Show who that is").click()
        expect(page.locator("#preview")).to_contain_text("2 people are rung.")
        expect(page.get_by_label("Name")).to_have_value("Greeting")
        page.get_by_role("button", name="Keep it as a draft").click()
        expect(page.locator("h1")).to_contain_text("Greeting")


def test_an_older_answer_never_takes_the_place_of_a_newer_one(look, server):
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    held = []
    with look("/campaigns/new?language=en") as page:
        page.route(PREVIEW, lambda route: route.continue_() if held else held.append(route))
        with page.expect_request(PREVIEW):
            page.get_by_label("those for whom all of this holds").check()
        page.get_by_label("lives alone").first.check()
        expect(page.locator("#preview")).to_contain_text("3 people are rung.")
        with page.expect_response(PREVIEW):
            held[0].continue_()
        page.wait_for_timeout(100)
        expect(page.locator("#preview")).to_contain_text("3 people are rung.")


@pytest.fixture
def busy():
    """A round that is over and its campaign, and a draft whose rule says more than can be ticked."""
    street.flag("lives_alone", "王奶奶", "赵爷爷", "何奶奶")
    begun = street.begin_round()
    said = {"赵爷爷": Outcome.UNWELL, "陈爷爷": Outcome.NO_ANSWER, "周奶奶": Outcome.NEEDS_SUPPLIES}
    for *_, called in street.HOMES:
        street.answer(called, said.get(called, Outcome.OK))
    rule = AnyOf(of=(Flagged(any_of=("lives_alone",)), AllOf(of=(Aged(least=80), Flagged(any_of=("disabled",))))))
    street.campaign("下午再问", audience=rule, draft=True)
    ids = campaigns()
    return begun, ids["早安问候"], ids["下午再问"]


def campaigns():
    with database.reading() as session:
        return {each.name: each.id for each in session.query(Campaign)}


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_page_is_readable_and_axe_finds_nothing_serious(look, server, busy, language, width):
    begun, one, kept = busy
    for address in ("/campaigns", "/campaigns/new", f"/campaigns/{one}", f"/campaigns/{one}/edit",
                    f"/campaigns/{one}/people", f"/campaigns/{kept}", f"/campaigns/{kept}/edit", "/rounds",
                    f"/rounds/{begun}"):  # fmt: skip
        with look(f"{address}?language={language}", width=width) as page:
            everything_open(page)
            assert serious(page) == [], address
            assert page.evaluate(READABLE) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is too wide"
            if language == "zh-CN":
                assert re.findall(ENGLISH, page.locator("main").inner_text()) == [], address


def everything_open(page):
    for choice in page.locator('[name="whom"][value="chosen"]').all():
        choice.check()
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
