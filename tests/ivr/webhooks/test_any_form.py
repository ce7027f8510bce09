"""Whatever a signed form says: no failure of ours, and nobody is well without an explicit 1."""

from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.models import Outcome
from core.settings import Settings
from tests.databases import sqlite_in
from tests.ivr.house import House

A_RECORDING = "RE" + "1" * 32
LIKE_ONE = ["1", "01", "+1", "１", "11", "1#", " 1x", "一", "好", "", "RE1", A_RECORDING, "\0", "9" * 5000, "http://["]
NEVER_A_KEY = [
    "RecordingSid", "RecordingStatus", "RecordingDuration", "RecordingUrl", "SpeechResult", "Confidence", "ErrorUrl",
    "ErrorCode", "AnsweredBy", "DialCallStatus", "DialCallSid", "DialBridged", "FromCity", "Body", "msg", "digits",
]  # fmt: skip
NO_ONE = ["", "2x", "0x1", "RE1", A_RECORDING, "\0", "#", "*", "12345", "１", "x"]
forms = st.dictionaries(st.sampled_from(NEVER_A_KEY), st.sampled_from(LIKE_ONE) | st.text(max_size=12), max_size=6)
typed = st.dictionaries(st.sampled_from(["Digits", "FinishedOnKey"]), st.sampled_from(NO_ONE), max_size=2)
paths = st.sampled_from(["turns/{n}", "turns/{n}/recording", "fallback", "machine", "status"])


@pytest.mark.parametrize("words", [{"RecordingSid": "1"}, {"RecordingSid": "1", "Digits": "1"}])
def test_a_recording_that_is_none_is_no_key(house, words):
    house.turn(0)
    house.turn(1, RecordingStatus="completed", **words)
    house.ended()
    assert house.check_in().outcome != Outcome.OK


@pytest.mark.parametrize("url", ["http://[", "http://[::1", "//[", "http://\u2100.example/", "x" * 9000])
def test_an_address_that_is_none_is_no_failure_of_ours(house, url):
    house.turn(0)
    for path in (f"/telephony/calls/{house.call_id}/fallback", "/telephony/inbound/voice"):
        assert house.post(path, ErrorUrl=url, ErrorCode="11200").status_code == 200


@settings(max_examples=40)
@given(st.lists(st.tuples(paths, forms, typed), min_size=1, max_size=5))
def test_whatever_a_signed_form_says_nobody_is_well_without_an_explicit_1(told):
    with TemporaryDirectory() as folder:
        house = House(Settings(database_url=sqlite_in(folder), data_dir=folder, area_code="0311"))
        try:
            house.turn(0)
            for number, (path, form, keys) in enumerate(told, 1):
                fields = {"CallStatus": "in-progress", "AnsweredBy": "human"} | form | keys
                path = f"/telephony/calls/{house.call_id}/{path.format(n=number)}"
                assert house.post(path, **fields).status_code in {200, 204, 400}
            assert house.check_in().outcome != Outcome.OK
            house.turn(len(told) + 1, Digits="1")
            house.ended()
        finally:
            house.close()


def test_an_explicit_1_is_ok(house):
    house.turn(0)
    house.turn(1, Digits="1")
    house.ended()
    assert house.check_in().outcome == Outcome.OK
