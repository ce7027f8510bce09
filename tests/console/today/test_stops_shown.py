"""What staff have stopped is said on the page as that: nobody is called away who was only not asked."""

import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from campaigns.people import resident_status
from campaigns.rounds import round_stops
from contacts.models import Removal
from core import actors
from core.storage import database
from tests.console import street
from zaoan.web.app import web_app

STAFF = actors.user("王芳")


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


def page(browser, language):
    return browser.get(f"/?language={language}").text


def test_a_stopped_round_is_shown_with_its_reason(browser):
    round_id = street.begin_round()
    with database.unit_of_work() as session:
        stopped = round_stops.stop_round(session, STAFF, round_id)
    chinese, english = page(browser, "zh-CN"), page(browser, "en")
    assert chinese.count("没有问到：本轮已停止") == len(stopped.excused) == len(street.HOMES)
    assert "工作人员停止了这一轮" in chinese
    assert "今天不在家" not in chinese
    assert english.count("not asked: the round was stopped") == len(street.HOMES)
    assert "The round was stopped" in english


@pytest.mark.parametrize(("because", "words"), [(Removal.MOVED_AWAY, "已搬走"), (Removal.DECEASED, "已去世")])
def test_whoever_was_removed_during_the_round_is_shown_as_that(browser, because, words):
    street.begin_round()
    with database.unit_of_work() as session:
        who = street.person(session, "刘奶奶").id
        resident_status.remove(session, STAFF, who, because)
    shown = page(browser, "zh-CN")
    assert f"刘奶奶{words}，不再打电话" in shown
    assert shown.count(f"{words}</span>") == 1


def test_whoever_was_removed_before_the_round_is_not_on_the_page_at_all(browser):
    with database.unit_of_work() as session:
        who = street.person(session, "刘奶奶").id
        resident_status.remove(session, STAFF, who, Removal.MOVED_AWAY)
    assert f'id="home-{who}"' not in page(browser, "zh-CN")
    street.begin_round()
    assert f'id="home-{who}"' not in page(browser, "zh-CN")


def test_a_pause_and_its_end_are_said_as_they_happen(browser):
    with database.unit_of_work() as session:
        who = street.person(session, "刘奶奶").id
        resident_status.pause(session, STAFF, who, street.EIGHT.date(), None, "住院")
    assert "暂停给刘奶奶打电话" in page(browser, "zh-CN")
    with database.unit_of_work() as session:
        resident_status.resume(session, STAFF, who)
    assert "恢复给刘奶奶打电话" in page(browser, "zh-CN")
