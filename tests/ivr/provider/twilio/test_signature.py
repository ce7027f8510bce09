"""Signed or refused: whatever the provider did not sign reaches nothing."""

import logging
from urllib.parse import urlencode

import pytest
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from core import settings
from core.ids import new_id
from core.storage import database
from ivr.models import CallTurn
from ivr.ports.events import WebhookRequest
from ivr.provider import station
from ivr.provider.twilio.adapter import TwilioTelephony
from tests.ivr.house import SID, House

PATHS = [
    "/telephony/calls/{call}/turns/0",
    "/telephony/calls/{call}/turns/1?step=ask-0&play=1&key=3&try=1",
    "/telephony/calls/{call}/turns/900",
    "/telephony/calls/{call}/status",
    "/telephony/calls/{call}/machine",
    "/telephony/inbound/voice",
    "/telephony/inbound/status",
    "/telephony/inbound/text",
    "/telephony/texts/{call}/status",
]
paths = pytest.mark.parametrize("path", PATHS)


@pytest.fixture
def no_database(house):
    """Whoever asks for a database now fails."""
    used = database.current()
    database.use(None)
    yield
    database.use(used)


@paths
def test_an_unsigned_request_is_refused_logged_and_never_reaches_the_database(house, no_database, path, caplog):
    with caplog.at_level(logging.WARNING):
        answer = house.post(path.format(call=house.call_id), signed=False, Digits="3", CallStatus="completed")
    assert answer.status_code == 403
    assert "did not sign" in caplog.text


@paths
def test_a_request_without_a_form_or_a_signature_is_refused(house, path):
    path = path.format(call=house.call_id)
    assert house.client.post(path).status_code == 403
    assert house.client.post(path, content=b"\xff\xfe%%%").status_code == 403
    assert house.client.post(path, json={"CallSid": SID}).status_code == 403
    assert house.client.get(path).status_code in {403, 405}


@paths
def test_a_signed_request_that_lacks_its_fields_is_a_mistake_and_no_failure(house, path):
    assert house.sign_and_post(path.format(call=house.call_id), {"AccountSid": "AC"}).status_code == 400
    assert house.count(CallTurn) == 0


@paths
def test_nobody_can_make_us_read_a_large_body(house, path):
    body = b"Body=" + b"x" * 200_000
    assert house.client.post(path.format(call=house.call_id), content=body).status_code == 413


def test_a_call_that_we_do_not_know_changes_nothing_and_is_ended(house):
    unknown = f"/telephony/calls/{new_id()}"
    assert "<Hangup" in house.post(f"{unknown}/turns/0").text
    assert house.post(f"{unknown}/status", CallStatus="completed").status_code == 204
    assert house.post(f"{unknown}/machine", AnsweredBy="machine_start").status_code == 204
    for nonsense in ("/telephony/calls/no-id/status", f"{unknown}/turns/-1", f"{unknown}/turns/99999999999999999999"):
        assert house.post(nonsense, CallStatus="completed").status_code in {404, 422}


def test_the_query_and_the_escapes_are_signed_as_they_were_sent(house):
    path = f"/telephony/calls/{house.call_id}/turns/1?step=ask%2D0&play=1&language=zh%2dCN&key=3&try=1"
    assert house.post(path).status_code == 200
    assert house.check_in().outcome == "unwell"


def test_fields_that_come_twice_are_signed_together(house):
    fields = [("CallSid", SID), ("CallStatus", "completed"), ("Twice", "b"), ("Twice", "a")]
    assert (
        house.sign_and_post(f"/telephony/calls/{house.call_id}/status", ImmutableMultiDict(fields)).status_code == 204
    )
    assert house.call().ending == "completed"


@pytest.mark.parametrize(
    "public_url", ["https://zaoan.example.org/early/bird", "https://zaoan.example.org:443", "https://zaoan.example.org"]
)
@pytest.mark.parametrize("port", [":443", ""])
def test_the_public_address_may_have_a_path_and_a_port(house_settings, public_url, port):
    house = House(house_settings.model_copy(update={"public_url": public_url}))
    try:
        path = f"/telephony/calls/{house.call_id}/turns/0"
        asked = public_url.replace(":443", "").replace(".org", f".org{port}") + path
        prefix = "/early/bird" if "early" in public_url else ""
        for below in {path, prefix + path}:
            answer = house.sign_and_post(below, {"CallSid": SID}, url=asked)
            assert answer.status_code == 200
            assert f"{public_url}/telephony/calls/{house.call_id}/turns/1?" in answer.text
    finally:
        house.close()


VECTOR = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
VECTOR_URL, VECTOR_SIGNATURE = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_example_of_the_providers_documentation_is_genuine():
    telephony = TwilioTelephony("AC" + "0" * 32, "12345", "http://127.0.0.1:1")

    def is_genuine(url, form, signature):
        headers = {"X-Twilio-Signature": signature}
        return telephony.opened(WebhookRequest(url, headers, urlencode(form).encode())) is not None

    assert is_genuine(VECTOR_URL, VECTOR, VECTOR_SIGNATURE)
    assert is_genuine(VECTOR_URL.replace(".com", ".com:443"), VECTOR, VECTOR_SIGNATURE)
    assert not is_genuine(VECTOR_URL + "&more=1", VECTOR, VECTOR_SIGNATURE)
    assert not is_genuine(VECTOR_URL.replace("https", "http"), VECTOR, VECTOR_SIGNATURE)
    assert not is_genuine(VECTOR_URL, VECTOR | {"Digits": "3"}, VECTOR_SIGNATURE)
    assert not is_genuine(VECTOR_URL, VECTOR, "")


def test_what_another_account_has_signed_is_refused(house):
    url = settings.current().public_url + (path := f"/telephony/calls/{house.call_id}/turns/0")
    stranger = RequestValidator("another token").compute_signature(url, {"CallSid": SID})
    answer = house.client.post(path, data={"CallSid": SID}, headers={"X-Twilio-Signature": stranger})
    assert answer.status_code == 403
    assert station.station().public_url in url
