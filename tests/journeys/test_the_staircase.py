"""Key 3, a text, a tap, and nobody else's telephone rings: told over real HTTP between the service and the exchange."""

import re

import pytest
import requests

from escalation.findings import Finding
from escalation.models import CaseState
from tests.journeys.neighbourhood import SPEED
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.rehearsal.behaviours import Behaviour, answer, no_answer, press

UNWELL = Behaviour([answer(press("3"), after=3.0)])
RINGS_ON = Behaviour([no_answer()] * 4)
UNHURRIED = 3
"""So slowly that a telephone rings for as long as a busy machine takes to open a page."""
BUTTON = re.compile(r'<form class="deed"[^>]* method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)


@pytest.fixture
def unhurried(building):
    building.around.service.run_at(UNHURRIED)
    yield building
    building.around.service.run_at(SPEED)


class Telephone:
    """The browser of a responder's telephone, which runs no script."""

    def __init__(self, building, number):
        self._browser = requests.Session()
        self._browser.headers["Accept"] = "text/html"
        [text] = building.texts_to(number)
        self._address = re.search(r"http\S+", text)[0]
        self._home = building.around.service.settings.public_url

    def shows(self):
        """The page; a busy machine asks for a moment's patience first."""
        said = []

        def is_there():
            said.append(self._browser.get(self._address, timeout=PATIENCE_SECONDS))
            return said[-1].status_code != 503

        wait_for(is_there, "the page")
        return said[-1].text

    def press(self, deed, **chosen):
        for action, inside in BUTTON.findall(self.shows()):
            hidden = dict(re.findall(r'name="(once|state)" value="([^"]*)"', inside))
            if action.endswith(f"/{deed}") and chosen.get("state") in (None, hidden.get("state")):
                self._browser.post(self._home + action, hidden | chosen, timeout=PATIENCE_SECONDS)
                return self.shows()
        raise AssertionError(f"there is no button that does {deed}")


def is_over(building, number):
    return building.calls_to(number) and all(call.ended_at for call in building.calls_to(number))


def test_whoever_opens_the_link_first_goes_and_the_others_telephone_stops(unhurried):
    building = unhurried
    building.home(UNWELL, "王奶奶")
    first, second = building.responder(RINGS_ON, "楼长"), building.responder(RINGS_ON, "志愿者", role="志愿者")
    building.begin()
    goes, late = Telephone(building, first), Telephone(building, second)
    wait_for(lambda: building.calls_to(first) and building.calls_to(second), "both telephones to ring")
    before = goes.shows()
    assert f"{building.number}号楼" in before
    assert "王奶奶" not in before
    [case] = building.cases()
    assert case.state == CaseState.OPEN, "to look changes nothing"
    assert "王奶奶" in goes.press("accept")
    wait_for(lambda: is_over(building, first) and is_over(building, second), "both telephones to stop")
    assert {call.answered_at for number in (first, second) for call in building.calls_to(number)} == {None}
    assert re.search(r"楼长\S* 在 \d\d:\d\d 已经接下了", late.shows())
    goes.press("move", state="on_the_way")
    goes.press("move", state="on_site")
    assert "已经办完了" in goes.press("close", finding="helped", note="陪她去了卫生站")
    [case] = building.cases()
    assert (case.state, case.finding, case.note) == (CaseState.CLOSED, Finding.HELPED, "陪她去了卫生站")
    assert "王奶奶" not in goes.shows() + late.shows()
    assert len(building.texts_to(first)) == len(building.texts_to(second)) == 1
