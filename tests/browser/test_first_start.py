"""From an empty database to the first call: the administrator, every step of the way, and a telephone that rings."""

import re
from datetime import UTC, datetime, time
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from core.running.installation import Purpose
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.browser.telephone.test_the_story import picked_up
from tests.browser.test_people import too_wide
from tests.journeys.neighbourhood import ZONE, settings_in
from tests.patience import wait_for
from tests.processes import ForkedService
from zaoan.rehearsal.wire import read_wire

LINK = re.compile(r"http://\S+/invitation/\S+")
PASSWORD = "清晨有人敲门来问早安"
OWN, OWN_E164 = "13800138000", "+8613800138000"
LIST = """姓名,电话,楼栋,单元,房号,同意
王桂兰,0311-86000101,3号楼,2,501,签字表 2026-11-01
李长海,0311-86000102,3号楼,2,502,
"""
WORDS = {
    "zh-CN": ("先看会改动什么", "确认导入", "登记", "保存为草稿", "检查", "启动",
              "都准备好了。", "明天 08:00 将给 1 位居民打电话。"),
    "en": ("See what it would do", "Do it", "Write them down", "Keep it as a draft", "Check it", "Start it",
           "All is ready.", "Tomorrow at 08:00 1 resident is rung."),
}  # fmt: skip
NOT_GIVEN = {f"ZAOAN_{name}" for name in ("COMMUNITY", "AREA_CODE", "TIMEZONE", "REGION", "LANGUAGE")}


class FirstService(ForkedService):
    """``zaoan up`` as whoever installs it types it: of the community nothing is set."""

    def _started(self, words, environment, said):
        left = {name: value for name, value in environment.items() if name not in NOT_GIVEN}
        return super()._started(words, left, said)


@pytest.fixture
def service(tmp_path):
    nine = datetime.combine(datetime.now(UTC).astimezone(ZONE).date(), time(9), ZONE)
    chosen = settings_in(tmp_path, clock_speed=1, clock_start=nine)
    with FirstService(chosen, Purpose.SERVICE, tmp_path) as running:
        yield running


class Administrator:
    """Whoever has typed ``zaoan up``, before a browser in this language."""

    def __init__(self, page, service, language, folder):
        self.page, self.service, self.language, self.folder = page, service, language, folder
        self.words = WORDS[language]

    def enters(self):
        [link] = LINK.findall(self.service.said())
        self.page.goto(f"{link}?language={self.language}")
        self.page.locator('input[name="password"]').fill(PASSWORD)
        self.page.locator('input[name="again"]').fill(PASSWORD)
        self.page.locator("form button.strong").click()
        expect(self.page).to_have_url(f"{self.service.page}/start")

    def step(self, name):
        return self.page.locator(f"#step-{name}")

    def is_at(self, name):
        """This step is the next one, and the one thing to do stands in it."""
        self.page.goto(f"{self.service.page}/start")
        expect(self.step(name)).to_have_attribute("aria-current", "step")
        expect(self.page.locator(".steps .strong:visible")).to_have_count(1)

    def carries_out(self, name, deed):
        """Does what is next until it is done: a busy machine may ask to look whether it was kept, or to do it again."""
        self.is_at(name)
        wait_for(lambda: self.is_done(name) or deed(), name)

    def is_done(self, name):
        self.page.goto(f"{self.service.page}/start")
        expect(self.step(name)).to_be_visible()
        return self.step(name).get_attribute("data-done") is not None

    def presses(self, button):
        with self.page.expect_navigation():
            button.click()

    def names_the_community(self):
        form = self.step("community")
        form.locator('[name="name"]').fill("槐东社区")
        form.locator('[name="area_code"]').fill("0311")
        self.presses(form.locator("form button"))

    def gives_the_office_a_telephone(self):
        self.step("office").locator('[name="number"]').fill("86000100")
        self.presses(self.step("office").locator("form button"))

    def writes_down_a_helper(self):
        self.presses(self.step("responders").locator('a[href="/responders/new"]'))
        self.page.locator('[name="name"]').fill("田保国")
        self.page.locator('[name="phone"]').fill("13900000021")
        self.presses(self.page.get_by_role("button", name=self.words[2], exact=True))

    def imports_the_list(self):
        file = self.folder / "名册.csv"
        file.write_text(LIST, encoding="utf-8")
        self.presses(self.step("residents").locator('a[href="/residents/import"]'))
        self.page.locator('input[type="file"]').set_input_files(file)
        for button in self.words[:2]:
            if (found := self.page.get_by_role("button", name=button)).count():
                self.presses(found)

    def starts_a_campaign(self):
        self.presses(self.step("campaign").locator("a"))
        if (name := self.page.locator('[name="name"]')).count():
            name.fill("每日早安")
        for button in self.words[3:6]:
            if (found := self.page.get_by_role("button", name=button, exact=True)).count():
                self.presses(found)

    def looks_at_the_line(self):
        self.page.goto(f"{self.service.page}/start")
        self.presses(self.step("line").locator('form[action^="/start/check"] button'))
        return self.page.locator(".observations li").count()

    def is_rung(self, telephone):
        form = self.step("call")
        if not form.locator("[role=status]").count():
            form.locator('[name="number"]').fill(OWN)
            self.presses(form.locator("form button"))
            self.page.goto(f"{self.service.page}/start")
        if form.locator("[role=status]").count():
            picked_up(telephone)
            expect(form.locator(".good-line")).to_contain_text("138 0013 8000")  # the page looks by itself


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1440), ("en", 390)])
def test_ten_minutes_from_an_empty_database_to_the_first_call(service, chromium, tmp_path, language, width):
    context = patient(chromium.new_context(viewport={"width": width, "height": 900}))
    chief = Administrator(context.new_page(), service, language, tmp_path)
    chief.enters()
    chief.carries_out("community", chief.names_the_community)
    expect(chief.step("community")).to_contain_text("槐东社区")
    chief.carries_out("office", chief.gives_the_office_a_telephone)
    expect(chief.step("office")).to_contain_text("0311 8600 0100")
    chief.carries_out("responders", chief.writes_down_a_helper)
    chief.carries_out("residents", chief.imports_the_list)
    chief.carries_out("campaign", chief.starts_a_campaign)
    wait_for(chief.looks_at_the_line, "the line to be looked at")
    expect(chief.page.locator('.observations [data-state="ok"]').first).to_be_visible()
    chief.page.goto(f"{service.page}/")
    chief.page.locator('.start-line a[href="/start"]').click()
    chief.is_at("call")
    assert (serious(chief.page), too_wide(chief.page)) == ([], False)
    telephone = context.new_page()
    telephone.goto(f"{service.settings.exchange_url}/telephones/{quote(OWN_E164, safe='')}")
    expect(telephone.locator("#dial")).to_be_enabled()
    chief.carries_out("call", lambda: chief.is_rung(telephone))
    chief.page.goto(f"{service.page}/start")
    expect(chief.page.locator("h1")).to_have_text(chief.words[6])
    expect(chief.page.locator(".headline .next")).to_have_text(chief.words[7])
    expect(chief.page.locator(".step[data-done]")).to_have_count(7)
    assert (serious(chief.page), too_wide(chief.page)) == ([], False)
    chief.page.goto(f"{service.page}/")
    expect(chief.page.locator(".start-line")).to_have_count(0)
    context.close()
    [placed] = [call for call in read_wire(service.exchange_log) if not call.inbound]
    assert placed.number == OWN_E164
