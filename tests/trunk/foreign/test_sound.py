"""The sound of a call as other stacks and networks want it: codecs, packet lengths, silence, losses and delays."""

import re

import numpy as np
import pytest

from tests.patience import wait_for
from tests.trunk.foreign.relay import Relay
from tests.trunk.running import number
from tests.trunk.sound import tones
from tests.trunk.test_calls import ask
from tests.trunk.test_talking import level
from trunk.sound.tones import BEEP_HERTZ

PCMU, PCMA, COMFORT_NOISE, EVENTS = 0, 8, 13, 120
A_LAW_ONLY = [
    [r"m=audio (\d+) RTP/AVP .*\r\n", r"m=audio \1 RTP/AVP 8 120\r\n"],
    [r"a=rtpmap:(?!8 |120 ).*\r\n", ""],
]
NO_EVENTS = [[r"m=audio (\d+) RTP/AVP .*\r\n", r"m=audio \1 RTP/AVP 8\r\n"], [r"a=(rtpmap|fmtp):(?!8 ).*\r\n", ""]]
"""Neither is a way of sending keys agreed upon."""


def press_until_told(service, phones, tmp_path, to, path, key, way):
    """Tones are sound: where this machine is held up they are lost, and whoever gets no answer presses again."""
    sound = tones.write(tmp_path / "keys.wav", tones.keys(key, 0.3, 0.3, low=-15, high=-15))
    until = len(phones.seen("quiet", number=to))
    while not service.told(f"{path}/1"):
        if way != "in-band":
            phones.press(to, key, way)
            break
        until += 1
        phones.press(to, sound, "play")
        phones.wait("quiet", until, number=to)
    return service.wait(f"{path}/1")["keys"]


def packets_of(milliseconds):
    return [*A_LAW_ONLY, [r"a=rtpmap:8 ", f"a=ptime:{milliseconds}\r\na=rtpmap:8 "]]


@pytest.fixture
def relay(request):
    opened = Relay(**getattr(request, "param", {}))
    yield opened
    opened.close()


def through(relay, phones, service, trunk, *heard, sdp=(), **asks):
    """A call whose sound goes through the relay, and whose question is being asked."""
    to = number()
    path = f"/{to[1:]}"
    service.says(path, ask(service, f"{path}/1", *(heard or [service.sound("/word.wav", 0.3, 400)]), **asks))
    phones.script(to, code=200, sdp=[*sdp, *relay.sdp])
    call = trunk.call(to)
    relay.learns(phones.wait("sdp", number=to)["sdp"])
    phones.wait("hears", number=to)
    return call, to, path


@pytest.mark.parametrize("milliseconds", [20, 30, 40, 60])
def test_packets_are_as_long_as_the_far_side_asks(service, phones, trunk, relay, milliseconds):
    call, to, path = through(relay, phones, service, trunk, service.sound("/two.wav", 2, 400),
                             sdp=packets_of(milliseconds), seconds=30)  # fmt: skip
    wait_for(lambda: len(relay.ours) > 10, "some packets")
    phones.press(to, "1", "info")
    assert service.wait(f"{path}/1")["keys"] == "1"
    assert trunk.outcome(call) == "completed"
    sizes = {size for kind, size in relay.ours[5:] if kind == PCMA}  # the first may leave before the answer is read
    assert sizes == {8 * milliseconds}


@pytest.mark.parametrize("way", ["rfc", "info", "in-band"])
def test_a_far_side_that_knows_a_law_alone(service, phones, trunk, relay, tmp_path, way):
    _, to, path = through(relay, phones, service, trunk, sdp=A_LAW_ONLY, seconds=60)
    assert press_until_told(service, phones, tmp_path, to, path, "9", way) == "9"
    assert {kind for kind, _ in relay.ours} == {PCMA}


@pytest.mark.parametrize("way", ["info", "in-band"])
def test_keys_of_a_far_side_that_sends_no_events_in_its_sound(service, phones, trunk, relay, tmp_path, way):
    _, to, path = through(relay, phones, service, trunk, sdp=NO_EVENTS, seconds=60)
    assert press_until_told(service, phones, tmp_path, to, path, "9", way) == "9"
    assert {kind for kind, _ in relay.theirs} == {PCMA}


BAD = {"loss": 0.05, "jitter": 0.04}


@pytest.mark.parametrize("relay", [BAD], indirect=True)
@pytest.mark.parametrize("way", ["rfc", "info"])
def test_keys_over_a_network_that_loses_and_delays(service, phones, trunk, relay, way):
    """In-band tones are lost with the sound; the other two ways repeat themselves."""
    _, to, path = through(relay, phones, service, trunk, keys=6, seconds=120)
    phones.press(to, "24680#", way)
    assert service.wait(f"{path}/1")["keys"] == "24680"
    assert relay.lost


@pytest.mark.parametrize("relay", [BAD | {"overtakes": True, "jitter": 0.07, "seed": 3}], indirect=True)
def test_keys_over_a_network_on_which_packets_overtake_each_other(service, phones, trunk, relay):
    """A packet of a key that comes after its end is no second key, and two keys alike stay two."""
    _, to, path = through(relay, phones, service, trunk, keys=9, seconds=120)
    phones.press(to, "99246880#")
    assert service.wait(f"{path}/1")["keys"] == "99246880"
    assert relay.lost


@pytest.mark.parametrize("relay", [BAD], indirect=True)
def test_a_message_over_a_network_that_loses_and_delays(service, phones, trunk, relay, tmp_path):
    """It is recorded to its end, and no longer: what is lost is neither speech nor the end of it."""
    to = number()
    path = f"/{to[1:]}"
    record = {"url": f"{service.url}{path}/1", "max_seconds": 20, "silence_seconds": 2,
              "status_url": f"{service.url}{path}/kept"}  # fmt: skip
    service.says(path, {"hear": [], "record": record})
    phones.script(to, code=200, sdp=relay.sdp)
    trunk.call(to)
    relay.learns(phones.wait("sdp", number=to)["sdp"])
    phones.wait("hears", number=to)  # the beep
    spoken = np.concatenate([tones.quiet(0.4), tones.noise(2.5, -20), tones.quiet(4)])
    phones.order("play", number=to, path=tones.write(tmp_path / "words.wav", spoken))
    assert 2 <= service.wait(f"{path}/1")["seconds"] <= 4
    phones.wait("ended", number=to)
    heard, rate = phones.heard(to)
    assert (level(heard, BEEP_HERTZ, rate) > 0.05).sum() >= 10


def as_comfort_noise(packet):
    """A packet of silence as one of comfort noise (RFC 3389): its type, and a level instead of sound."""
    is_quiet = packet[1] & 0x7F == PCMA and len(set(packet[12:])) <= 4
    return bytes([packet[0], packet[1] & 0x80 | COMFORT_NOISE, *packet[2:12], 60]) if is_quiet else packet


@pytest.mark.parametrize("relay", [{"rewrites": as_comfort_noise}], indirect=True)
def test_comfort_noise_is_no_speech_and_no_key_and_the_call_goes_on(service, phones, trunk, relay, tmp_path):
    _, to, path = through(relay, phones, service, trunk, sdp=A_LAW_ONLY, seconds=60)
    phones.order("play", number=to, path=tones.write(tmp_path / "quiet.wav", tones.quiet(1)))
    phones.wait("quiet", number=to)
    assert COMFORT_NOISE in {kind for kind, _ in relay.theirs}
    phones.press(to, "1")
    assert service.wait(f"{path}/1")["keys"] == "1"


def test_what_is_described_to_the_far_side_is_what_it_can_choose_from(phones, trunk):
    """A-law first, as the network of mainland China has it, and events for keys."""
    to = number()
    phones.script(to, code=486)
    trunk.outcome(trunk.call(to))
    offer = phones.seen("rung", number=to)[0]["message"]
    kinds = re.search(r"m=audio \d+ RTP/AVP (.*)\r\n", offer)[1].split()
    assert kinds[:2] == ["8", "0"]
    assert f"a=rtpmap:{kinds[2]} telephone-event/8000" in offer
