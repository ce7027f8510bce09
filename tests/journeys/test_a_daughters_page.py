"""A daughter's morning by her page alone: nobody answers, she is told, opens her link, and says that all is well."""

import re

import requests
from sqlalchemy import select

from campaigns.family import invitations
from contacts.models import Relative
from core import actors
from core.storage.database import unit_of_work
from escalation.findings import Finding
from escalation.models import CaseState
from tests.journeys.test_texts import mobile, the_case
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.rehearsal.behaviours import Behaviour, answer, hang_up, no_answer


def linked(building, number):
    """The daughter is sent the link to her page, and has opened it; her browser, and where it is."""
    with unit_of_work() as session:
        [daughter] = session.scalars(select(Relative).where(Relative.number == number))
        invitations.send(session, actors.user("社区"), daughter.id)
    [path] = re.findall(r"/f/[a-z2-7]{24}", building.texts_to(number)[-1])
    browser, page = requests.Session(), f"{building.around.service.page}{path}"
    browser.headers["Accept"] = "text/html"
    assert "在这台设备上打开" in browser.get(page, timeout=PATIENCE_SECONDS).text
    browser.post(f"{page}/open", timeout=PATIENCE_SECONDS)
    return browser, page


def pressed(browser, page, form):
    """She presses a button on her page; what she sees then. A busy page asks again by itself."""
    keys = []

    def shown():
        keys[:] = set(re.findall(r'name="key" value="([^"]+)"', browser.get(page, timeout=PATIENCE_SECONDS).text))
        return keys

    wait_for(shown, "her page to be shown")
    return browser.post(f"{page}/{form}", data={"key": keys[0]}, timeout=PATIENCE_SECONDS).text


def test_nobody_answers_she_says_all_is_well_and_no_helper_is_rung_any_more(building):
    daughter = mobile(building)
    building.home(Behaviour([no_answer()]), "王奶奶", relative=daughter)
    head = building.responder(Behaviour([no_answer()]), "楼长")
    building.settle()
    browser, page = linked(building, daughter)
    building.begin(attempts=1)
    case = the_case(building)
    wait_for(lambda: page.rsplit("/", 1)[1] in building.texts_to(daughter)[-1], "the alarm with her link")
    assert "家里人已和王奶奶说过话" in pressed(browser, page, "spoke")
    [closed] = building.cases()
    assert (closed.id, closed.state, closed.finding) == (case.id, CaseState.CLOSED, Finding.FAMILY_SPOKE)
    wait_for(lambda: all(call.ended_at for call in building.calls_to(head)), "the helper's telephone to be silent")
    assert building.outcomes() == {"王奶奶": "no_answer"}


def test_between_two_attempts_her_word_is_enough_and_the_telephone_does_not_ring_again(building):
    daughter = mobile(building)
    telephone = building.home(Behaviour([answer(hang_up())]), "王奶奶", relative=daughter)
    building.settle()
    browser, page = linked(building, daughter)
    building.begin(attempts=3, retry_minutes=60)
    wait_for(lambda: [call for call in building.calls_to(telephone) if call.ended_at], "the first call to end")
    wait_for(lambda: building.check_ins()["王奶奶"].next_attempt_at, "the next attempt to be planned")
    assert "告诉我们，王奶奶一切都好" in pressed(browser, page, "spoke")
    building.until_over()
    check_in = building.check_ins()["王奶奶"]
    assert (check_in.outcome, check_in.reason, building.cases()) == ("excused", "family_spoke", [])
    assert len(building.calls_to(telephone)) == 1
