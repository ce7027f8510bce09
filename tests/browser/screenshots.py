"""Pictures of every page in a running morning, to be looked at: ``python -m tests.browser.screenshots FOLDER``.

Each is taken in both languages, on a desk and on a telephone, by day and by night. Those of the README go to ``docs/``,
those of the office's guide to ``docs/guide/``.
"""

import sys
from itertools import product
from pathlib import Path
from time import sleep
from urllib.parse import quote

from playwright.sync_api import expect

from console.sign_in import cookies
from core import clock
from core.running.installation import Purpose
from tests.browser import duty, families
from tests.browser.chromium import browser
from tests.browser.staff import staff
from zaoan.demo.demo import DEMO_DATA, demo_town, welcome_newcomers
from zaoan.rehearsal.morning import close_in_time, morning
from zaoan.rehearsal.rehearse import LINE

SPEED = 60.0
MIDDLE_MINUTES = 12
LANGUAGES = ("zh-CN", "en")
SIZES = {"desk": (1440, 900), "telephone": (390, 844)}
SCHEMES = ("light", "dark")
DOCS = Path(__file__).parents[2] / "docs"
IN_THE_GUIDE = ("start", "today-middle", "case", "file", "campaign", "roster")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    files = DEMO_DATA / "residents.csv", DEMO_DATA / "responders.csv"
    with morning(demo_town(), files, LINE, Purpose.DEMO, SPEED) as under_way, browser() as chromium:
        photographer = Photographer(chromium, under_way.service, folder)
        middle = clock.now().replace(second=0)
        until(lambda: minutes_since(middle) >= MIDDLE_MINUTES)
        under_way.service.run_at(1)
        photographer.the_morning()
        under_way.service.run_at(SPEED)
        until(under_way.is_over)
        trial = welcome_newcomers(under_way)
        photographer.today("over")
        photographer.the_report()
        photographer.the_months()
        photographer.the_people()
        photographer.the_family(families.any_link())
        for language, home in zip(LANGUAGES, under_way.town.homes[::2], strict=False):
            photographer.the_story(language, home.numbers[0], trial)
            photographer.the_cases(language)
        photographer.the_staff(staff())
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def minutes_since(instant):
    close_in_time()  # which also sets this process's clock by the service's
    return (clock.now() - instant).total_seconds() / 60


def until(happened):
    while not happened():
        close_in_time()
        sleep(0.2)


class Photographer:
    """Opens pages of the service and of its exchange, and takes their pictures."""

    def __init__(self, chromium, service, folder):
        self._context = chromium.new_context(timezone_id="Asia/Shanghai")
        self._context.set_default_timeout(30_000)
        self._home, self._exchange = service.page, service.settings.exchange_url
        self._folder = folder

    def the_morning(self):
        self.today("welcome")
        page = self._open(f"{self._home}/")
        page.evaluate("localStorage.setItem('welcome-closed', 'yes')")
        page.close()
        self.today("middle")
        self._for_the_readme(f"{self._home}/?language=zh-CN", "today.png")
        for language in LANGUAGES:
            page = self._open(f"{self._home}/?language={language}")
            page.locator(".window.unwell").first.click()
            self._take(page, f"card-{language}", full_page=False)
            page.close()
            page = self._open(f"{self._exchange}/?language={language}")
            page.locator(".card").first.wait_for()
            self._take(page, f"switchboard-{language}")
            page.close()

    def today(self, when):
        for language in LANGUAGES:
            page = self._open(f"{self._home}/?language={language}")
            self._for_the_guide(page, f"today-{when}-{language}")
            self._take(page, f"today-{when}-{language}")
            page.close()

    def the_report(self):
        """Of the round that is over, from where Today leads to it."""
        for language in LANGUAGES:
            page = self._open(f"{self._home}/?language={language}")
            page.locator('a[href^="/rounds/"]').first.click()
            page.locator("h1").first.wait_for()
            self._take(page, f"report-{language}")
            page.close()

    def _the_chosen(self, language):
        """The first residents of the list, ticked, and before a flag is set that some of them have."""
        page = self._open(f"{self._home}/residents?language={language}")
        for at in range(5):
            page.locator('input[name="who"]').nth(at).check()
        page.locator(".with-chosen button").first.click()
        page.locator("details.sure > summary").first.click()
        self._take(page, f"chosen-{language}")
        page.locator('details[open] select[name="flag"]').select_option("lives_alone")
        page.locator("details[open] button").click()
        page.locator("form.deeds-line").wait_for()
        self._take(page, f"chosen-confirm-{language}")
        page.close()

    def the_months(self):
        """This month, and the list of months."""
        for language in LANGUAGES:
            self._shown("reports", language)
            page = self._open(f"{self._home}/reports?language={language}")
            page.locator('a[href^="/reports/2"]').first.click()
            page.locator("#by-day canvas").wait_for()
            self._take(page, f"month-{language}")
            page.close()

    def the_people(self):
        """The list of residents, the file of the first one and their home, and the responders."""
        home = self._home
        for language in LANGUAGES:
            for name in ("residents", "residents/new", "residents/duplicates", "residents/import", "responders",
                         "responders/new"):  # fmt: skip
                self._shown(name, language)
            self._the_chosen(language)
            page = self._open(f"{home}/residents?language={language}")
            page.locator(".person a").first.click()
            page.locator("h1").first.wait_for()
            self._for_the_guide(page, f"file-{language}")
            self._take(page, f"file-{language}")
            page.locator('#door a[href^="/households/"]').click()
            page.locator("h1").first.wait_for()
            self._take(page, f"household-{language}")
            page.goto(f"{home}/responders")
            page.locator(".responder-cards a").first.click()
            self._take(page, f"responder-{language}")
            page.close()

    def the_family(self, path):
        """A relative's page, before it is opened in this browser and after."""
        for opened in (False, True):
            for language in LANGUAGES:
                page = self._open(f"{self._home}{path}?language={language}")
                page.locator("h1").first.wait_for()
                self._take(page, f"family{'' if opened else '-closed'}-{language}")
                page.close()
            if not opened:
                page = self._open(f"{self._home}{path}")
                page.locator("main button").click()
                page.locator("#answers").wait_for()
                page.close()

    def the_story(self, language, resident, trial):
        """Somebody picks up, presses 3; a helper's telephone rings; the helper accepts."""
        telephone = self._telephone(language, resident)
        self._take(telephone, f"telephone-idle-{language}")
        trial.look()
        self._pick_up(telephone, f"telephone-ringing-{language}")
        self._take(telephone, f"telephone-asked-{language}")
        if language == LANGUAGES[0]:
            self._picture(telephone, "telephone.png")
        telephone.keyboard.press("3")
        today = self._open(f"{self._home}/?language={language}")
        rung = today.locator(".case .rung a.telephone").first
        self._take(today, f"today-alert-{language}")
        helper = self._open(f"{rung.get_attribute('href')}?language={language}")
        self._pick_up(helper, f"helper-ringing-{language}")
        helper.keyboard.press("1")
        expect(today.locator(".case .taken").first).to_be_visible()
        self._take(today, f"today-accepted-{language}")
        self._take(helper, f"helper-accepted-{language}")
        for page in (telephone, helper, today):
            page.close()

    def the_cases(self, language):
        """The queue, and the case that stands first in it, with all that can be done about it."""
        page = self._open(f"{self._home}/cases?language={language}")
        self._take(page, f"cases-{language}")
        page.locator(".queue a").first.click()
        page.locator("h1").first.wait_for()
        self._for_the_guide(page, f"case-{language}")
        page.locator("details.more > summary").first.click()
        self._take(page, f"case-{language}")
        page.close()

    def the_staff(self, secret):
        """The sign-in; and as who has this session: their account, the users, the audit log, campaigns, the roster."""
        for language in LANGUAGES:
            self._shown("sign-in", language)
        self._context.add_cookies([{"name": cookies.NAME, "value": secret, "url": self._home}])
        for name, language in product(
            (
                "account",
                "users",
                "audit",
                "start",
                "settings",
                "settings/policies",
                "settings/policies/unwell",
                "campaigns",
                "campaigns/new",
                "rounds",
            ),
            LANGUAGES,
        ):
            self._shown(name, language)
        monday = duty.plan()
        for language in LANGUAGES:
            self.the_keyboard(language)
            self._shown("roster", language, more=f"&week={monday}&whom=3号楼")
            self.the_campaign(language)

    def the_keyboard(self, language):
        """The keys, and the palette with what needs a person first."""
        for key, name in (("?", "keys"), ("Control+k", "palette")):
            page = self._open(f"{self._home}/campaigns?language={language}")
            page.keyboard.press(key)
            page.wait_for_timeout(500)
            self._take(page, f"{name}-{language}", full_page=False)
            page.close()

    def the_campaign(self, language):
        """The first of the list: its page, its form, and whom it rings."""
        page = self._open(f"{self._home}/campaigns?language={language}")
        one = page.locator(".campaign h2 a").first.get_attribute("href").strip("/")
        page.close()
        for name, view in (("", "campaign"), ("/edit", "campaign-edit"), ("/people", "campaign-people")):
            self._shown(f"{one}{name}", language, view)

    def _shown(self, name, language, view="", more=""):
        page = self._open(f"{self._home}/{name}?language={language}{more}")
        shown = f"{view or name.replace('/', '-')}-{language}"
        self._for_the_guide(page, shown)
        for summary in page.locator("details.sure > summary").all():
            if summary.is_visible():
                summary.click()
        self._take(page, shown)
        page.close()

    def _pick_up(self, page, ringing):
        expect(page.locator("#answer")).to_be_visible()
        self._take(page, ringing)
        page.locator("#answer").click()
        expect(page.locator("body")).to_have_attribute("data-asked", "true")

    def _telephone(self, language, number):
        page = self._open(f"{self._exchange}/telephones/{quote(number, safe='')}?language={language}")
        expect(page.locator("#dial")).to_be_enabled()
        return page

    def _open(self, url):
        page = self._context.new_page()
        page.goto(url)
        return page

    def _for_the_readme(self, url, name):
        page = self._open(url)
        self._picture(page, name)
        page.close()

    def _picture(self, page, name):
        page.set_viewport_size({"width": 1280, "height": 880})
        page.emulate_media(color_scheme="light")
        page.screenshot(path=DOCS / name)

    def _for_the_guide(self, page, name):
        """As whoever opens the page sees it first."""
        if name.removesuffix("-en").removesuffix("-zh-CN") in IN_THE_GUIDE:
            page.set_viewport_size({"width": 1280, "height": 880})
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            page.wait_for_timeout(150)
            page.screenshot(path=DOCS / "guide" / f"{name}.jpg", type="jpeg", quality=80)

    def _take(self, page, name, *, full_page=True):
        for (size, (width, height)), scheme in product(SIZES.items(), SCHEMES):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(150)  # what slides or fades comes to rest
            page.screenshot(path=self._folder / f"{name}-{size}-{scheme}.png", full_page=full_page)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
