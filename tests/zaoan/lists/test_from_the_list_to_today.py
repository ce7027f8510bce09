"""The user's whole way: a spreadsheet, the README's commands, a round, a call, and what Today then says."""

import re

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from campaigns.rounds import attempts
from core.i18n import Language
from core.settings import Settings
from core.storage import database
from tests import signed_in
from tests.console.today.test_who_is_rung import RUNG
from tests.switchboard import House
from zaoan.web.app import web_app

WANG = ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "签字"]
LI = ["李长海", "0311-86000102", "3号楼", "302", "空巢老人", "签字"]
REFUSES = ["赵德明", "0311-86000103", "3号楼", "303", "独居", "不同意"]
HOMES = ("+8631186000101", "+8631186000102", "+8631186000103")


@pytest.fixture
def today(office, tmp_path):
    """Today's page as text, in the language asked for; the service of the office's installation is running."""
    running = []

    def shown(language):
        if not running:
            running.append(House(Settings()))
        with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
            signed_in.enter(client)
            page = client.get(f"/?language={language}").text.partition("<main")[2]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    shown.service = lambda: running[0]
    yield shown
    for each in running:
        each.close()


def test_where_nobody_lives_alone_the_round_is_refused_and_once_allowed_says_that_it_rang_nobody(office, today):
    office.imports(LI, REFUSES)
    assert "没有一个人可以打" in office.zaoan("campaign", "create", "独居早安", "--flags", "独居", code=1)
    office.zaoan("campaign", "create", "独居早安", "--flags", "独居", "--allow-empty")
    office.zaoan("campaign", "start", "独居早安", "--allow-empty")
    assert office.rung() == set()
    for language in Language:
        assert not RUNG.findall(today(language))
    assert "这一轮没有要打电话的人" in today(Language.CHINESE)
    assert "This round has nobody to ring" in today(Language.ENGLISH)


def test_whoever_is_in_the_campaign_and_has_agreed_is_rung_and_today_says_who_is_well(office, today):
    office.imports(WANG, LI, REFUSES)
    office.zaoan("campaign", "create", "每日早安", "--flags", "独居，空巢")
    office.zaoan("campaign", "start", "每日早安")
    assert office.rung() == {"王桂兰", "李长海"}
    assert not RUNG.findall(today(Language.ENGLISH).replace("being called", ""))
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    service = today.service()
    assert [bool(service.waiting_for(each)) for each in HOMES] == [True, True, False]
    service.pick_up(HOMES[0]).press("1").hang_up()
    service.pick_up(HOMES[1]).press("1").hang_up()
    assert "2 residents, all are well" in today(Language.ENGLISH)
