"""Before a round, and in one without anybody, Today speaks of whom it would ring, and of no call that was not made."""

import re
from datetime import time, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from audio.clips.store import ClipStore
from campaigns.models import Campaign, Outcome
from campaigns.rounds import round_stops
from console.view.feed import happenings
from console.view.headline import Mood
from console.view.signs import Sign
from contacts.models import Consent, Phone
from core import actors
from core.i18n import Language, translate
from core.storage import database
from tests.console import street
from tests.console.today.test_today import page, sentence
from zaoan.web.app import web_app

EVERYBODY = tuple(called for *_, called in street.HOMES)
RUNG = re.compile(r"looked after|all are well|have answered|Have a good day|Everybody has been rung|being called"
                  r"|都平安|着落|已有回音|祝您一天顺利|都打完了|正在呼叫")  # fmt: skip
"""What may be said only where somebody was rung, or has rung us."""
AWAY = re.compile(r"\baway\b(?!\.)|不在家")


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client


def nothing_is_said_of_calls(browser):
    for language in Language:
        shown = browser.get(f"/?language={language}").text.partition("<main")[2]
        assert not RUNG.findall(re.sub(r"<[^>]+>", " ", shown))


def test_a_round_with_nobody_in_it_is_told_as_that(browser):
    street.start(street.campaign(flags=["newly_discharged"]))
    nothing_is_said_of_calls(browser)
    assert "这一轮没有要打电话的人" in browser.get("/?language=zh-CN").text
    assert (page().headline.mood, page().tally.enrolled, page().reached) == (Mood.CARE, 0, 0)
    with database.reading() as session:
        assert "A round started that has nobody to ring" in {each.text for each in happenings(session)}


def test_a_round_of_people_who_are_all_away_says_that_nobody_was_rung(browser):
    street.pause(*EVERYBODY)
    street.begin_round()
    nothing_is_said_of_calls(browser)
    assert sentence(Language.ENGLISH) == "24 residents, nobody has been rung, 24 need no call today"


def test_a_round_that_has_just_begun_has_rung_nobody_yet(browser):
    street.begin_round()
    nothing_is_said_of_calls(browser)
    assert sentence(Language.ENGLISH) == "24 residents, nobody has been rung yet, 24 still waiting"


def test_without_consent_nobody_is_promised_a_call(browser):
    street.withdraw(*EVERYBODY)
    street.campaign()
    nothing_is_said_of_calls(browser)
    assert sentence(Language.ENGLISH) == "The next round, at 08:00 tomorrow, has nobody to ring"
    assert page().headline.mood is Mood.CARE
    assert page().headline.next.say(Language.CHINESE) == "不打的有 24 位：不愿意接电话 24"


def test_a_round_that_staff_stop_has_left_people_out_and_does_not_say_that_they_are_away(browser):
    begun = street.begin_round()
    street.answer("王奶奶", Outcome.OK)
    with database.unit_of_work() as session:
        round_stops.stop_round(session, actors.user("社区"), begun)
    assert sentence(Language.ENGLISH) == "1 of 24 has answered, 23 left out when the round was stopped"
    assert not AWAY.findall(browser.get("/?language=zh-CN").text + browser.get("/?language=en").text)


def test_only_those_whom_the_next_rounds_will_ring_are_counted_and_nobody_twice(neighbourhood):
    street.at(street.EIGHT - timedelta(hours=1))
    street.flag("aged_80", "王奶奶", "李爷爷", "张奶奶", "赵爷爷")
    street.flag("aged_90", "张奶奶", "赵爷爷", "刘奶奶")
    street.pause("李爷爷")
    street.withdraw("赵爷爷")
    street.campaign("高龄", flags=["aged_80"])
    street.campaign("九十岁", flags=["aged_90"], at=time(9))
    assert sentence(Language.ENGLISH) == "Good morning, 3 residents will be rung from 08:00"
    assert page().headline.mood is Mood.BEFORE


def test_the_round_of_tomorrow_is_promised_for_tomorrow(neighbourhood):
    street.at(street.EIGHT + timedelta(hours=6))
    street.campaign()
    assert sentence() == "您好，明天 08:00 开始给 24 位居民打电话"


def test_a_pause_that_ends_before_the_next_round_does_not_count(neighbourhood):
    street.at(street.EIGHT + timedelta(hours=6))
    street.pause("王奶奶", days=0)
    street.pause("李爷爷", days=1)
    street.campaign()
    assert "23" in sentence()


def test_a_paused_campaign_promises_no_call_and_says_how_to_go_on(browser):
    paused = street.campaign()
    with database.unit_of_work() as session:
        round_stops.pause_campaign(session, actors.system(), session.get_one(Campaign, paused))
    nothing_is_said_of_calls(browser)
    assert "zaoan campaign resume 早安问候" in page().headline.next.say(Language.CHINESE)


def test_who_has_no_call_because_staff_said_so_is_not_said_to_be_away(browser):
    street.pause("王奶奶")
    street.begin_round()
    shown = browser.get("/?language=en").text
    assert not AWAY.findall(re.sub(r"<[^>]+>", " ", shown))
    assert translate(Language.ENGLISH, "sign:excused") in shown


def test_the_outcome_of_a_check_in_takes_the_place_of_the_attempts_before_it(neighbourhood):
    street.begin_round()
    street.tried("王奶奶", Outcome.NO_ANSWER)
    with database.reading() as session:
        assert "contact:no_answer" in {each.text for each in happenings(session)}
    street.answer("王奶奶", Outcome.NO_ANSWER)
    with database.reading() as session:
        told = {each.text for each in happenings(session)}
    assert "said:no_answer" in told
    assert "contact:no_answer" not in told, "it promised that she is rung again"


def test_before_a_round_whoever_will_not_be_rung_is_told_why_in_window_and_legend(browser):
    street.flag("lives_alone", *EVERYBODY[:-1])
    street.withdraw("王奶奶")
    street.pause("张奶奶")
    with database.unit_of_work() as session:
        session.execute(delete(Consent).where(Consent.resident_id == street.person(session, "李爷爷").id))
        session.execute(delete(Phone).where(Phone.resident_id == street.person(session, "赵爷爷").id))
    street.campaign(flags=["lives_alone"])
    why = {line.called: (line.sign, line.reason) for line in page().check_ins if line.reason}
    assert why == {
        "王奶奶": (Sign.NOT_AGREED, "withdrawn"), "李爷爷": (Sign.NOT_AGREED, "no_consent"),
        "赵爷爷": (Sign.NO_NUMBER, "no_number"), "张奶奶": (Sign.EXCUSED, "paused"),
        EVERYBODY[-1]: (Sign.NO_CAMPAIGN, "in_no_campaign"),
    }  # fmt: skip
    assert dict(page().legend)[Sign.RESTING] == len(EVERYBODY) - len(why)
    for language in Language:
        shown = browser.get(f"/?language={language}").text
        for sign, _ in why.values():
            assert f'#g-{sign}"/></svg> {translate(language, f"sign:{sign}")} <b>' in shown, "in the legend"
        for called, (_, reason) in why.items():
            assert re.search(rf'aria-label="[^"]*{called}[^"]*{translate(language, f"unasked:{reason}")}', shown)
