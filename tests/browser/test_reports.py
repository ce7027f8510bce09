"""The report of a month in a real browser: readable for everybody, with pictures that scripts only draw better."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from campaigns.reports.monthly.month import Month
from core import clock
from core.clock import Anchor
from core.storage.database import unit_of_work
from tests import signed_in
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.browser.test_passkeys import office  # noqa: F401
from tests.months import Town

AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
ALLOWED = 250_000


@pytest.fixture
def months(office):  # noqa: F811
    """Two months of a small town; the address of the second."""
    clock.set_anchor(Anchor(clock.real_now(), AT))
    with unit_of_work() as session:
        town = Town(session, 24)
        town.has_a_month(Month(2026, 10))
        town.has_a_month(Month(2026, 11), AT)
    return f"{office.url}/reports/2026-11"


@pytest.fixture
def browse(chromium, office):  # noqa: F811
    """Opens a browser in which somebody of the office has signed in."""
    contexts, faults = [], []
    secret = signed_in.session_of(signed_in.user("clerk"))

    def opened(**more):
        context = patient(chromium.new_context(**more))
        contexts.append(context)
        context.add_cookies([{"name": signed_in.COOKIE, "value": secret, "url": office.url}])
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return page

    yield opened
    for each in contexts:
        each.close()
    assert faults == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_a_month(browse, months, office, language, scheme):  # noqa: F811
    page = browse(color_scheme=scheme)
    for address in (months, f"{office.url}/reports"):
        page.goto(f"{address}?language={language}")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
            assert serious(page) == []


def test_the_report_of_a_round_shows_its_morning(browse, months, office):  # noqa: F811
    page = browse(reduced_motion="reduce")
    page.goto(f"{office.url}/rounds?language=en")
    page.locator('a[href^="/rounds/"]').first.click()
    expect(page.locator("#morning canvas")).to_be_visible()
    assert colours(page, "morning") > 2
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        assert serious(page) == []


def colours(page, figure):
    """How many colours there are in what was drawn on the canvas of a figure."""
    return page.evaluate(
        """name => { const canvas = document.querySelector(`#${name} canvas`);
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const found = new Set(); for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255)
        found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`); return found.size; }""",
        figure,
    )


def test_pictures_are_drawn_with_the_key_s_colours_and_again_when_it_gets_dark(browse, months):
    page = browse(reduced_motion="reduce")
    page.goto(months)
    for figure in ("by-day", "by-kind"):
        expect(page.locator(f"#{figure} canvas")).to_be_visible()
        assert colours(page, figure) > 4
    ground = page.evaluate(
        """() => { const at = document.querySelector('#by-day .key .well');
        return getComputedStyle(at.querySelector('.base')).fill; }""")  # fmt: skip
    before = page.evaluate("document.querySelector('#by-day canvas').toDataURL()")
    has = """colour => { const canvas = document.querySelector('#by-day canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        for (let at = 0; at < data.length; at += 4)
        if (`rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})` === colour) return true; return false; }"""
    assert page.evaluate(has, ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function("was => document.querySelector('#by-day canvas').toDataURL() !== was", arg=before)


def test_without_a_script_or_without_the_library_the_server_has_drawn_them(browse, months):
    page = browse(java_script_enabled=False)
    page.goto(months)
    expect(page.locator("#by-day svg.drawn .base").first).to_be_visible()
    page = browse()
    page.route("**/echarts.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(months)
    expect(page.locator("#by-kind svg.drawn .base").first).to_be_visible()
    expect(page.locator("canvas")).to_have_count(0)


def test_a_page_with_all_that_it_loads_is_small(browse, months):
    page = browse()
    sizes = []
    page.context.new_cdp_session(page)
    page.on("requestfinished", lambda asked: sizes.append(asked.sizes()["responseBodySize"]))
    page.goto(months, wait_until="networkidle")
    assert len(sizes) > 5
    assert sum(sizes) <= ALLOWED


def test_names_are_shown_by_a_click_and_gone_by_another(browse, months):
    page = browse()
    page.goto(f"{months}?language=en")
    page.get_by_role("link", name="With names").click()
    expect(page.get_by_text("Residents are named on this page")).to_be_visible()
    page.get_by_role("link", name="Without names").click()
    expect(page.get_by_text("nobody is named")).to_be_visible()
