"""Every fault can be switched on, strikes, is logged, and does what its name says; over real HTTP."""

import time
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from functools import partial

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from exchange.errors import ScriptError
from exchange.faults import USUAL_RATES, Fault, Faults, Plan, plan_in_words, read_plan
from tests.exchange.running import OURS, SID, events, number, one, running
from tests.exchange.service import TOKEN
from tests.patience import PATIENCE_SECONDS, wait_for

LONG = "<Response><Pause length='30'/></Response>"


@pytest.fixture(scope="module")
def exchange(service, tmp_path_factory):
    log = tmp_path_factory.mktemp("faulty") / "exchange.jsonl"
    with running(service, log, "--speed", "100", "--calls-per-second", "200") as exchange:
        yield exchange


@contextmanager
def striking(exchange, seed=1, **rates):
    """Only these faults strike; underscores stand for hyphens."""
    wanted = {name.replace("_", "-"): rate for name, rate in rates.items()}
    change = f"{exchange.url}/exchange/faults"
    assert requests.put(change, json={"seed": seed, "faults": wanted}, timeout=PATIENCE_SECONDS).status_code == 200
    try:
        yield
    finally:
        recovered(lambda: requests.put(change, json={}, timeout=PATIENCE_SECONDS))


def recovered(ask):
    """What is answered once the exchange can be reached again."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except (TwilioException, requests.ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.1)


def answers():
    return {"pick": "answer", "after": 0, "responses": [{"do": "press", "key": "1", "after": 1}]}


def asks(service, name):
    """A turn that asks for one key; its answer is told to ``/<name>/key``."""
    service.says(f"/{name}/key", "<Response><Say>再见</Say></Response>")
    gather = f'<Gather numDigits="1" timeout="5" action="/{name}/key" actionOnEmptyResult="true"/>'
    return service.says(f"/{name}", f"<Response>{gather}</Response>")


def impatient(exchange, seconds):
    """The SDK with a time-out of its own."""
    client = Client(SID, TOKEN, http_client=TwilioHttpClient(timeout=seconds))
    client.api.base_url = exchange.url
    return client


def status_of(ask):
    with pytest.raises(TwilioRestException) as raised:
        ask()
    return raised.value.status


def calls_to(exchange, to):
    return [entry["call"] for entry in exchange.log() if entry["event"] == "call.requested" and entry["number"] == to]


def strikes(exchange, fault, number):
    return [e for e in exchange.log() if e["event"] == "fault" and e["fault"] == fault and e["number"] == number]


def test_faults_are_switched_shown_and_switched_off(exchange):
    with striking(exchange, seed=9, duplicate=0.5, outage=None):
        shown = requests.get(f"{exchange.url}/exchange/faults", timeout=PATIENCE_SECONDS).json()
        assert (shown["seed"], shown["faults"]) == (9, {"duplicate": 0.5, "outage": USUAL_RATES[Fault.OUTAGE]})
        assert set(shown["usual"]) == set(Fault)
    assert requests.get(f"{exchange.url}/exchange/faults", timeout=PATIENCE_SECONDS).json()["faults"] == {}


@pytest.mark.parametrize("wrong", [{"faults": {"gremlins": 1}}, {"faults": {"drop": 2}}, {"faults": {"drop": "x"}}])
def test_a_fault_that_makes_no_sense_is_explained(exchange, wrong):
    assert requests.put(f"{exchange.url}/exchange/faults", json=wrong, timeout=PATIENCE_SECONDS).status_code == 400


def test_a_command_line_names_faults_with_or_without_a_rate():
    assert plan_in_words("drop=0.25,early", 3) == Plan(3, {Fault.DROP: 0.25, Fault.EARLY: USUAL_RATES[Fault.EARLY]})
    assert plan_in_words("all", 3) == Plan(3, USUAL_RATES)
    assert read_plan(plan_in_words("all", 3).written()) == Plan(3, USUAL_RATES)
    for wrong in ("gremlins", "drop=often", "drop=3"):
        with pytest.raises(ScriptError):
            plan_in_words(wrong, 1)


def test_an_exchange_begins_with_the_faults_of_its_command_line(service, tmp_path):
    with running(service, tmp_path / "log", "--faults", "drop=0.5,429", "--fault-seed", "4") as exchange:
        shown = requests.get(f"{exchange.url}/exchange/faults", timeout=PATIENCE_SECONDS).json()
        assert (shown["seed"], shown["faults"]) == (4, {"drop": 0.5, "429": USUAL_RATES[Fault.TOO_MANY]})


def test_the_same_seed_and_calls_meet_the_same_faults():
    def drawn(seed):
        faults = Faults(Plan(seed, {Fault.DROP: 0.3}), log=None)
        numbers = [f"+8631186{index:05d}" for index in range(50)] * 3
        return [faults.draw(Fault.DROP, each) is not None for each in numbers]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 20 < sum(drawn(1)) < 70


def test_duplicate_sends_every_callback_again_with_the_same_token_and_answer_counts_once(exchange, service):
    with striking(exchange, duplicate=1):
        sid = exchange.call(to := exchange.subscribe(answers()), asks(service, "twice"))
        for path in ("/twice", "/twice/key", f"/status/{to[1:]}"):
            forms = [request.form for request in service.wait_for(path, 2)]
            assert forms[0] == forms[1]
    enough = lambda entries: sum("is_copy" in entry for entry in entries) >= 3  # noqa: E731
    exchange.wait(sid, enough)
    assert [entry["key"] for entry in exchange.ended(sid) if entry["event"] == "key"] == ["1"]
    assert {strike["kind"] for strike in strikes(exchange, "duplicate", to)} == {"voice", "gather", "status"}


def test_reorder_lets_the_end_of_a_call_overtake_its_beginning(exchange, service):
    with striking(exchange, reorder=1):
        to = exchange.subscribe(answers())
        exchange.call(to, asks(service, "overtakes"), status_callback_event=["answered", "completed"])
        reports = service.wait_for(f"/status/{to[1:]}", 2)
    assert [(r.form["CallStatus"], r.form["SequenceNumber"]) for r in reports] == [
        ("completed", "1"),
        ("in-progress", "0"),
    ]


def test_delay_brings_reports_late_and_words_at_once(exchange, service):
    with striking(exchange, seed=5, delay=1):
        sid = exchange.call(to := exchange.subscribe(answers()), asks(service, "belated"))
        exchange.ended(sid)
        (strike,) = exchange.wait(sid, lambda e: "fault" in events(e)) and strikes(exchange, "delay", to)
    assert 2 <= strike["seconds"] <= 60
    assert service.at(f"/status/{to[1:]}") == []
    assert len(service.at("/belated/key")) == 1


def test_drop_loses_reports_for_ever(exchange, service):
    with striking(exchange, drop=1):
        to = exchange.subscribe({"pick": "busy", "after": 0})
        sid = exchange.call(to, asks(service, "never"))
        exchange.ended(sid)
    assert [strike["kind"] for strike in strikes(exchange, "drop", to)] == ["status"]
    assert [entry for entry in exchange.log(sid) if entry["event"] == "webhook"] == []


def test_a_lost_request_for_words_is_an_error_and_ends_the_call(exchange, service):
    how = set()
    for seed in range(40):
        name = f"lost-{seed}"
        with striking(exchange, seed=seed, drop=1):
            sid = exchange.call(to := exchange.subscribe(answers()), asks(service, name))
            exchange.ended(sid)
        for strike in strikes(exchange, "drop", to):
            if strike["kind"] == "voice":
                how.add(strike["how"])
                heard = len(service.at(f"/{name}"))
                assert (strike["how"], heard) in {("request", 0), ("reply", 2), ("reply_once", 2)}
                codes = [entry["code"] for entry in exchange.log(sid) if entry["event"] == "error"]
                assert codes == [11205] or strike["how"] == "reply_once"
        if how == {"request", "reply", "reply_once"}:
            return
    raise AssertionError(how)


def test_early_callbacks_come_before_the_reply(exchange, service):
    with striking(exchange, early=1):
        to = exchange.subscribe(answers())
        exchange.call(to, asks(service, "early"))
        assert len(service.at("/early")) == 1


@pytest.mark.parametrize(("fault", "placed"), [("placed_but_500", True), ("refused_500", False)])
def test_a_server_error_tells_nothing_about_the_call(exchange, service, fault, placed):
    to = exchange.subscribe(answers())
    with striking(exchange, **{fault: 1}):
        status = status_of(lambda: exchange.call(to, asks(service, fault)))
    assert status in ({500, 503} if placed else {500})
    assert len(calls_to(exchange, to)) == placed
    assert len(exchange.twilio.calls.list(to=to)) == placed


def test_a_call_that_has_failed_rings_all_the_same_and_is_not_found_before(exchange, service):
    how = set()
    for seed in range(20):
        to = exchange.subscribe(answers())
        with striking(exchange, seed=seed, failed_yet_rings=1), suppress(TwilioException, requests.ConnectionError):
            exchange.call(to, asks(service, f"failed-{seed}"))
        assert calls_to(exchange, to) == []
        assert exchange.twilio.calls.list(to=to) == []
        wait_for(lambda to=to: calls_to(exchange, to), "the call that had failed")
        [strike] = strikes(exchange, "failed-yet-rings", to)
        how.add(strike["how"])
        if how == {"500", "cut"}:
            return
    raise AssertionError(how)


def test_while_the_service_is_away_no_callback_is_answered_and_all_are_told_of_afterwards(exchange, service):
    """On a busy machine the real seconds for which it is away may be over before the last callback."""
    with striking(exchange, service_away=1):
        sid = exchange.call(to := exchange.subscribe(answers()), asks(service, "away"))
        exchange.ended(sid)
    lost = [each["params"] for each in exchange.log(sid) if each["event"] == "webhook" and each["status"] is None]
    assert lost
    assert not [each.form for each in service.at("/away") if each.form in lost], "somebody who was away has heard it"
    told = exchange.twilio.calls(sid).events.list()
    assert told[0].request["url"].endswith("/away")
    assert told[0].request["parameters"]["call_sid"] == sid
    assert [each.response["response_code"] for each in told].count(502) >= len(lost)
    assert strikes(exchange, "service-away", to)


def test_a_key_that_arrived_is_told_of_with_what_came_of_it(exchange, service):
    sid = exchange.call(exchange.subscribe(answers()), asks(service, "told"))
    exchange.ended(sid)
    asked = [each for each in exchange.twilio.calls(sid).events.list() if each.request["url"].endswith("/told/key")]
    assert [each.request["parameters"]["digits"] for each in asked] == ["1"]
    assert [each.response["response_code"] for each in asked] == [200]


def test_the_instants_of_an_answer_are_the_same_in_whatever_time_zone(exchange, service):
    sid = exchange.call(exchange.subscribe(answers()), asks(service, "abroad"))
    exchange.ended(sid)
    here = raw(exchange, sid)
    with striking(exchange, other_offsets=1):
        there = raw(exchange, sid)
    assert here["date_created"].endswith("+0000") != there["date_created"].endswith("+0000")
    for name in ("date_created", "date_updated", "start_time", "end_time"):
        assert parsedate_to_datetime(here[name]) == parsedate_to_datetime(there[name])


def raw(exchange, sid):
    url = f"{exchange.url}/2010-04-01/Accounts/{SID}/Calls/{sid}.json"
    return requests.get(url, auth=(SID, TOKEN), timeout=PATIENCE_SECONDS).json()


def test_a_blip_is_over_sooner_than_an_outage(exchange, service):
    with striking(exchange, blip=1), suppress(TwilioException, requests.ConnectionError):
        exchange.call(to := exchange.subscribe(answers()), asks(service, "blip"))
    [strike] = strikes(exchange, "blip", to)
    assert strike["seconds"] < 2
    recovered(lambda: exchange.call(to, asks(service, "after the blip")))


def test_a_text_too_may_be_sent_although_the_answer_is_an_error(exchange):
    to = exchange.subscribe()
    with striking(exchange, placed_but_500=1):
        assert status_of(lambda: exchange.twilio.messages.create(to=to, from_=OURS, body="您好")) in {500, 503}
    assert [text.body for text in exchange.twilio.messages.list(to=to)] == ["您好"]


def test_too_many_requests_are_refused_for_a_moment_in_twilios_shape(exchange, service):
    with striking(exchange, **{"429": 1}):
        address = f"{exchange.url}/2010-04-01/Accounts/{SID}/Calls.json"
        form = {"To": (to := number()), "From": OURS, "Url": asks(service, "burst")}
        first = requests.post(address, form, auth=(SID, TOKEN), timeout=PATIENCE_SECONDS)
        second = requests.get(address, auth=(SID, TOKEN), timeout=PATIENCE_SECONDS)
        assert (first.status_code, first.headers["Retry-After"], second.status_code) == (429, "1", 429)
        assert first.json() == {
            "code": 20429,
            "message": "Too Many Requests",
            "more_info": "https://www.twilio.com/docs/errors/20429",
            "status": 429,
        }
    recovered(lambda: exchange.twilio.calls.list(limit=1))
    assert calls_to(exchange, to) == []


@pytest.mark.parametrize(("fault", "placed"), [("timeout_placed", True), ("timeout_not_placed", False)])
def test_a_request_without_an_answer_may_have_placed_the_call(exchange, service, fault, placed):
    how = set()
    for seed in range(20):
        to = exchange.subscribe(answers())
        with striking(exchange, seed=seed, **{fault: 1}), pytest.raises(requests.RequestException):
            impatient(exchange, seconds=0.5).calls.create(to=to, from_=OURS, url=asks(service, fault))
        struck = partial(strikes, exchange, fault.replace("_", "-"), to)
        how |= {strike["how"] for strike in wait_for(struck, "the fault to strike")}
        if placed:
            wait_for(partial(calls_to, exchange, to), "the call")
        assert len(calls_to(exchange, to)) == placed
        if how == {"hangs", "cut"}:
            return
    raise AssertionError(how)


def test_an_outage_ends_by_itself_and_calls_under_way_go_on(exchange, service):
    how = set()
    for seed in range(20):
        talking = exchange.call(exchange.subscribe(answers()), asks(service, f"outage-{seed}"))
        with striking(exchange, seed=seed, outage=1):
            with pytest.raises((TwilioException, requests.ConnectionError)):
                exchange.call(to := exchange.subscribe(answers()), service.says("/outage", LONG))
            with pytest.raises((TwilioException, requests.ConnectionError)):
                exchange.twilio.calls.list(limit=1)
            assert service.wait_for(f"/outage-{seed}/key")
        recovered(lambda: exchange.twilio.calls.list(limit=1))
        exchange.ended(talking)
        assert calls_to(exchange, to) == []
        how |= {strike["how"] for strike in strikes(exchange, "outage", to)}
        if how == {"refused", "503"}:
            return
    raise AssertionError(how)


def test_forged_callbacks_claim_key_1_and_the_end_of_the_call_and_their_answer_is_logged(exchange, service):
    how = set()
    for seed in range(20):
        with striking(exchange, seed=seed, forged=1):
            sid = exchange.call(to := exchange.subscribe(answers()), asks(service, f"forged-{seed}"))
            enough = lambda entries: events(entries).count("forgery") >= 3  # noqa: E731
            exchange.wait(sid, enough)
        paths = (f"/forged-{seed}", f"/forged-{seed}/key", f"/status/{to[1:]}")
        requests_there = [request for path in paths for request in service.at(path)]
        assert len([request for request in requests_there if request.genuine]) == 3
        forged = [request.form for request in requests_there if not request.genuine]
        assert [(form["Digits"], form["CallStatus"]) for form in forged] == [("1", "completed")] * 3
        how |= {entry["how"] for entry in exchange.log(sid) if entry["event"] == "forgery"}
        if how == {"wrong_key", "other_address", "none"}:
            return
    raise AssertionError(how)


def test_faults_together_never_place_a_call_twice_and_every_call_ends(exchange, service):
    with striking(exchange, seed=3, duplicate=0.3, reorder=0.5, drop=0.2, early=0.3, forged=0.3, placed_but_500=0.3):
        numbers = [exchange.subscribe(answers()) for _ in range(20)]
        for to in numbers:
            with suppress(TwilioRestException):
                exchange.call(to, asks(service, "all"))
    for to in numbers:
        (sid,) = calls_to(exchange, to)
        assert one(exchange.ended(sid), "call.ended")["status"] == "completed"
