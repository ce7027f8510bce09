"""The pages on which calls are listened to and prompts are recorded, as a browser without JavaScript uses them."""

import re

import numpy as np
import pytest
from fastapi.testclient import TestClient

from audio.clips.store import ClipStore
from campaigns.changes import new_campaigns
from campaigns.models import CampaignKind
from contacts.models import Resident
from core import actors
from core.i18n import Language
from core.storage import database
from ivr.dialogue.catalogue import catalogue
from ivr.provider.station import station
from ivr.queries import own_recordings
from tests.audio.recordings import murmur, press, upload
from zaoan.web.app import web_app

HOST = "http://127.0.0.1:8000"


@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url=HOST) as client:
        yield client
    station().speaker._voice.close()


def sounds_of(page):
    return re.findall(r'<audio controls preload="none" src="([^"]+)"', page)


@pytest.mark.usefixtures("our_voice")
def test_a_whole_call_is_told_and_every_word_of_it_can_be_heard(browser):
    page = browser.get("/listen?call=check_in&spoken=zh-CN&done=3&language=zh-CN").text
    assert "王奶奶，您好。" in page
    assert "身体不舒服：打给帮助者" in page
    assert "电话结束了" in page
    sounds = sounds_of(page)
    assert len(sounds) == 5
    for address in sounds:
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")


@pytest.mark.usefixtures("our_voice")
def test_both_voices_can_be_heard_and_who_says_what_is_told(browser):
    heard = {}
    for voice in ("", "female", "male"):
        page = browser.get(f"/listen?call=check_in&spoken=zh-CN&voice={voice}&language=en").text
        heard[voice] = sounds_of(page)
        assert "check_in.greeting</code> · simpler voice (pyttsx3)" in page
    assert len({sounds[0] for sounds in heard.values()}) == 3, "the greeting is another sound in each voice"


def test_the_voice_that_is_heard_can_be_chosen_for_a_resident(browser):
    with database.reading() as session:
        who = next(each for each in session.query(Resident) if each.called == "刘奶奶")
    asked = {"call": "check_in", "resident": who.name, "voice": "male", "language": "zh-CN"}
    page = browser.get("/listen", params=asked).text
    assert f"以后就用这个声音给{who.name}打电话" in page
    chosen = browser.post("/listen/voice", data=asked, headers={"Origin": HOST})
    assert chosen.status_code == 200
    with database.reading() as session:
        assert session.get_one(Resident, who.id).timbre == "male"
    assert "以后就用这个声音" not in browser.get("/listen", params=asked).text
    nobody = browser.post("/listen/voice", data=asked | {"resident": "没有这个人"}, headers={"Origin": HOST})
    assert "没有这个人" in nobody.text


def test_the_keys_lead_on_and_a_step_leads_back(browser):
    page = browser.get("/listen?call=check_in&language=en").text
    [address] = re.findall(r'href="([^"]+)" aria-label="Press 2"', page)
    assert "done=2" in address
    after = browser.get(address.replace("&amp;", "&")).text
    assert "check_in.which" in after
    [back] = re.findall(r'href="([^"]+)">One step back', after)
    assert "check_in.which" not in browser.get(back.replace("&amp;", "&")).text


def test_a_residents_own_call_is_heard_with_their_name(browser):
    with database.reading() as session:
        name = next(each.name for each in session.query(Resident) if each.called == "刘奶奶")
    assert "刘奶奶，您好。" in browser.get(f"/listen?call=check_in&resident={name}").text


def test_a_name_that_nobody_has_is_said_and_the_example_is_shown(browser):
    page = browser.get("/listen?resident=无此人&language=zh-CN").text
    assert "无此人" in page
    assert "王奶奶，您好。" in page


def test_a_notice_is_heard_as_it_was_written(browser):
    with database.unit_of_work() as session:
        notice = new_campaigns.create_campaign(session, actors.system(), "停水", flags=None, kind=CampaignKind.NOTICE,
                                          at=None, message="明天早上停水。")  # fmt: skip
        address = f"/listen?call=campaign:{notice.id}&language=zh-CN"
    page = browser.get(address).text
    assert "明天早上停水。" in page
    assert "停水</option>" in page


def test_a_sentence_is_recorded_heard_by_everybody_and_removed_again(browser):
    fields = {"key": "check_in.goodbye", "words": catalogue(Language.CHINESE)["check_in.goodbye"], "note": "小梅"}
    fields["words"] = fields["words"].strip("。")
    sound = {"sound": ("voice.wav", upload(murmur(2.0), "wav"), "audio/wav")}
    [place] = re.findall(r'id="(check_in\.goodbye-\w+)"', browser.get("/recordings?spoken=zh-CN").text)
    fields["place"] = place
    answer = browser.post("/recordings?spoken=zh-CN", data=fields, files=sound)
    assert answer.status_code == 200
    assert answer.history[0].headers["location"].endswith(f"#{place}")
    assert "小梅" in answer.text
    [address] = {each for each in sounds_of(answer.text) if each.startswith("/recordings/")}
    assert browser.get(address).headers["content-type"] == "audio/wav"
    heard = browser.get("/listen?call=check_in&spoken=zh-CN&done=1").text
    with database.reading() as session:
        [kept] = own_recordings.recorded_prompts(session)
    assert [each for each in sounds_of(heard) if each.startswith(f"/telephony/audio/{kept.digest}-")]
    removed = browser.post(f"/recordings/{kept.id}/remove?spoken=zh-CN", data={"place": place})
    assert removed.history[0].headers["location"].endswith(f"#{place}")
    assert not [each for each in sounds_of(removed.text) if each.startswith("/recordings/")]


@pytest.mark.parametrize(
    ("recorded", "why"),
    [
        (lambda: b"no sound", "请用 wav、mp3、m4a、wma、ogg 或 webm 格式。"),
        (
            lambda: upload(np.concatenate((murmur(), press(), murmur()))),
            "秒听起来像电话的 5 键，通话时会被当成按了键。",
        ),
    ],
    ids=["no sound", "a telephone key"],
)
def test_a_file_that_cannot_be_played_to_anybody_is_refused_in_words_and_nothing_is_kept(browser, recorded, why):
    fields = {"key": "check_in.goodbye", "words": catalogue(Language.CHINESE)["check_in.goodbye"].strip("。")}
    answer = browser.post(
        "/recordings?language=zh-CN", data=fields, files={"sound": ("x.wav", recorded(), "audio/wav")}
    )
    assert answer.status_code == 422 or answer.status_code == 400
    assert why in answer.text
    with database.reading() as session:
        assert own_recordings.recorded_prompts(session) == []


def test_nothing_is_recorded_for_another_site(browser):
    answer = browser.post("/recordings", data={"key": "a", "words": "b"}, files={"sound": ("x.wav", b"", "audio/wav")},
                          headers={"Origin": "https://elsewhere.example.org"})  # fmt: skip
    assert answer.status_code == 403
