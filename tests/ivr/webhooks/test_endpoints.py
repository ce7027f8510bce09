"""Webhooks in this process: what is signed is stored once, and nothing is said that was not stored."""

from xml.etree import ElementTree

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from escalation.models import Case, Page
from ivr.models import CallState, CallTurn, Ending
from ivr.provider.station import station
from ivr.reconciliation import sweep as sweeping
from ivr.turns.turns import MOST_MISSED
from ivr.webhooks.degraded import PAUSES
from tests.ivr.house import verbs
from tests.scripted_provider import script


def test_an_unsigned_request_is_refused_and_changes_nothing(house):
    assert house.turn(1, signed=False, Digits="1").status_code == 403
    assert house.post("/telephony/inbound/voice", signed=False).status_code == 403
    assert house.count(CallTurn) == 0
    assert house.check_in().outcome is None


def test_the_whole_menu_can_be_interrupted(house):
    answer = house.turn(0)
    assert answer.headers["content-type"].startswith("application/xml")
    [gather] = ElementTree.fromstring(answer.text)
    assert gather.tag == "Gather"
    assert len(gather) >= 2
    assert gather.attrib["action"].split("?")[0].endswith("/turns/1")


def test_a_key_that_is_not_ok_makes_the_case_and_its_first_page_with_the_answer(house):
    house.turn(0)
    answer = house.turn(1, Digits="3")
    assert verbs(answer)[-1] == "Hangup"
    assert house.check_in().outcome == "unwell"
    assert (house.count(Case), house.count(Page)) == (1, 1)


def test_the_same_request_twice_hears_the_same_and_changes_nothing(house):
    house.turn(0)
    first = house.turn(1, Digits="3")
    again = house.turn(1, Digits="3")
    assert again.text == first.text
    assert (house.count(Case), house.count(Page)) == (1, 1)


def test_a_repeated_request_with_another_key_hears_what_was_said_first(house):
    house.turn(0)
    first = house.turn(1, Digits="3")
    assert house.turn(1, Digits="1").text == first.text
    assert house.check_in().outcome == "unwell"


def test_a_second_call_of_the_provider_for_the_same_attempt_is_ended(house):
    answer = house.turn(0, CallSid="CA" + "1" * 32)
    assert verbs(answer) == ["Response", "Hangup"]
    assert house.count(CallTurn) == 0


def test_an_end_that_overtakes_the_key_does_not_lose_the_key(house):
    house.turn(0)
    house.ended()
    assert house.call().state == CallState.ENDED
    house.turn(1, Digits="3")
    assert house.check_in().outcome == "unwell"


def test_the_end_reported_twice_counts_once(house):
    house.turn(0)
    house.ended()
    house.ended(status="no-answer")
    assert house.call().ending == "completed"
    assert house.check_in().attempts == 1


def test_a_machine_that_presses_nothing_is_no_resident(house):
    house.turn(0)
    house.post(f"/telephony/calls/{house.call_id}/machine", AnsweredBy="machine_start")
    house.turn(1)
    house.ended()
    assert house.check_in().furthest == "voicemail"
    assert house.check_in().outcome is None


@pytest.fixture
def failing_commits(house):
    """The database refuses every commit while the list is not empty."""
    failing = []

    def fail(connection):
        if failing:
            connection.exec_driver_sql("ROLLBACK")
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    for engine in house.database.engines:
        event.listen(engine, "commit", fail)
    return failing


@pytest.fixture
def knowing_provider(house):
    """A provider that says how a call has ended when it is asked."""
    return script(ending=Ending.COMPLETED)


def test_when_the_answer_cannot_be_stored_nothing_is_said_that_sounds_as_if_it_were(house, failing_commits):
    house.turn(0)
    failing_commits.append(True)
    answer = house.turn(1, Digits="3")
    assert answer.status_code == 200
    assert verbs(answer) == ["Response", "Say", "Pause", "Redirect"]
    assert house.check_in().outcome is None
    assert (house.count(Case), house.count(CallTurn)) == (0, 1)


def test_what_could_not_be_stored_is_stored_when_the_provider_asks_again(house, failing_commits):
    house.turn(0)
    failing_commits.append(True)
    house.turn(1, Digits="3")
    failing_commits.clear()
    house.turn(1, Digits="3")
    assert house.check_in().outcome == "unwell"
    assert house.count(Case) == 1


def test_a_lost_answer_leads_to_another_call_and_never_to_ok(house, failing_commits, knowing_provider):
    house.turn(0)
    failing_commits.append(True)
    house.turn(1, Digits="1")
    failing_commits.clear()
    house.ended()

    sweeping.sweep()
    check_in = house.check_in()
    assert check_in.outcome is None
    assert check_in.next_attempt_at is not None


def test_the_news_of_a_machine_may_come_after_the_end_of_the_call(house):
    house.turn(0)
    house.ended()
    assert house.check_in().furthest == "hung_up"
    house.post(f"/telephony/calls/{house.call_id}/machine", AnsweredBy="machine_start")
    assert house.check_in().furthest == "voicemail"
    assert house.check_in().outcome is None


def fall_back(house, failed, **form):
    return house.post(f"/telephony/calls/{house.call_id}/fallback", ErrorUrl=failed, ErrorCode="11205", **form)


def redirected(answer):
    assert verbs(answer)[-2:] == ["Pause", "Redirect"]
    return ElementTree.fromstring(answer.text).find("Redirect").text


def test_whoever_could_not_hear_us_hears_the_same_question_again(house):
    action = ElementTree.fromstring(house.turn(0).text)[0].attrib["action"]
    again = redirected(fall_back(house, action))
    asked = house.post(again.removeprefix(house.chosen.public_url))
    assert "Gather" in verbs(asked)
    assert house.check_in().outcome is None


def test_a_key_that_we_could_not_be_told_counts_when_the_fallback_brings_it(house):
    action = ElementTree.fromstring(house.turn(0).text)[0].attrib["action"]
    again = redirected(fall_back(house, action, Digits="3"))
    house.post(again.removeprefix(house.chosen.public_url))
    assert house.check_in().outcome == "unwell"


def ask_again(house, asked):
    """The answer to this question gets lost on its way; returns what is said after the fallback."""
    again = redirected(fall_back(house, ElementTree.fromstring(asked.text).find("Gather").attrib["action"]))
    return house.post(again.removeprefix(house.chosen.public_url))


def be_silent(house, asked):
    action = ElementTree.fromstring(asked.text).find("Gather").attrib["action"]
    return house.post(action.removeprefix(house.chosen.public_url))


def test_what_the_provider_could_not_tell_us_is_no_silence(house):
    """Three plays in all, whatever got lost in between."""
    asked = ask_again(house, house.turn(0))
    for _ in range(2):
        asked = ask_again(house, be_silent(house, asked))
    assert house.check_in().outcome is None
    assert "Hangup" in verbs(be_silent(house, asked))
    assert house.check_in().outcome == "no_key"


def test_a_silence_that_we_were_told_and_could_not_keep_is_still_one(house):
    action = ElementTree.fromstring(house.turn(0).text).find("Gather").attrib["action"]
    assert "key=missed" in redirected(fall_back(house, action))
    assert "key=&" in redirected(fall_back(house, f"{action}&key=&try=1"))


def test_a_call_in_which_everything_gets_lost_has_an_end_and_a_person(house):
    asked = house.turn(0)
    for _ in range(MOST_MISSED + 2):
        asked = ask_again(house, asked)
        assert house.check_in().outcome is None
    assert "Hangup" in verbs(ask_again(house, asked))
    assert house.check_in().outcome == "no_key"


def test_without_an_address_of_this_call_it_begins_again(house):
    for failed in (
        "",
        "https://elsewhere.example.org/x",
        f"https://zaoan.example.org/telephony/calls/{'0' * 36}/turns/7",
    ):
        assert "/turns/0?" in redirected(fall_back(house, failed))


def test_nobody_is_sent_round_for_ever(house):
    answer = fall_back(house, "")
    for _ in range(len(PAUSES)):
        answer = fall_back(house, redirected(answer))
    assert "Redirect" not in verbs(answer)


def test_an_unsigned_fallback_is_refused(house):
    assert house.post(f"/telephony/calls/{house.call_id}/fallback", signed=False).status_code == 403


@pytest.mark.parametrize("length", ["-1", "unknown"])
def test_a_field_we_do_not_know_and_a_length_nobody_knows_are_no_reason_to_fail(house, length):
    answer = house.turn(0, SomethingNew="", CallToken="x")
    assert "Gather" in verbs(answer)
    told = {"RecordingSid": "RE" + "0" * 32, "RecordingDuration": length}
    assert house.turn(1, **told).status_code == 200


def test_a_status_that_we_do_not_know_ends_nothing(house):
    house.turn(0)
    assert house.ended(status="on-hold").status_code == 204
    assert house.call().state == CallState.PLACED


def test_what_is_fetched_instead_of_posted_changes_nothing(house):
    for path in (f"/telephony/calls/{house.call_id}/turns/0", f"/telephony/calls/{house.call_id}/status",
                 "/telephony/inbound/voice"):  # fmt: skip
        assert house.client.get(path).status_code == 405
    assert house.count(CallTurn) == 0


@pytest.fixture
def redirected_to(house, monkeypatch):
    """Where the provider was asked to turn to in the middle of a call."""
    addresses = []
    monkeypatch.setattr(station().telephony, "redirect", lambda _, url: addresses.append(url))
    return addresses


def detected(house, answered_by):
    return house.post(f"/telephony/calls/{house.call_id}/machine", AnsweredBy=answered_by)


def test_a_machine_is_left_a_message_when_its_greeting_is_over(house, redirected_to):
    house.turn(0)
    detected(house, "machine_start")
    assert redirected_to == []
    detected(house, "machine_end_beep")
    assert redirected_to == [f"{house.chosen.public_url}/telephony/calls/{house.call_id}/turns/900"]


@pytest.mark.parametrize("keys", ["7", "77", "88", "*", "#", "##", "7w7", "7,,7", "A", "D7"])
@pytest.mark.parametrize("opinion", ["machine_end_silence", "machine_end_beep"])
def test_whoever_has_pressed_keys_is_no_machine(house, redirected_to, keys, opinion):
    house.turn(0)
    house.turn(1, Digits=keys)
    detected(house, opinion)
    assert redirected_to == []
    house.turn(2)
    assert [turn.step for turn in house.rows(CallTurn)] == ["ask-0", "ask-0", "ask-0"]
    house.ended(AnsweredBy=opinion)
    assert (house.call().by_machine, house.check_in().furthest) == (False, "hung_up")


def test_keys_outrank_the_opinion_also_when_it_came_first(house, redirected_to):
    house.turn(0)
    detected(house, "machine_start")
    house.turn(1, Digits="77")
    house.turn(2)
    assert [turn.step for turn in house.rows(CallTurn)] == ["ask-0", "ask-0", "ask-0"]
    assert not house.call().by_machine


@pytest.mark.parametrize("said", ["hangup", "timeout", "w", ""])
def test_what_is_no_key_is_none(house, said):
    house.turn(0)
    house.turn(1, Digits=said)
    assert [turn.sound for turn in house.rows(CallTurn)] == ["answered", "silence"]


def test_the_silence_of_a_machine_is_no_silence_of_the_resident(house):
    house.turn(0)
    detected(house, "machine_start")
    house.turn(1)
    assert [turn.step for turn in house.rows(CallTurn)] == ["ask-0", "machine-0"]
    house.ended()
    assert house.check_in().furthest == "voicemail"
    assert house.count(Case) == 0
