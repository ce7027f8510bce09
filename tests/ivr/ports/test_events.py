"""The contract of the port, for every adapter: what a provider tells us, and whether it is the provider who does."""

from dataclasses import replace

import pytest
from starlette.datastructures import Headers

from ivr.models import Ending, TextState
from ivr.ports.events import (
    CallReport,
    Failure,
    InboundCall,
    InboundText,
    IncompleteError,
    Keys,
    LegReport,
    MachineReport,
    RecordingReport,
    TextReport,
    Words,
)
from tests.ivr.ports.bench import OURS
from tests.ivr.ports.test_asking import GRANNY, NETWORKS_ENDINGS

CALL, TEXT = "CA" + "1" * 32, "SM" + "1" * 32
URL = "https://us.example/telephony/calls/1/turns/1?step=ask%2D0&play=1"
TOLD = [
    Keys(""),
    Keys("3"),
    Keys("*"),
    Keys("123456"),
    Words("我不太舒服", 0.85),
    RecordingReport("RE" + "1" * 32, 7),
    RecordingReport("RE" + "1" * 32, 0),
    LegReport("CA2", Ending.COMPLETED, was_connected=True),
    LegReport("CA2", Ending.COMPLETED, was_connected=False),
    LegReport("CA2", Ending.BUSY, was_connected=False),
    LegReport("", Ending.FAILED, was_connected=False),
]


def opened(bench, request):
    webhook = bench.telephony.opened(request)
    assert webhook is not None
    return webhook


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_a_turn_tells_what_came_from_whom(bench, told):
    report = opened(bench, bench.turn(URL, CALL, told, party=GRANNY)).turn()
    assert (report.provider_id, report.party, report.told, report.failed) == (CALL, GRANNY, bench.tells(told), None)


def test_a_turn_asked_instead_of_another_names_what_has_failed(bench):
    failed = Failure("https://us.example/telephony/calls/1/turns/2", "11200")
    report = opened(bench, bench.turn(URL, CALL, Keys("1"), failed=failed)).turn()
    assert (report.told, report.failed) == (Keys("1"), failed)


@pytest.mark.parametrize("ending", [*NETWORKS_ENDINGS, None])
@pytest.mark.parametrize("by_machine", [False, True])
def test_the_report_of_a_call_says_how_it_ended_and_who_had_answered(bench, ending, by_machine):
    told = opened(bench, bench.call_report(URL, CALL, ending, by_machine=by_machine)).call_report()
    assert told == CallReport(CALL, ending, by_machine)


@pytest.mark.parametrize(("by_machine", "is_listening"), [(False, False), (True, False), (True, True)])
def test_who_has_answered_and_whether_a_machine_listens(bench, by_machine, is_listening):
    request = bench.machine_report(URL, CALL, by_machine=by_machine, is_listening=is_listening)
    assert opened(bench, request).machine_report() == MachineReport(CALL, by_machine, is_listening)


@pytest.mark.parametrize("caller", [GRANNY, None])
def test_a_call_comes_in_from_a_number_or_from_one_that_is_withheld(bench, caller):
    webhook = opened(bench, bench.inbound_call(URL, CALL, caller))
    assert webhook.inbound_call() == InboundCall(CALL, caller, OURS)
    assert webhook.turn().provider_id == CALL


def test_a_text_comes_in_as_it_was_written(texting):
    body = "我很好 & <谢谢> +1\n1"
    assert opened(texting, texting.inbound_text(URL, TEXT, GRANNY, body)).inbound_text() == InboundText(
        TEXT, GRANNY, body
    )


@pytest.mark.parametrize("state", [TextState.SENT, TextState.DELIVERED, TextState.UNDELIVERED, TextState.FAILED, None])
def test_the_report_of_a_text_says_how_it_fares_if_that_means_anything(texting, state):
    failure = "30003" if state in {TextState.UNDELIVERED, TextState.FAILED} else None
    told = opened(texting, texting.text_report(URL, TEXT, state, failure)).text_report()
    assert told == TextReport(TEXT, state, failure)


def test_the_report_of_a_text_that_is_not_wanted_says_so(texting):
    told = opened(texting, texting.text_report(URL, TEXT, TextState.UNDELIVERED, texting.opt_out)).text_report()
    assert told.state is TextState.REFUSED


KINDS = ["turn", "call_report", "machine_report", "inbound_call", "inbound_text", "text_report"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_genuine_request_that_says_nothing_is_incomplete(bench, kind):
    webhook = opened(bench, bench.request(URL, nothing="1"))
    with pytest.raises(IncompleteError):
        getattr(webhook, kind)()


def test_a_number_of_a_caller_holds_no_character_that_the_database_does_not_take(bench):
    assert opened(bench, bench.inbound_call(URL, CALL, "+86138\0")).inbound_call().caller == "+86138"


def test_no_text_holds_a_character_that_the_database_does_not_take(texting):
    told = opened(texting, texting.inbound_text(URL, TEXT, GRANNY, "我\0很好")).inbound_text()
    assert told.body == "我很好"


def test_the_names_of_headers_are_found_in_any_case(bench):
    request = bench.turn(URL, CALL, Keys("3"))
    lower = {name.lower(): value for name, value in request.headers.items()}
    assert opened(bench, replace(request, headers=Headers(lower))).turn().told == Keys("3")


FORGERIES = {
    "no seal": lambda bench, genuine: replace(genuine, headers={}),
    "an empty seal": lambda bench, genuine: replace(genuine, headers=dict.fromkeys(genuine.headers, "")),
    "a seal of nonsense": lambda bench, genuine: replace(genuine, headers=dict.fromkeys(genuine.headers, "早安")),
    "another address": lambda bench, genuine: replace(genuine, url=genuine.url.replace("play=1", "play=2")),
    "another query": lambda bench, genuine: replace(genuine, url=f"{genuine.url}&key=1"),
    "another host": lambda bench, genuine: replace(genuine, url=genuine.url.replace("us.example", "them.example")),
    "another key": lambda bench, genuine: replace(genuine, body=genuine.body.replace(b"3", b"1", 1)),
    "more": lambda bench, genuine: replace(genuine, body=genuine.body + b"&Digits=1"),
    "nothing": lambda bench, genuine: replace(genuine, body=b""),
    "nonsense": lambda bench, genuine: replace(genuine, body=b"\xff\xfe%%%"),
    "another account": lambda bench, genuine: bench.of_another_account(URL, CALL),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_what_the_provider_has_not_signed_is_not_genuine(bench, forged):
    genuine = bench.turn(URL, CALL, Keys("3"))
    assert bench.telephony.opened(genuine) is not None
    assert bench.telephony.opened(forged(bench, genuine)) is None


def test_what_an_earlier_version_has_kept_is_read_as_if_it_came_now(bench):
    assert bench.telephony.kept(bench.kept("call")).call_report() == CallReport("CA1", Ending.BUSY)


def test_a_text_that_an_earlier_version_has_kept_is_read_as_if_it_came_now(texting):
    assert texting.telephony.kept(texting.kept("text")).inbound_text() == InboundText("SM1", "+86138", "您好")
