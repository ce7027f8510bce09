"""From an empty database to the first call: the administrator, every step of the way, and a telephone that rings."""

import re
from datetime import UTC, datetime, time
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from core.running.installation import Purpose
from tests.browser.axe import serious
from tests.browser.conftest import patient
from tests.browser.test_people import too_wide
from tests.browser.test_the_story import picked_up
from tests.journeys.neighbourhood import ZONE, settings_in
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
        """This step is the next one, and the page can be read by everybody."""
        self.page.goto(f"{self.service.page}/start")
        expect(self.step(name)).to_have_attribute("aria-current", "step")
        expect(self.page.locator("[data-next] .strong:visible")).to_have_count(1)
        assert (serious(self.page), too_wide(self.page)) == ([], False), name

    def names_the_community(self):
        form = self.step("community")
        form.locator('[name="name"]').fill("槐东社区")
        form.locator('[name="area_code"]').fill("0311")
        form.locator("form button").click()
        expect(form).to_have_attribute("data-done", "")
        expect(form).to_contain_text("我是槐东社区的早安电话")

    def gives_the_office_a_telephone(self):
        self.step("office").locator('[name="number"]').fill("86000100")
        self.step("office").locator("form button").click()
        expect(self.step("office")).to_have_attribute("data-done", "")
        expect(self.step("office")).to_contain_text("0311 8600 0100")

    def looks_at_the_line(self):
        self.step("line").locator('form[action^="/start/check"] button').click()
        expect(self.page.locator(".findings li").first).to_be_visible()
        expect(self.page.locator('.findings [data-state="wrong"]')).to_have_count(0)

    def writes_down_a_helper(self):
        self.step("responders").locator('a[href="/responders/new"]').click()
        self.page.locator('[name="name"]').fill("田保国")
        self.page.locator('[name="phone"]').fill("13900000021")
        self.page.get_by_role("button", name=self.words[2], exact=True).click()
        expect(self.page.locator("h1")).to_contain_text("田保国")

    def imports_the_list(self):
        file = self.folder / "名册.csv"
        file.write_text(LIST, encoding="utf-8")
        self.step("residents").locator('a[href="/residents/import"]').click()
        self.page.locator('input[type="file"]').set_input_files(file)
        self.page.get_by_role("button", name=self.words[0]).click()
        self.page.get_by_role("button", name=self.words[1]).click()

    def starts_a_campaign(self):
        self.step("campaign").locator('a[href="/campaigns/new"]').click()
        self.page.locator('[name="name"]').fill("每日早安")
        self.page.get_by_role("button", name=self.words[3]).click()
        self.page.get_by_role("button", name=self.words[4], exact=True).click()
        self.page.get_by_role("button", name=self.words[5], exact=True).click()
        expect(self.page.locator(".state").first).to_have_class(re.compile("active"))

    def is_rung(self, telephone):
        form = self.step("call")
        form.locator('[name="number"]').fill(OWN)
        form.locator("form button").click()
        expect(form).to_contain_text("138 0013 8000")
        picked_up(telephone)
        expect(self.step("call").locator(".good-line")).to_contain_text("138 0013 8000")  # the page looks by itself
        telephone.close()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1440), ("en", 390)])
def test_ten_minutes_from_an_empty_database_to_the_first_call(service, chromium, tmp_path, language, width):
    context = patient(chromium.new_context(viewport={"width": width, "height": 900}))
    chief = Administrator(context.new_page(), service, language, tmp_path)
    chief.enters()
    for step, does in {
        "community": chief.names_the_community,
        "office": chief.gives_the_office_a_telephone,
        "responders": chief.writes_down_a_helper,
        "residents": chief.imports_the_list,
        "campaign": chief.starts_a_campaign,
    }.items():
        chief.is_at(step)
        does()
    chief.looks_at_the_line()
    chief.page.goto(f"{service.page}/")
    chief.page.locator('.start-line a[href="/start"]').click()
    chief.is_at("call")
    telephone = context.new_page()
    telephone.goto(f"{service.settings.exchange_url}/telephones/{quote(OWN_E164, safe='')}")
    expect(telephone.locator("#dial")).to_be_enabled()
    chief.is_rung(telephone)
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
