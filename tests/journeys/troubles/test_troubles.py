"""What is wrong while the service goes on is said on /readyz, on Today and by doctor, until it is over."""

import json
import shutil
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import requests

from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading
from ivr.provider import line_standing
from ivr.reconciliation import provider_memory
from tests import processes
from tests.journeys.neighbourhood import Building, Neighbourhood, lasting_exchange, settings_in
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import Forked, ForkedService, command
from zaoan.process import wiring
from zaoan.rehearsal.behaviours import Behaviour, answer, press
from zaoan.rehearsal.running import environment

SAID = {
    "provider_silent": ("电话服务商一直没有回答", "The telephone provider has not answered since"),
    "webhooks_silent": ("服务商没有告诉我们任何消息", "the telephone provider has told us nothing of them"),
    "database_old": ("比这个数据库里最新的还要晚", "after the newest of this database"),
}


def soon():
    """The service, to which everything lasts a second that usually lasts a minute."""
    line_standing.SILENT_AFTER = timedelta(seconds=1)
    line_standing.ASK_SECONDS = line_standing.ASK_SILENT_SECONDS = line_standing.WRITE_SECONDS = 1.0
    provider_memory.MARGIN = timedelta(0)
    processes.zaoan()


class QuickService(ForkedService):
    def _started(self, words, environment, said):
        return Forked(soon, words, environment, said)

    @property
    def page(self):
        return f"http://127.0.0.1:{self.settings.port}"


@contextmanager
def service_of(chosen, tmp_path):
    opened = wiring.open_house(chosen, None)
    try:
        with QuickService(chosen, Purpose.REHEARSAL, tmp_path) as service:
            with reading() as session:
                installation.follow_clock(session)
            yield service
    finally:
        opened.close()


def ready(service):
    return requests.get(f"{service.page}/readyz", timeout=PATIENCE_SECONDS)


def troubles(service):
    return ready(service).json().get("troubles", {})


def is_told_everywhere(service, name):
    assert ready(service).status_code == 200
    for language, said in zip(("zh-CN", "en"), SAID[name], strict=True):
        page = requests.get(service.page, headers={"Accept-Language": language}, timeout=PATIENCE_SECONDS).text
        assert said in page, language
    done = command("doctor", "--json", environment=environment(service.settings))
    told = [each for each in json.loads(done.stdout)["checks"] if each["check"] == "troubles"]
    assert [SAID[name][0] in each["said"] and each["mend"] != "" for each in told] == [True]


def well(name):
    return Behaviour([answer(press("1"))]), name


def test_a_provider_that_does_not_answer_is_told_of_until_it_does(tmp_path):
    chosen = settings_in(tmp_path)
    with ExitStack() as away:
        away.enter_context(lasting_exchange(chosen, tmp_path))
        with service_of(chosen, tmp_path) as service:
            assert troubles(service) == {}
            away.close()
            wait_for(lambda: "provider_silent" in troubles(service), "the silence to be noticed")
            is_told_everywhere(service, "provider_silent")
            with lasting_exchange(chosen, tmp_path):
                wait_for(lambda: troubles(service) == {}, "the end of the silence to be noticed")


def test_a_provider_that_calls_nobody_back_is_told_of(tmp_path):
    chosen = settings_in(tmp_path, public_url="http://127.0.0.1:1")
    with service_of(chosen, tmp_path) as service:
        building = Neighbourhood(service, tmp_path).building()
        building.home(*well("王奶奶"))
        building.begin()
        wait_for(lambda: "webhooks_silent" in troubles(service), "the silence to be noticed")
        is_told_everywhere(service, "webhooks_silent")


def test_a_database_that_is_older_than_the_telephones_memory_is_told_of(tmp_path):
    chosen = settings_in(tmp_path)
    with lasting_exchange(chosen, tmp_path):
        with service_of(chosen, tmp_path) as service:
            building = Neighbourhood(service, tmp_path).building()
            building.home(*well("王奶奶"))
            building.begin().until_over()
        backup = shutil.copy(tmp_path / "zaoan.db", tmp_path / "backup.db")
        with service_of(chosen, tmp_path) as service:
            assert troubles(service) == {}
            later = Building(Neighbourhood(service, tmp_path), 2)
            later.home(*well("李爷爷"))
            later.begin().until_over()
        for left in tmp_path.glob("zaoan.db*"):
            left.unlink()
        shutil.copy(backup, tmp_path / "zaoan.db")
        with service_of(chosen, tmp_path) as service:
            wait_for(lambda: "database_old" in troubles(service), "the older database to be noticed")
            is_told_everywhere(service, "database_old")
