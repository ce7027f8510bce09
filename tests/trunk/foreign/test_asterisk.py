"""Asterisk, configured as ``docs/sip.md`` says, between us and telephones of a third stack."""

import pytest

from tests.patience import wait_for
from tests.trunk.foreign.asterisk import Asterisk, documented_command
from tests.trunk.phones import Phones
from tests.trunk.ports import free_address
from tests.trunk.running import OURS, Trunk, number
from tests.trunk.sound import tones
from tests.trunk.test_calls import ask
from tests.trunk.test_talking import press

pytestmark = pytest.mark.asterisk
BEHIND = "127.0.0.2"
"""Where the telephones are: Asterisk knows us by our address."""
ACCOUNT = ("--user", "zaoan", "--register-seconds", "600")
WAYS_IN = {"rfc4733": ["rfc"], "info": ["info"], "inband": ["in-band"]}


class Place:
    """A trunk, an Asterisk and telephones; numbers are dialled as Asterisk hands them on, without a +."""

    def __init__(self, service, folder, *ours, dtmf_mode="rfc4733", with_password=False, has_lines=True):
        port = free_address().partition(":")[2]
        self.phones = Phones(f"{BEHIND}:{port}", folder / "phones")
        address = free_address()
        self.asterisk = Asterisk(folder / "asterisk", free_address(), address, self.phones.address,
                                 dtmf_mode=dtmf_mode, with_password=with_password, has_lines=has_lines)  # fmt: skip
        environment = {"TRUNK_PASSWORD": "another-one"} if with_password else {}
        self.trunk = Trunk(service, folder / "trunk", self.phones, *ours, address=address,
                           proxy=self.asterisk.address, environment=environment)  # fmt: skip
        wait_for(self.is_ready, "Asterisk")

    def is_ready(self):
        [stands] = self.trunk.ask("GET", "/healthz").json()["peers"]
        return stands["gateway"] == "answers" and stands["registered"]

    def close(self):
        self.trunk.close()
        self.asterisk.close()
        self.phones.close()


def dialled():
    """A number as the telephone behind Asterisk sees it."""
    return number().strip("+")


@pytest.fixture(scope="module")
def place(service, tmp_path_factory):
    opened = Place(service, tmp_path_factory.mktemp("asterisk"))
    yield opened
    opened.close()


def talking(service, place, to, **asks):
    path = f"/{to}"
    service.says(path, ask(service, f"{path}/1", service.sound("/word.wav", 0.5, 400), **{"seconds": 60} | asks))
    place.phones.script(to, code=200)
    call = place.trunk.call(to)
    place.phones.wait("hears", number=to)
    return call, path


@pytest.mark.parametrize("mode", WAYS_IN)
def test_keys_in_every_way_that_asterisk_can_be_told(service, tmp_path, mode):
    place = Place(service, tmp_path, dtmf_mode=mode)
    for way in WAYS_IN[mode]:
        to = dialled()
        call, path = talking(service, place, to)
        press(place.phones, tmp_path, to, "9", way)
        assert service.wait(f"{path}/1")["keys"] == "9"
        assert place.trunk.outcome(call) == "completed"
        place.phones.wait("ended", number=to)
    place.close()


def test_our_number_is_seen_whether_we_are_known_by_address_or_by_password(service, place, tmp_path):
    known = Place(service, tmp_path, *ACCOUNT, with_password=True)
    for each in (place, known):
        to = dialled()
        call, path = talking(service, each, to)
        assert f"sip:{OURS}@" in each.phones.seen("rung", number=to)[0]["caller"]
        each.phones.press(to, "1")
        assert service.wait(f"{path}/1")["keys"] == "1"
        assert each.trunk.outcome(call) == "completed"
    known.close()


@pytest.mark.parametrize(("code", "outcome"), [(486, "busy"), (603, "declined"), (404, "not in service"),
                                               (480, "no answer"), (503, "network")])  # fmt: skip
def test_why_nobody_was_reached(place, code, outcome):
    to = dialled()
    place.phones.script(to, code=code)
    assert place.trunk.outcome(place.trunk.call(to)) == outcome


def test_nobody_answers(place):
    to = dialled()
    call = place.trunk.call(to, ring_seconds=1)
    assert place.trunk.outcome(call) == "no answer"
    assert place.phones.wait("ended", number=to)["code"] == 487


def test_either_side_hangs_up(service, place):
    to = dialled()
    call, _ = talking(service, place, to)
    place.phones.order("hang up", number=to)
    assert place.trunk.outcome(call) == "completed"
    to = dialled()
    call, _ = talking(service, place, to)
    place.trunk.ask("POST", f"/calls/{call}/hang-up")
    place.phones.wait("ended", number=to)


def test_sound_before_the_answer_and_then_busy(place, tmp_path):
    to = dialled()
    early = tones.write(tmp_path / "early.wav", tones.noise(3, -20))
    place.phones.script(to, progress=True, plays=early, code=486, after=1)
    assert place.trunk.outcome(place.trunk.call(to)) == "busy"


def test_a_telephone_behind_asterisk_rings_us(service, place):
    caller = dialled()
    service.says("/inbound/voice", ask(service, f"/in/{caller}", service.sound("/long.wav", 30, 400), seconds=60))
    host = place.asterisk.address
    place.phones.order("ring", number=caller, uri=f"sip:{OURS.strip('+')}@{host}")
    place.phones.wait("hears", number=caller)
    told = service.told("/inbound/voice")[-1]
    assert (told["number"], told["caller"]) == (OURS, caller)
    place.phones.press(caller, "1")
    assert service.wait(f"/in/{caller}")["keys"] == "1"
    place.phones.wait("ended", number=caller)


def test_the_trunk_dies_in_a_conversation_and_the_next_one_puts_the_telephone_down(service, tmp_path):
    place = Place(service, tmp_path)
    talks, rings = dialled(), dialled()
    talking(service, place, talks, seconds=300)
    place.trunk.call(rings)
    place.phones.wait("rung", number=rings)
    place.trunk.kill()
    place.trunk.start()
    place.phones.wait("ended", number=talks)
    assert place.phones.wait("ended", number=rings)["code"] == 487
    place.close()


def test_asterisk_dies_and_nothing_is_dialled_until_it_is_back(service, tmp_path):
    place = Place(service, tmp_path)
    place.asterisk.kill()
    wait_for(
        lambda: place.trunk.ask("GET", "/healthz").json()["peers"][0]["gateway"] == "silent", "the gateway's death"
    )
    refused = place.trunk.ask("PUT", "/calls/1", json=place.trunk.order(dialled()))
    assert refused.status_code == 503
    place.asterisk.start()
    wait_for(place.is_ready, "Asterisk")
    call, path = talking(service, place, to := dialled())
    place.phones.press(to, "1")
    assert service.wait(f"{path}/1")["keys"] == "1"
    assert place.trunk.outcome(call) == "completed"
    place.close()


def test_keys_typed_quickly_come_through_asterisk_as_they_were_typed(service, place):
    to = dialled()
    _, path = talking(service, place, to, keys=6)
    place.phones.press(to, "1357#")
    assert service.wait(f"{path}/1")["keys"] == "1357"


def test_a_number_with_its_plus_is_dialled(place):
    to = dialled()
    place.phones.script(to, code=486)
    assert place.trunk.outcome(place.trunk.call(f"+{to}")) == "busy"


def test_the_telephone_to_try_with_is_engaged_or_presses_its_key_and_rings_us(service, tmp_path):
    place = Place(service, tmp_path, has_lines=False)
    assert place.trunk.outcome(place.trunk.call("13800138001")) == "busy"
    service.says("/13800138000", ask(service, "/tried", service.sound("/word.wav", 0.5, 400), seconds=60))
    place.trunk.call("13800138000")
    assert service.wait("/tried")["keys"] == "1"
    service.says("/inbound/voice", ask(service, "/tried/in", service.sound("/word.wav", 0.5, 400), seconds=60))
    place.asterisk.order(documented_command())
    assert service.wait("/tried/in")["keys"] == "1"
    place.close()
