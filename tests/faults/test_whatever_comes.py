"""Whatever is sent to us is answered, is no failure of ours, and makes nobody well who has not said so.

``make faults`` sends ten thousand of each; the ordinary tests a few hundred.
"""

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

import pytest
import requests
from fastapi.testclient import TestClient
from sqlalchemy import update

from campaigns.changes import new_campaigns, round_starts
from campaigns.models import CheckIn, CheckInCall, Outcome
from campaigns.rounds import attempts
from core import actors, clock
from core.storage import database
from ivr.models import Call, CallState
from tests import signed_in
from tests.exchange.conftest import service  # noqa: F401 - a fixture
from tests.exchange.running import OURS, SID, running
from tests.exchange.service import TOKEN
from tests.faults.whatever import NOBODY, Whatever
from tests.patience import PATIENCE_SECONDS
from tests.switchboard import House, resident, responder, rows

FEW, MANY = 300, 10_000
COUNTS = [FEW, pytest.param(MANY, marks=pytest.mark.long)]
CALLS = 40
METHODS = ["GET"] * 4 + ["POST"] * 4 + ["PUT", "HEAD", "DELETE"]
KEYS = ["1", "1", "1", "2", "3", "0", "9", "7"]
PAUSES = re.compile(r"[wWpP,\s]")
ABOUT_A_CALL = ["turns/{n}", "turns/{n}", "turns/{n}", "turns/{n}/recording", "fallback", "machine", "status"]
ABOUT_NO_CALL = ["inbound/voice", "inbound/status", "inbound/text", f"texts/{NOBODY}/status"]
PAGES = [
    "/", "/today/parts", "/today/houses/{}", "/today/cases/{}", "/today/cases/{}/accept", "/today/cases/{}/arrive",
    "/today/cases/{}/close", "/today/messages/{}.wav", "/listen", "/listen/{}", "/recordings", "/recordings/{}.wav",
    "/recordings/{}/remove", "/print", "/print/{}", "/static/{}", "/healthz", "/readyz", "/api/openapi.json", "/{}",
    "/api/v1/{}", "/telephony/calls/{}/turns/{}", "/telephony/inbound/voice", "/clips/{}.wav", "/exchange/tempo",
    "/sign-in", "/invitation/{}", "/account", "/account/codes", "/account/password", "/audit",
]  # fmt: skip
AT_THE_EXCHANGE = [
    "/", "/healthz", "/exchange/subscribers", "/exchange/calls", "/exchange/calls/{}/line.wav", "/exchange/dial",
    "/exchange/texts", "/exchange/tempo", "/exchange/faults", "/exchange/log", "/telephones/{}", "/telephones/{}/line",
    "/telephones/{}/recordings/{}", "/assets/{}", "/2010-04-01/{}", *(
        f"/2010-04-01/Accounts/{SID}{each}" for each in
        (".json", "/IncomingPhoneNumbers.json", "/Calls.json", "/Calls/{}.json", "/Messages.json", "/Messages/{}.json",
         "/Recordings.json", "/Recordings/{}.json", "/Recordings/{}.wav", "/Calls/{}/Recordings.json", "/Recordings/{}")
    ),
]  # fmt: skip


@pytest.fixture
def street(house_settings):
    """A street in the middle of its morning: somebody has picked up at each telephone."""
    opened = House(house_settings)
    opened.client = TestClient(opened.client.app, raise_server_exceptions=False)
    responder("田保国", "+8613900000001")
    signed_in.enter(opened.client)
    yield opened
    opened.close()


def ring(round_):
    """Forty more people move in, everybody is rung by one more round, and picks up; returns the ids of the calls."""
    for index in range(CALLS):
        resident(f"{index}号奶奶", f"+86311{round_:03d}{index:05d}", building=f"{round_}号楼", room=str(100 + index))
    with database.unit_of_work() as session:
        session.execute(update(Call).where(Call.state != CallState.ENDED).values(state=CallState.ENDED))
        round_starts.start_now(
            session, actors.system(), new_campaigns.create_campaign(session, actors.system(), f"{round_}", flags=None)
        )
    with database.unit_of_work() as session:
        while attempts.queue_due(session):
            pass
        session.flush()
        waiting = [call.id for call in rows_in(session, Call, state=CallState.QUEUED, owner=attempts.OWNER)]
        for number, call_id in enumerate(waiting):
            values = {"state": CallState.PLACED, "dialled_at": clock.now(), "overdue_at": clock.now()}
            session.execute(update(Call).where(Call.id == call_id).values(provider_id=sid(round_, number), **values))
    return waiting


def rows_in(session, table, **wanted):
    return session.query(table).filter_by(**wanted).order_by(table.id).all()


def sid(round_, number):
    return f"CA{round_:016x}{number:016x}"


def says_1(form, query):
    """Whether it holds a key 1 that somebody may have pressed, or a word that may mean as much."""
    typed = [form.get("Digits", ""), form.get("FinishedOnKey", ""), query.get("key", "")]
    return bool(form.get("SpeechResult")) or any("1" in PAUSES.sub("", each) for each in typed)


@pytest.mark.parametrize("count", COUNTS)
def test_no_signed_form_is_a_failure_of_ours_and_nobody_is_well_without_an_explicit_1(street, count, record_property):
    drawn, answers, said_1, are_well = Whatever(count), Counter(), set(), set()
    calls, round_ = [], 0
    for index in range(count):
        if index % (20 * CALLS) == 0:
            are_well |= found_well(calls, said_1)
            round_ += 1
            calls = ring(round_)
            asked = [
                action(street.post(f"/telephony/calls/{call_id}/turns/0", CallSid=sid(round_, number)))
                for number, call_id in enumerate(calls)
            ]
        number = drawn.random.randrange(len(calls))
        path, form, query = request_about(drawn, calls[number], sid(round_, number))
        if drawn.random.random() < 0.4 and asked[number]:
            path, query = asked[number], {}
        answer = street.post(path, **form)
        answers[answer.status_code] += 1
        assert answer.status_code < 500, f"request {index}: {path} {form}"
        asked[number] = action(answer) or asked[number]
        if says_1(form, query):
            said_1.add(calls[number])
    are_well |= found_well(calls, said_1)
    record_property("toll", f"{count} signed forms: {dict(answers)}, {len(are_well)} well, all of whom have pressed 1")
    assert not are_well - said_1
    assert are_well, "some have said so, or this would prove nothing"


def action(answer):
    """Where the key that is asked for goes; None where none is."""
    found = re.search(r'<Gather[^>]* action="([^"]+)"', answer.text)
    parts = urlsplit(unescape(found[1])) if found else None
    return f"{parts.path}?{parts.query}" if parts else None


def request_about(drawn, call_id, provider_id):
    """A signed request, most of them about this call."""
    query, form = {}, drawn.fields(["Digits", "FinishedOnKey", *ALL_FIELDS])
    if drawn.random.random() < 0.15:
        return f"/telephony/{drawn.random.choice(ABOUT_NO_CALL)}", form, query
    path = drawn.random.choice(ABOUT_A_CALL).format(
        n=drawn.random.choice([0, 1, 1, 1, 2, 2, 3, 900, 901, 999, 1000, -1])
    )
    if path.startswith("turns"):
        query = drawn.query()
    usual = {"CallSid": provider_id, "CallStatus": "in-progress", "AnsweredBy": "human"}
    if drawn.random.random() < 0.2:
        return (
            f"/telephony/calls/{call_id}/{path}" + addressed(query),
            usual | {"Digits": drawn.random.choice(KEYS)},
            query,
        )
    form = usual | form if drawn.random.random() < 0.5 else form | {"CallSid": provider_id}
    return f"/telephony/calls/{call_id}/{path}" + addressed(query), form, query


ALL_FIELDS = [
    "CallSid", "CallStatus", "AnsweredBy", "SpeechResult", "Confidence", "RecordingSid", "RecordingStatus",
    "RecordingDuration", "ErrorUrl", "ErrorCode", "DialCallStatus", "DialCallSid", "DialBridged", "From", "To",
    "Direction", "Body", "MessageSid", "MessageStatus", "msg",
]  # fmt: skip


def addressed(query):
    return "?" + requests.compat.urlencode(query) if query else ""


def found_well(calls, said_1):
    """The calls of those who are well; somebody without a call of their own who has said 1 is none of them."""
    with database.reading() as session:
        well = session.query(CheckInCall.call_id).join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
        return {call_id for (call_id,) in well.filter(CheckIn.outcome == Outcome.OK, CheckInCall.call_id.in_(calls))}


@pytest.mark.parametrize("count", COUNTS)
def test_no_request_for_a_page_is_a_failure_of_ours_and_none_makes_anybody_well(street, count, record_property):
    drawn, answers = Whatever(count), Counter()
    ring(1)
    before = outcomes()
    for index in range(count):
        method, path = drawn.random.choice(METHODS), drawn.path(PAGES)
        headers = {k: v.encode("latin-1") for k, v in drawn.headers().items()}
        if method in {"POST", "PUT"}:
            headers["Content-Type"] = drawn.type_of_body()
        body = drawn.body() if method in {"POST", "PUT"} else None
        answer = street.client.request(method, path, content=body, headers=headers, follow_redirects=False)
        answers[answer.status_code] += 1
        assert answer.status_code < 500 or path.startswith("/readyz"), (
            f"request {index}: {method} {path} {headers} {body}"
        )
    assert outcomes() == before
    record_property("toll", f"{count} requests for pages: {dict(answers)}")


def outcomes():
    return {each.id: each.outcome for each in rows(CheckIn)}


@pytest.mark.parametrize("count", COUNTS)
def test_no_request_to_the_exchange_is_a_failure_of_it(service, tmp_path, count, record_property):  # noqa: F811
    drawn, answers = Whatever(count), Counter()
    with running(service, tmp_path / "log", "--speed", "100") as exchange, requests.Session() as session:
        for index in range(count):
            method, path = drawn.random.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]), drawn.path(AT_THE_EXCHANGE)
            headers = {name: value.encode("latin-1") for name, value in drawn.headers().items()}
            headers["Content-Type"] = drawn.type_of_body()
            session.auth = (SID, TOKEN) if drawn.random.random() < 0.9 else None
            body = order(drawn) if "2010" in path and method == "POST" else drawn.body()
            with session.request(method, exchange.url + path, data=body, headers=headers, stream=True,
                                 timeout=PATIENCE_SECONDS, allow_redirects=False) as answer:  # fmt: skip
                answers[answer.status_code] += 1
                assert answer.status_code < 500, f"request {index}: {method} {path} {headers} {body}"
        assert requests.get(f"{exchange.url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
    record_property("toll", f"{count} requests to the exchange: {dict(answers)}")


def order(drawn):
    """A form that Twilio's API takes, with whatever in it."""
    names = ["To", "From", "Url", "Method", "StatusCallback", "StatusCallbackEvent", "FallbackUrl", "Timeout", "Twiml",
             "MachineDetection", "AsyncAmd", "AsyncAmdStatusCallback", "Status", "Body", "PageSize"]  # fmt: skip
    known = {"To": "+8631187001000", "From": OURS, "Url": "http://127.0.0.1:1/x"}
    return (known if drawn.random.random() < 0.5 else {}) | drawn.fields(names)
