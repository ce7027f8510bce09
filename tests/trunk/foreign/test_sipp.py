"""Calls with sipp at the other end: each of its scenarios fails where a message of ours is none that it expects."""

import pytest

from tests.patience import wait_for
from tests.trunk.foreign import sipp
from tests.trunk.foreign.sipp import (
    agrees,
    asks,
    caller_asks,
    calls,
    comes,
    is_answered,
    pauses,
    presses,
    rung,
    says,
)
from tests.trunk.ports import free_address
from tests.trunk.running import OURS, Trunk, number
from tests.trunk.test_calls import ask

ANSWERS = (rung(), says("180 Ringing"), says("200 OK", sdp=True), comes("ACK"))
IS_HUNG_UP = (comes("BYE"), agrees())
FEW, MANY = 2, 50


class Gateway:
    """Where sipp is to be found."""

    def __init__(self, address):
        self.address = address


@pytest.fixture(scope="module", autouse=True)
def is_installed():
    if lacks := sipp.missing():
        pytest.fail(lacks)


@pytest.fixture(scope="module")
def trunk(service, tmp_path_factory):
    """Its gateway is asked for nothing but calls: a scenario counts every message."""
    opened = Trunk(service, tmp_path_factory.mktemp("trunk"), Gateway(free_address()), "--no-options")
    yield opened
    opened.close()


SENT_AGAIN = ("-default_behaviors", "all,-abortunexp")
"""On a busy machine fifty INVITEs are not answered within half a second, and are sent again (RFC 3261, 17.1.1.2), which
sipp takes for something new: it passes over that, and its steps are still all to be gone."""


def at(trunk, folder, *steps, **more):
    return sipp.running(folder, trunk.phones.address, *steps, **more)


def asked(service, seconds=60):
    to = number()
    path = f"/{to[1:]}"
    service.says(path, ask(service, f"{path}/1", service.sound("/word.wav", 0.3, 400), seconds=seconds))
    return to, path


def placed(trunk, to, **more):
    """A call, as soon as one is placed: after three in a row that did not get through the line rests for a while."""
    call, order = f"call-{to}", trunk.order(to, **more)
    wait_for(lambda: trunk.ask("PUT", f"/calls/{call}", json=order).status_code in {200, 201}, "the line")
    return call


def test_it_answers_and_presses_a_key_and_we_hang_up(service, trunk, tmp_path):
    to, path = asked(service)
    with at(trunk, tmp_path, *ANSWERS, pauses(200), presses("1"), *IS_HUNG_UP):
        assert trunk.outcome(placed(trunk, to)) == "completed"
    assert service.wait(f"{path}/1")["keys"] == "1"


def test_it_answers_and_hangs_up(service, trunk, tmp_path):
    to, _ = asked(service)
    with at(trunk, tmp_path, *ANSWERS, pauses(100), asks("BYE"), is_answered(200)):
        assert trunk.outcome(placed(trunk, to)) == "completed"


REFUSALS = [
    ("486 Busy Here", "busy"), ("600 Busy Everywhere", "busy"), ("603 Decline", "declined"),
    ("404 Not Found", "not in service"), ("484 Address Incomplete", "not in service"),
    ("604 Does Not Exist Anywhere", "not in service"), ("410 Gone", "not in service"),
    ("480 Temporarily Unavailable", "no answer"), ("408 Request Timeout", "no answer"),
    ("488 Not Acceptable Here", "network"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "outcome"), REFUSALS)
@pytest.mark.parametrize("early", ["180 Ringing", "183 Session Progress"])
def test_it_refuses(trunk, tmp_path, early, status, outcome):
    steps = (rung(), says(early, sdp=early.startswith("183")), pauses(50), says(status), comes("ACK"))
    with at(trunk, tmp_path, *steps):
        assert trunk.outcome(placed(trunk, number())) == outcome


@pytest.mark.parametrize("status", ["503 Service Unavailable", "500 Server Internal Error", "504 Server Time-out"])
def test_it_has_no_line_and_says_so_at_once(trunk, tmp_path, status):
    with at(trunk, tmp_path, rung(), says(status), comes("ACK")):
        assert trunk.outcome(placed(trunk, number())) == "network"


def test_nobody_answers(trunk, tmp_path):
    steps = (rung(), says("180 Ringing"), comes("CANCEL"), agrees(), says("487 Request Terminated", invite=True),
             comes("ACK"))  # fmt: skip
    with at(trunk, tmp_path, *steps):
        assert trunk.outcome(placed(trunk, number(), ring_seconds=1)) == "no answer"


TIMER = "Supported: timer\nSession-Expires: 90;refresher=uac\nMin-SE: 90\n"


def test_it_keeps_the_session_alive_by_itself(service, trunk, tmp_path):
    """Session timers (RFC 4028): we have none, and whoever has them refreshes alone, by INVITE or by UPDATE."""
    to, path = asked(service)
    refreshed = (
        asks("INVITE", sipp.SDP, fields=TIMER, number=1),
        is_answered(200),
        asks("ACK", number=1),
        asks("UPDATE", fields=TIMER, number=2),
        is_answered(200),
    )
    with at(trunk, tmp_path, *ANSWERS, *refreshed, presses("9", number=3), *IS_HUNG_UP):
        assert trunk.outcome(placed(trunk, to)) == "completed"
    assert service.wait(f"{path}/1")["keys"] == "9"


OFFERS_AGAIN = (comes("INVITE"), agrees(sdp=True), comes("ACK"))
"""Having answered, our engine offers once more what it has agreed to (baresip-python 0.5.2a3)."""


def call_us(trunk, folder, steps, fields=""):
    uri = f"sip:{OURS}@{trunk.address}"
    service_number = number()
    more = ("-s", service_number, trunk.address)
    begun = (calls(uri, fields), '<recv response="100" optional="true"/>', '<recv response="180" optional="true"/>',
             '<recv response="200" rrs="true"/>', caller_asks("ACK", uri, 1), *OFFERS_AGAIN)  # fmt: skip
    return sipp.running(folder, trunk.phones.address, *begun, *steps(uri), arguments=more)


def test_it_rings_us_and_presses_a_key(service, trunk, tmp_path):
    service.says("/inbound/voice", ask(service, "/in/sipp", service.sound("/long.wav", 30, 400), seconds=60))

    def steps(uri):
        key = caller_asks("INFO", uri, 2, "Signal=1\nDuration=160\n", "application/dtmf-relay")
        return (pauses(200), key, is_answered(200), *IS_HUNG_UP)

    with call_us(trunk, tmp_path, steps, TIMER):
        assert service.wait("/in/sipp")["keys"] == "1"


def test_it_rings_us_and_hangs_up(service, trunk, tmp_path):
    already = len(service.told("/inbound/voice"))
    service.says("/inbound/voice", ask(service, "/in/sipp", service.sound("/long.wav", 30, 400), seconds=60))
    with call_us(trunk, tmp_path, lambda uri: (pauses(200), caller_asks("BYE", uri, 2), is_answered(200))):
        assert trunk.outcome(service.wait("/inbound/voice", already + 1)["call"]) == "completed"


def test_fifty_calls_at_once(service, trunk, tmp_path):
    ready = [asked(service, seconds=300) for _ in range(MANY)]
    with at(trunk, tmp_path, *ANSWERS, *IS_HUNG_UP, calls=MANY, arguments=SENT_AGAIN):
        under_way = [placed(trunk, to) for to, _ in ready]
        for _, path in ready:
            service.wait(path)
        assert trunk.ask("GET", "/healthz").json()["calls"] == MANY
        assert trunk.ask("PUT", "/calls/one-too-many", json=trunk.order(number())).status_code == 503
        for call in under_way:
            trunk.ask("POST", f"/calls/{call}/hang-up")
        assert {trunk.outcome(call) for call in under_way} == {"completed"}


def test_fifty_telephones_are_answered_and_press_a_key_each(service, trunk, tmp_path):
    ready = [asked(service) for _ in range(MANY)]
    with at(trunk, tmp_path, *ANSWERS, pauses(300), presses("1"), *IS_HUNG_UP, calls=MANY, arguments=SENT_AGAIN):
        under_way = [placed(trunk, to) for to, _ in ready]
        assert {trunk.outcome(call) for call in under_way} == {"completed"}
    assert [service.wait(f"{path}/1")["keys"] for _, path in ready] == ["1"] * MANY


def test_the_codecs_that_a_gateway_names_are_told(service, tmp_path):
    """In its answer to OPTIONS, which need not describe anything."""
    gateway = Gateway(free_address())
    with sipp.running(tmp_path, gateway.address, comes("OPTIONS"), says("200 OK", sdp=True)):
        trunk = Trunk(service, tmp_path / "trunk", gateway)
        codecs = wait_for(lambda: trunk.ask("GET", "/healthz").json()["peers"][0]["codecs"], "the codecs")
    assert codecs == ["PCMA"]
    trunk.close()
