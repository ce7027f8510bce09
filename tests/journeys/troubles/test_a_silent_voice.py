"""Our voice's process hangs and never answers: everybody is rung all the same, and whoever looks is told so."""

import json
import sys

import pytest
import requests

from audio import mouths
from audio.child import Child
from core.running.installation import Purpose
from ivr.dispatch import voicing
from tests import processes
from tests.journeys import neighbourhood as around
from tests.journeys.neighbourhood import neighbourhood
from tests.patience import PATIENCE_SECONDS
from tests.processes import Forked, ForkedService, command
from zaoan.rehearsal.behaviours import Behaviour, answer, press
from zaoan.rehearsal.running import environment
from zaoan.rehearsal.wire import read_from

HANGS = [sys.executable, "-c", "import time; time.sleep(1e6)"]
WAITS_SECONDS = 2.0
"""Less than the time after which a process that stands still is given up."""


def with_a_hanging_voice():
    mouths.Child = lambda _: Child(HANGS)
    voicing.VOICE_WITHIN_SECONDS = WAITS_SECONDS
    processes.zaoan()


class HoarseService(ForkedService):
    def _started(self, words, environment, said):
        return Forked(with_a_hanging_voice, words, environment, said)


@pytest.fixture(scope="module")
def building(tmp_path_factory):
    directory = tmp_path_factory.mktemp("hoarse")
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(around, "share_clips", lambda _: None)
        patching.setattr(around, "ForkedService", HoarseService)
        with neighbourhood(directory, Purpose.REHEARSAL) as here:
            here.come_back()
            building = here.building()
            for name in ("王奶奶", "李爷爷", "张奶奶"):
                building.home(Behaviour([answer(press("1", after=1.0))]), name)
            yield building.begin().until_over()


def test_everybody_is_rung_and_hears_the_providers_voice(building):
    assert set(building.outcomes().values()) == {"ok"}
    log, _ = read_from(building.around.service.exchange_log, 0)
    assert [entry for entry in log if entry["event"] == "say"]
    assert [entry["url"] for entry in log if entry["event"] == "play"] == []


def test_it_is_said_once_in_the_log_and_on_readyz_and_on_today(building):
    assert building.around.service.said().count("our own voice is silent") == 1
    ready = requests.get(f"{building.around.service.page}/readyz", timeout=PATIENCE_SECONDS)
    assert (ready.status_code, list(ready.json()["troubles"])) == (200, ["voice"])
    assert "2 s" in ready.json()["troubles"]["voice"]["said"]
    said = {
        language: requests.get(building.around.service.page, headers={"Accept-Language": language}).text
        for language in ("zh-CN", "en")
    }
    assert "我们自己的语音一直发不出声" in said["zh-CN"]
    assert "Our own voice has been silent since" in said["en"]


def test_doctor_says_it_and_how_to_mend_it(building):
    done = command("doctor", "--json", environment=environment(building.around.service.settings))
    told = [each for each in json.loads(done.stdout)["checks"] if each["check"] == "troubles"]
    assert [each["state"] for each in told] == ["warning"]
    assert "服务商的语音代替" in told[0]["said"]
    assert "重新启动服务" in told[0]["mend"]
