"""When our database is slow or gone, whoever listens hears something kind, and the key that was pressed is not lost."""

import asyncio
import json
import sqlite3
import threading
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy.exc import IntegrityError

from core.storage import database
from core.storage.database import Database, TooSlowError
from escalation.models import Case
from ivr.prompts import offline_prompts
from ivr.webhooks import degraded, spooled_answers
from tests.ivr.house import RESPONDER, verbs
from tests.patience import PATIENCE_SECONDS, wait_for

PROVIDER_WAITS_SECONDS = 15
WE_ANSWER_WITHIN_SECONDS = degraded.ANSWER_WITHIN_SECONDS
"""As the service has it; the other tests, on a machine however busy, wait."""


@contextmanager
def held(house):
    """Another program keeps the database to itself until it is let go."""
    holding, release = threading.Event(), threading.Event()

    def hold():
        other = sqlite3.connect(house.database.url.database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        holding.set()
        release.wait()
        other.execute("ROLLBACK")
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait()
    try:
        yield release
    finally:
        release.set()
        holder.join()


def redirect(answer):
    [element] = ElementTree.fromstring(answer.text).iter("Redirect")
    assert element.attrib["method"] == "POST"
    parts = urlsplit(element.text)
    return f"{parts.path}?{parts.query}"


def pause(answer):
    """Seconds of quiet before the same is asked again."""
    [element] = ElementTree.fromstring(answer.text).iter("Pause")
    return int(element.attrib["length"])


def follow(house, answer, tries=9):
    """Asks again as the provider would, without its pauses; returns every reply."""
    replies = [answer]
    while "Redirect" in verbs(replies[-1]) and tries:
        replies.append(house.post(redirect(replies[-1])))
        tries -= 1
    return replies


def test_a_key_pressed_while_the_database_is_held_is_recorded_when_it_is_free(house):
    house.turn(0)
    with held(house) as let_go:
        answer = house.turn(1, Digits="3")
        assert verbs(answer) == ["Response", "Say", "Pause", "Redirect"]
        again = house.post(redirect(answer))
        assert verbs(again) == ["Response", "Say", "Pause", "Redirect"]
        let_go.set()
        replies = [answer, *follow(house, again)]
    assert len(replies) > 2
    assert "身体不舒服" in replies[-1].text
    assert house.check_in().outcome == "unwell"
    assert house.count(Case) == 1
    assert follow(house, house.turn(1, Digits="3"))[-1].text == replies[-1].text


@pytest.fixture
def gone(house, tmp_path):
    """The database is not there: what is at its place is no database. Whoever calls this brings it back."""
    used = database.current()
    (tmp_path / "no-database").write_bytes(b"no database" * 1000)
    database.use(Database(f"sqlite:///{tmp_path / 'no-database'}"))

    def bring_back():
        database.current().close()
        database.use(used)

    yield bring_back
    database.use(used)


def test_without_a_database_the_caller_is_asked_to_hold_on_and_then_told_kindly(house, gone):
    replies = follow(house, house.turn(0))
    assert len(replies) == len(degraded.PAUSES) + 1
    assert [verbs(each)[-1] for each in replies] == ["Redirect"] * len(degraded.PAUSES) + ["Hangup"]
    assert "请您稍等" in replies[0].text
    assert "过一会儿再给您打电话" in replies[-1].text
    assert all("try=" in redirect(each) for each in replies[:-1])
    assert [pause(each) for each in replies[:-1]] == list(degraded.PAUSES)


@pytest.mark.parametrize(
    ("key", "outcome"),
    [("3", "unwell"), ("2", "needs_supplies"), ("1", "no_key"), ("7", "no_key"), ("33", "unwell"), ("77", "no_key")],
)
def test_a_key_that_could_not_be_recorded_at_all_leads_to_a_person_once_we_are_back(
    house, tmp_path, request, key, outcome
):
    house.turn(0)
    bring_back = request.getfixturevalue("gone")
    replies = follow(house, house.turn(1, Digits=key))
    assert "会交给社区办公室" in replies[-1].text
    [kept] = (tmp_path / "unrecorded").glob("*.json")
    assert json.loads(kept.read_text())["key"] == key[0]
    bring_back()
    wait_for(lambda: not kept.exists(), "the key to be recorded")
    assert house.check_in().outcome == outcome
    assert house.count(Case) == 1
    house.ended()
    assert house.check_in().outcome == outcome
    assert house.count(Case) == 1


def test_a_key_that_is_lost_for_good_is_not_said_to_be_kept(house, request, monkeypatch):
    house.turn(0)
    request.getfixturevalue("gone")

    def full(_):
        raise OSError("no space left on device")

    monkeypatch.setattr(spooled_answers, "keep", full)
    replies = follow(house, house.turn(1, Digits="3"))
    assert "记下来了" not in replies[-1].text
    assert "过一会儿再给您打电话" in replies[-1].text


def test_a_pin_that_could_not_be_checked_is_not_written_down(house, tmp_path, request):
    house.turn(0)
    request.getfixturevalue("gone")
    follow(house, house.turn(1, Digits="204817"))
    assert not list((tmp_path / "unrecorded").glob("*"))


def test_an_answer_that_a_killed_service_has_left_is_recorded_at_the_next_start(house, tmp_path):
    house.turn(0)
    folder = tmp_path / "unrecorded"
    folder.mkdir()
    left = spooled_answers.Unrecorded(str(house.call_id), "CA" + "0" * 32, 1, "3", "ask-0", 1)
    (folder / "left.json").write_text(json.dumps(left.__dict__))
    spooled_answers.begin()
    wait_for(lambda: not any(folder.iterdir()), "the answer to be recorded")
    assert house.check_in().outcome == "unwell"


def test_a_key_that_is_recorded_late_is_recorded_once(house):
    house.turn(0)
    house.turn(1, Digits="1")
    spooled_answers.record(spooled_answers.Unrecorded(str(house.call_id), "CA" + "0" * 32, 1, "1", "ask-0", 1))
    assert house.check_in().outcome == "ok"


def test_whoever_rings_us_then_is_asked_to_hold_on_and_to_ring_again(house, gone):
    replies = follow(house, house.post("/telephony/inbound/voice", From="+8631186009998", To=RESPONDER))
    assert len(replies) == len(degraded.PAUSES) + 1
    assert "请您过一会儿再打来" in replies[-1].text


@pytest.mark.usefixtures("our_voice")
def test_what_is_said_then_is_a_sound_of_ours_once_it_was_made(house, gone):
    speaker = degraded.station().speaker
    assert list(speaker.prepare_standing(offline_prompts.ALL)) == []
    answer = house.turn(0)
    assert verbs(answer) == ["Response", "Play", "Pause", "Redirect"]
    [play] = ElementTree.fromstring(answer.text).iter("Play")
    assert house.client.get(urlsplit(play.text).path).headers["content-type"] == "audio/wav"


def test_our_own_long_writing_does_not_keep_a_caller_waiting(house):
    house.turn(0)
    with database.unit_of_work():
        answer = house.turn(1, Digits="3")  # it is given while we still write
    assert "Redirect" in verbs(answer)
    assert follow(house, answer)[-1].text.count("Hangup")
    assert house.check_in().outcome == "unwell"


def test_a_hurried_unit_of_work_that_comes_too_late_changes_nothing_and_lets_the_next_one_in(house):
    with database.unit_of_work(), pytest.raises(TooSlowError), database.hurried_unit_of_work():
        raise AssertionError("it has begun")
    with database.hurried_unit_of_work():
        pass


@pytest.mark.parametrize(("collisions", "tries"), [(1, 2), (2, 2)])
def test_whoever_stored_the_same_a_moment_later_finds_what_the_first_has_stored_and_tries_once_more(
    house, collisions, tries
):
    tried = []

    def store_the_same(_):
        tried.append("once")
        if len(tried) <= collisions:
            raise IntegrityError("INSERT", {}, Exception("somebody was first"))
        return "found"

    with nullcontext() if collisions < tries else pytest.raises(IntegrityError):
        assert asyncio.run(degraded.stored(store_the_same)) == "found"
    assert len(tried) == tries


def test_nobody_waits_longer_for_us_than_the_provider_does(house, monkeypatch):
    assert WE_ANSWER_WITHIN_SECONDS <= PROVIDER_WAITS_SECONDS / 2
    monkeypatch.setattr(degraded, "ANSWER_WITHIN_SECONDS", 0.05)
    go_on = threading.Event()
    with pytest.raises(TimeoutError):
        asyncio.run(degraded.stored(lambda _: go_on.wait(PATIENCE_SECONDS)))
    go_on.set()


def test_the_telephone_of_the_tests_asks_again_as_a_provider_does(switchboard, monkeypatch):
    stored, failed = degraded.stored, []

    async def busy_once(*asked):
        if not failed:
            failed.append(asked)
            raise TimeoutError
        return await stored(*asked)

    monkeypatch.setattr(degraded, "stored", busy_once)
    call = switchboard.ring("+8631186000101")
    assert (len(failed), len(call.replies), call.verb("Gather") is not None) == (1, 2, True)
