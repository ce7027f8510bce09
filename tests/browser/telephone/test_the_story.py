"""The whole product in two minutes: pick up, press 3, see the case, pick up the helper's telephone, press 1."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

from core.running.installation import Purpose
from tests.browser.conftest import ONLY_THE_STREAM, patient
from tests.journeys.neighbourhood import neighbourhood
from tests.patience import wait_for
from zaoan.demo.browser_visitor import Trial
from zaoan.rehearsal.behaviours import Behaviour, answer, no_answer, press

OUR_SOUND = re.compile("/telephony/audio/")
PATIENT = Behaviour([answer(press("1"), after=40.0)])


def opened(context, around, number):
    page = context.new_page()
    page.goto(f"{around.service.settings.exchange_url}/telephones/{quote(number, safe='')}?language=zh-CN")
    expect(page.locator("#dial")).to_be_enabled()
    return page


def picked_up(page):
    """The telephone is picked up as soon as it rings; a new greeting may have to be spoken before."""
    expect(page.locator("#answer")).to_be_visible()
    page.locator("#answer").click()
    expect(page.locator("body")).to_have_attribute("data-asked", "true")
    return page


def test_a_newcomer_presses_3_and_a_helper_accepts(tmp_path, chromium):
    with neighbourhood(tmp_path, purpose=Purpose.DEMO) as around:
        building = around.building()
        resident = building.home(Behaviour([no_answer()]), "王奶奶")
        helper = building.responder(PATIENT, "田保国")
        building.settle()
        trial = Trial(around.service.settings.exchange_url, begin=lambda: None)
        context = patient(chromium.new_context(viewport={"width": 1440, "height": 900}))
        context.add_init_script(ONLY_THE_STREAM)
        today = context.new_page()
        today.goto(f"{around.service.page}/?language=zh-CN")
        expect(today.locator("#welcome")).to_be_visible()
        telephone = opened(context, around, resident)
        trial.look()
        picked_up(telephone)
        expect(telephone.locator("#sound")).to_have_attribute("src", OUR_SOUND)
        telephone.keyboard.press("3")
        expect(today.locator(".case")).to_contain_text("王奶奶")
        helpers = picked_up(opened(context, around, helper))
        helpers.keyboard.press("1")
        expect(today.locator(".case .taken")).to_contain_text("田保国")
        context.close()
        wait_for(lambda: not trial.held(), "the telephones to be put down")
