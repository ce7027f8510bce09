"""What SIP says: ends of calls, dialogs as they are traced, and who rings."""

import json
import tomllib
from dataclasses import replace

import pytest

from trunk.calls.inbound import our_number
from trunk.sip.dialogs import Dialog, after, traced
from trunk.sip.embedded.baresip_engine import incoming
from trunk.sip.messages import parsed, uri_of, user_of
from trunk.sip.outcomes import TABLE, Outcome, outcome_of
from trunk.sip.salvage import ending

INVITE = """TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060
INVITE sip:13800000001@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport
Contact: <sip:us@192.0.2.1:5060>
To: <sip:13800000001@192.0.2.9>
From: "Us" <sip:us@192.0.2.9>;tag=ours
Call-ID: one@us
CSeq: 7 INVITE
"""
ANSWER = """RX UDP 192.0.2.9:5060 -> 192.0.2.1:5060
SIP/2.0 {status}
v: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport=5060
Record-Route: <sip:first.example;lr>, <sip:second.example;lr>
Record-Route: <sip:third.example;lr>
t: <sip:13800000001@192.0.2.9>;tag=theirs
f: "Us" <sip:us@192.0.2.9>;tag=ours
i: one@us
CSeq: 7 INVITE
m: "Gran, <old>" <sip:gran@192.0.2.77:5080;line=2>;expires=60
"""


@pytest.mark.parametrize(
    ("reason", "rung", "outcome"),
    [
        ("486 Busy Here", True, Outcome.BUSY),
        ("486 Busy Here,Q.850;cause=17", True, Outcome.BUSY),
        ("480 Temporarily Unavailable", False, Outcome.NO_ANSWER),
        ("408 Request Timeout", True, Outcome.NO_ANSWER),
        ("408 Request Timeout", False, Outcome.NETWORK),
        ("500 Server Error,Q.850;cause=18", False, Outcome.NETWORK),
        ("500 Server Error,Q.850;cause=18", True, Outcome.NO_ANSWER),
        ('503 Full,Q.850;text="x";cause=1', False, Outcome.NOT_IN_SERVICE),
        ("603 Decline", True, Outcome.DECLINED),
        ("404 Not Found", False, Outcome.NOT_IN_SERVICE),
        ("503 Service Unavailable,Q.850;cause=34", False, Outcome.NETWORK),
        ("486 Busy Here,Q.850;cause=99", True, Outcome.BUSY),
        ("Connection timed out [110]", False, Outcome.NETWORK),
        ("", False, Outcome.NETWORK),
    ],
)
def test_what_an_end_means(reason, rung, outcome):
    assert outcome_of(reason, rung=rung) is outcome


def test_each_word_of_the_table_is_an_outcome_and_what_is_ambiguous_is_named():
    table = tomllib.loads(TABLE.read_text("utf-8"))
    unless_rung = table["cause"].pop("unless_rung")
    assert {*table["status"].values(), *table["cause"].values(), *unless_rung.values()} <= set(Outcome)
    assert set(table["rung"]) <= set(table["ambiguous"]["status"])
    assert set(unless_rung) <= set(table["ambiguous"]["cause"]) <= set(table["cause"])


def dialog(*lines):
    known = None
    for line in lines:
        known = after(known, passing(line))
    return known


def passing(line):
    """A message of a trace, which begins with its way and its two addresses."""
    head, _, text = line.partition("\n")
    way, transport, source, _, to = head.split()
    return traced(way == "TX", transport.lower(), to if way == "TX" else source, text.encode())


def test_an_answered_call_is_ended_along_its_route():
    known = dialog(INVITE, ANSWER.format(status="180 Ringing"), ANSWER.format(status="200 OK"))
    assert known.is_answered
    bye = parsed(ending("BYE", known, "z9hG4bKnew", "192.0.2.1:5060"))
    assert (bye.method, bye.target, bye.sequence) == ("BYE", "sip:gran@192.0.2.77:5080;line=2", (8, "BYE"))
    assert bye.headers("Route") == ["<sip:third.example;lr>", "<sip:second.example;lr>", "<sip:first.example;lr>"]
    assert (bye.header("To"), bye.header("From")) == (known.remote, '"Us" <sip:us@192.0.2.9>;tag=ours')
    assert known.remote.endswith("tag=theirs")


def test_a_call_that_rings_is_cancelled_in_the_words_of_its_invite():
    known = dialog(INVITE, ANSWER.format(status="180 Ringing"))
    cancel = parsed(ending("CANCEL", known, known.branch, "192.0.2.1:5060"))
    assert (cancel.target, cancel.sequence) == ("sip:13800000001@192.0.2.9", (7, "CANCEL"))
    assert (cancel.branch, cancel.header("To")) == ("z9hG4bKours", "<sip:13800000001@192.0.2.9>")


def test_a_call_that_rings_is_hung_up_along_the_route_of_its_ringing():
    known = dialog(INVITE, ANSWER.format(status="180 Ringing"))
    bye = parsed(ending("BYE", known, "z9hG4bKnew", "192.0.2.1:5060"))
    assert (bye.target, bye.sequence) == ("sip:gran@192.0.2.77:5080;line=2", (8, "BYE"))
    assert bye.headers("Route") == ["<sip:third.example;lr>", "<sip:second.example;lr>", "<sip:first.example;lr>"]
    assert Dialog.read(json.loads(json.dumps(known.written()))) == known


def test_a_request_that_ends_a_call_names_the_address_that_the_far_side_knows_us_by():
    ringing = dialog(INVITE, ANSWER.format(status="180 Ringing"))
    cancel = parsed(ending("CANCEL", ringing, ringing.branch, "0.0.0.0:5060"))
    assert cancel.sent_by == "192.0.2.1:5060"
    received = INVITE.replace("TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060", "RX UDP 192.0.2.9:5060 -> 192.0.2.1:5060")
    answered = (ANSWER.format(status="200 OK").replace("RX UDP 192.0.2.9:5060 -> 192.0.2.1:5060",
                                                       "TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060")
                .replace("gran@192.0.2.77:5080", "us@192.0.2.1:5060"))  # fmt: skip
    bye = parsed(ending("BYE", dialog(received, answered), "z9hG4bKnew", "0.0.0.0:5060"))
    assert bye.sent_by == "192.0.2.1:5060"
    assert (
        parsed(ending("BYE", replace(ringing, sent_by=""), "z9hG4bKnew", "192.0.2.3:5060")).sent_by == "192.0.2.3:5060"
    )


def test_a_call_that_is_invited_again_with_a_password_is_known_by_the_second_time():
    again = INVITE.replace("CSeq: 7", "CSeq: 8").replace("z9hG4bKours", "z9hG4bKagain")
    known = dialog(INVITE, ANSWER.format(status="401 Unauthorized"), again)
    assert (known.sequence, known.branch, known.is_answered) == (8, "z9hG4bKagain", False)


def test_a_call_that_came_in_is_ended_from_our_side():
    received = INVITE.replace("TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060", "RX UDP 192.0.2.9:5060 -> 192.0.2.1:5060")
    answered = ANSWER.format(status="200 OK").replace("RX UDP 192.0.2.9:5060 -> 192.0.2.1:5060",
                                                      "TX UDP 192.0.2.1:5060 -> 192.0.2.9:5060")  # fmt: skip
    known = dialog(received, answered)
    assert known.is_answered
    bye = parsed(ending("BYE", known, "z9hG4bKnew", "192.0.2.1:5060"))
    assert (bye.target, bye.header("To")) == ("sip:us@192.0.2.1:5060", '"Us" <sip:us@192.0.2.9>;tag=ours')
    assert bye.header("From").endswith("tag=theirs")


@pytest.mark.parametrize("noise", [b"", b"\r\n\r\n", b"nonsense", b"PING", b"\x00\xff"])
def test_noise_is_no_message(noise):
    assert traced(False, "udp", "192.0.2.9:5060", noise) is None


@pytest.mark.parametrize(
    ("fields", "caller"),
    [
        ("From: <sip:13800000001@x>;tag=1", "13800000001"),
        ('From: "anonymous" <sip:anonymous@anonymous.invalid>;tag=1', ""),
        ("From: <sip:anonymous@x>;tag=1\nP-Asserted-Identity: <tel:+8613800000001;x=1>", "+8613800000001"),
        ("From: <sip:13800000001@x>;tag=1\nPrivacy: header;id", ""),
    ],
)
def test_who_rings(fields, caller):
    text = f"INVITE sip:us@192.0.2.1 SIP/2.0\nTo: <sip:031186009002@x>\n{fields}\n"
    rung = incoming(None, parsed(text.encode()))
    assert (rung.caller, rung.called) == (caller, "031186009002")


@pytest.mark.parametrize(
    ("called", "ours"),
    [
        ("86009002", "+8631186009002"),
        ("+8631186009001", "+8631186009001"),
        ("1", "+8631186009001"),
        ("", "+8631186009001"),
    ],
)
def test_which_of_our_numbers_was_called(called, ours):
    assert our_number(called, ["+8631186009001", "+8631186009002"]) == ours


def test_addresses():
    assert uri_of('"a <b>" <sip:c@d;e=f>;tag=1') == "sip:c@d;e=f"
    assert (uri_of("sip:c@d;tag=1"), user_of("<sip:c;x=1@d>"), user_of("<sip:d>")) == ("sip:c@d", "c", "")
