"""Stories of residents, told over real HTTP between the service and the exchange."""

import pytest
import requests

from tests.journeys.neighbourhood import SPEED
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.rehearsal.behaviours import (
    BUSY,
    INVALID_NUMBER,
    MACHINE,
    SILENCE,
    Behaviour,
    answer,
    hang_up,
    no_answer,
    press,
    ring_back,
)

AS_WE_LIVE = 1
"""What is said after key 3 then takes seconds, and a busy machine can ring somebody meanwhile."""
ACCEPTS = Behaviour([answer(press("1"), after=3.0)])
DECLINES = Behaviour([answer(press("2"), after=3.0)])
VOICEMAIL = Behaviour([MACHINE])
DAUGHTER = "+8613800138000"


def test_whoever_presses_1_is_well_and_nobody_is_bothered(building):
    building.home(Behaviour([answer(press("1"))]), "王奶奶", relative=DAUGHTER)
    head = building.responder(ACCEPTS, "楼长")
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "ok"}
    assert building.cases() == []
    assert building.calls_to(head) == []
    [text] = building.texts_to(DAUGHTER)
    assert "王奶奶" in text
    assert "一切都好" in text


def test_whoever_presses_3_has_a_helper_before_the_call_is_over(building):
    resident = building.home(Behaviour([answer(press("3", since="start"))]), "李爷爷")
    head = building.responder(ACCEPTS, "楼长")
    building.around.service.run_at(AS_WE_LIVE)
    building.begin()
    wait_for(lambda: building.calls_to(resident), "the resident's telephone to ring")
    building.until_ended(building.calls_to(resident)[0].call_id)
    building.around.service.run_at(SPEED)
    building.until_over()
    assert building.outcomes() == {"李爷爷": "unwell"}
    [case] = building.cases()
    assert (case.kind, case.state) == ("unwell", "accepted")
    [call], [page] = building.calls_to(resident), building.calls_to(head)
    assert call.key_reports[0].sent_at < page.requested_at < call.ended_at


def test_a_key_in_the_middle_of_the_sentence_counts(building):
    building.home(Behaviour([answer(press("1", after=2.0, since="start"))]), "王奶奶")
    assert building.begin().until_over().outcomes() == {"王奶奶": "ok"}


def test_a_wrong_key_gets_another_chance(building):
    building.home(Behaviour([answer(press("7"), press("2"))]), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    assert building.begin().until_over().outcomes() == {"王奶奶": "needs_supplies"}


def test_silence_at_an_open_line_is_looked_after_at_once_and_not_rung_again(building):
    resident = building.home(Behaviour([answer(SILENCE)]), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "no_key"}
    assert len(building.calls_to(resident)) == 1


@pytest.mark.parametrize(
    ("calls", "outcome"),
    [
        ([answer(hang_up())], "hung_up"),
        ([BUSY], "busy"),
        ([no_answer()], "no_answer"),
        ([MACHINE], "voicemail"),
        ([MACHINE, no_answer()], "voicemail"),
        ([no_answer(), answer(press("1"))], "ok"),
    ],
)
def test_without_an_answer_the_plan_rings_again_and_the_furthest_contact_counts(building, calls, outcome):
    resident = building.home(Behaviour(calls), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    building.begin(retry_minutes=2).until_over()
    assert building.outcomes() == {"王奶奶": outcome}
    attempts = 2 if outcome == "ok" else 3
    assert building.check_ins()["王奶奶"].attempts == attempts
    assert len(building.calls_to(resident)) == attempts


def test_a_number_that_cannot_be_rung_is_looked_after(building):
    building.home(Behaviour([no_answer()], refuse=INVALID_NUMBER), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    assert building.begin().until_over().outcomes() == {"王奶奶": "unreachable"}


def test_the_second_telephone_is_tried(building):
    building.home(Behaviour([no_answer()], second_phone=[answer(press("1"))]), "王奶奶")
    building.begin(retry_minutes=1).until_over()
    assert building.outcomes() == {"王奶奶": "ok"}


def test_a_couple_is_asked_in_one_call(building):
    telephone = building.home(Behaviour([answer(press("1"), press("3"))]), "王奶奶", "李爷爷")
    building.responder(ACCEPTS, "楼长")
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "ok", "李爷爷": "unwell"}
    assert len(building.calls_to(telephone)) == 1


def test_ringing_back_counts_and_cancels_the_next_attempt(building):
    telephone = building.home(Behaviour([no_answer(ring_back(60.0, press("1")))]), "王奶奶")
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "ok"}
    assert [call.inbound for call in building.calls_to(telephone)] == [False, True]


def test_feeling_unwell_later_outranks_having_been_well(building):
    building.home(Behaviour([answer(press("1"), then_call=ring_back(30.0, press("3")))]), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    building.begin()
    wait_for(lambda: building.outcomes() == {"王奶奶": "unwell"}, "the second answer to count")
    building.until_over()
    assert [case.state for case in building.cases()] == ["accepted"]


def test_who_declines_and_who_has_a_machine_has_accepted_nothing(building):
    building.home(Behaviour([answer(press("2"))]), "王奶奶")
    first = building.responder(DECLINES, "楼长")
    second = building.responder(VOICEMAIL, "志愿者", role="志愿者")
    office = building.responder(Behaviour([no_answer(), answer(press("1"))]), "办公室", role="社区办公室")
    building.begin().until_over()
    [case] = building.cases()
    assert case.state == "accepted"
    with_machine = building.calls_to(second)
    assert len(building.calls_to(first)) == 1
    assert with_machine[0].answered_at is not None
    assert len(building.calls_to(office)) == 2


def test_somebody_unknown_hears_who_we_are_and_changes_nothing(building):
    url = f"{building.around.service.settings.exchange_url}/exchange/dial"
    assert (
        requests.post(url, json={"from": "+8631188887777", "responses": []}, timeout=PATIENCE_SECONDS).status_code
        == 201
    )
    wait_for(lambda: building.calls_to("+8631188887777")[0].ended_at is not None, "the call to end")
