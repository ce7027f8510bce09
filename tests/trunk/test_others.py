"""Somebody rings us, and two people are connected, over real SIP."""

from socket import SOCK_DGRAM, socket

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.trunk.running import OURS, SECOND, number
from tests.trunk.sound import tones
from tests.trunk.test_calls import ask
from tests.trunk.test_talking import conversation, level


@pytest.mark.parametrize("ours", [OURS, SECOND])
def test_somebody_rings_us_and_presses_a_key(service, phones, trunk, ours):
    caller = number()
    service.says("/inbound/voice", ask(service, f"/in/{caller[1:]}", service.sound("/long.wav", 30, 400)))
    phones.order("ring", number=caller, uri=f"sip:{ours}@{trunk.address}")
    phones.wait("hears", number=caller)
    told = service.told("/inbound/voice")[-1]
    assert (told["number"], told["caller"], told["keys"]) == (ours, caller, "")
    phones.press(caller, "1")
    assert service.wait(f"/in/{caller[1:]}")["keys"] == "1"
    phones.wait("ended", number=caller)
    assert trunk.outcome(told["call"]) == "completed"
    assert service.wait("/inbound/status", len(service.told("/inbound/voice")))["outcome"] == "completed"


def test_a_service_that_asks_for_a_moment_is_told_again_who_rings_which_number(service, phones, trunk):
    """While its database is slow it has kept nothing of the call yet."""
    caller = number()
    path = f"/again/{caller[1:]}"
    service.says("/inbound/voice", {"hear": [{"quiet": 0.1}], "go_on": service.url + path})
    service.says(path, {"hear": [{"quiet": 0.1}]})
    phones.order("ring", number=caller, uri=f"sip:{SECOND}@{trunk.address}")
    told = service.wait(path)
    assert (told["caller"], told["number"], told["call"]) == (
        caller,
        SECOND,
        service.told("/inbound/voice")[-1]["call"],
    )


def test_a_service_that_takes_no_call_lets_the_caller_hear_that_we_are_busy(service, phones, trunk):
    caller = number()
    service.says("/inbound/voice", 500)
    phones.order("ring", number=caller, uri=f"sip:{OURS}@{trunk.address}")
    assert phones.wait("ended", number=caller)["code"] == 486


STRANGER = "127.0.0.2"
INVITE = """INVITE sip:{ours}@{trunk} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKstranger
Max-Forwards: 70
From: <sip:{caller}@{here}>;tag=stranger
P-Asserted-Identity: <sip:{caller}@{here}>
To: <sip:{ours}@{trunk}>
Call-ID: stranger@{here}
CSeq: 1 INVITE
Contact: <sip:{caller}@{here}>
Content-Type: application/sdp
Content-Length: {length}

"""
SDP = f"v=0\r\no=- 1 1 IN IP4 {STRANGER}\r\ns=-\r\nc=IN IP4 {STRANGER}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"


def test_a_call_that_does_not_come_from_the_gateway_is_refused_whatever_number_it_names(service, trunk):
    caller, already = number(), len(service.told("/inbound/voice"))
    service.says("/inbound/voice", ask(service, f"/in/{caller[1:]}", service.sound("/long.wav", 30, 400)))
    host, _, port = trunk.address.partition(":")
    with socket(type=SOCK_DGRAM) as stranger:
        stranger.settimeout(PATIENCE_SECONDS)
        stranger.bind((STRANGER, 0))
        here = f"{STRANGER}:{stranger.getsockname()[1]}"
        head = INVITE.format(ours=OURS, trunk=trunk.address, here=here, caller=caller, length=len(SDP))
        stranger.sendto((head.replace("\n", "\r\n") + SDP).encode(), (host, int(port)))
        while int((answer := stranger.recv(4096).split(b" "))[1]) < 200:
            pass
    assert answer[1] == b"486"
    assert len(service.told("/inbound/voice")) == already


def connecting(service, phones, trunk, **script):
    """A call whose party waits for somebody else; both numbers, and the path of the first."""
    other = number()
    leg = f"leg-{other[1:]}"
    whisper = f"{service.url}/whisper/{other[1:]}"
    service.says(f"/whisper/{other[1:]}", {"hear": [service.sound("/whisper.wav", 0.5, 600)], "bridge": True})
    connect = {"leg": leg, "number": other, "dialled": other, "from_": OURS, "ring_seconds": 20, "talk_seconds": 600,
               "whisper_url": whisper, "status_url": f"{whisper}/status"}  # fmt: skip
    phones.script(other, **script)
    call, to, path = conversation(service, phones, trunk)
    service.says(f"{path}/1", {"hear": [], "connect": connect | {"url": f"{service.url}{path}/2"}})
    phones.press(to, "4")
    return call, to, other, path


def test_two_people_are_connected_and_hear_each_other_and_see_only_our_number(service, phones, trunk, tmp_path):
    call, to, other, path = connecting(service, phones, trunk, code=200)
    phones.wait("hears", number=other)
    leg = f"leg-{other[1:]}"
    assert f"sip:{OURS}@" in phones.seen("rung", number=other)[0]["caller"]
    for one, hertz in ((to, 1300), (other, 1700)):
        phones.order("play", number=one, path=tones.write(tmp_path / f"{hertz}.wav", tones.sine(hertz, 3, -15)))
    phones.order("sync", token=leg)
    phones.wait("synced", token=leg)
    for each in (to, other):
        phones.wait("quiet", number=each)
    phones.order("hang up", number=other)
    told = service.wait(f"{path}/2")
    assert (told["leg"], told["leg_outcome"], told["talked"]) == (leg, "completed", True)
    assert service.wait(f"/whisper/{other[1:]}/status")["call"] == leg
    assert trunk.outcome(call) == "completed"
    phones.wait("ended", number=to)
    for each, hertz in ((to, 1700), (other, 1300)):
        heard, rate = phones.heard(each)
        assert (level(heard, hertz, rate) > 0.05).sum() > 50


def test_whoever_is_to_be_connected_is_busy(service, phones, trunk):
    _, _, _, path = connecting(service, phones, trunk, code=486)
    told = service.wait(f"{path}/2")
    assert (told["leg_outcome"], told["talked"]) == ("busy", False)


def test_whoever_waits_hangs_up_and_the_other_telephone_rings_no_more(service, phones, trunk):
    call, to, other, _ = connecting(service, phones, trunk)
    phones.wait("rung", number=other)
    phones.order("hang up", number=to)
    assert phones.wait("ended", number=other)["code"] == 487
    assert trunk.outcome(call) == "completed"
    assert trunk.outcome(f"leg-{other[1:]}") == "cancelled"
