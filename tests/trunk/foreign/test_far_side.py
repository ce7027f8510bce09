"""What a far side may do with a call besides answering it: hold, early sound, one more call, going away early."""

import pytest

from tests.patience import wait_for
from tests.trunk.running import OURS, number
from tests.trunk.sound import tones
from tests.trunk.test_calls import ask
from tests.trunk.test_talking import conversation, level


def held(phones, to, is_held, times):
    phones.order("hold", number=to, is_held=is_held)
    phones.wait("replied", times, number=to, method="INVITE", code=200)


@pytest.mark.parametrize("way", ["rfc", "info"])
def test_a_call_that_is_held_and_taken_up_again_goes_on(service, phones, trunk, way):
    call, to, path = conversation(service, phones, trunk, seconds=120)
    service.says(f"{path}/1", ask(service, f"{path}/2", service.sound("/after.wav", 30, 700), seconds=60))
    for times in (1, 3):  # held and taken up, twice
        held(phones, to, True, times)
        held(phones, to, False, times + 1)
    phones.press(to, "1", way)
    assert service.wait(f"{path}/1")["keys"] == "1"
    phones.press(to, "2", way)
    assert service.wait(f"{path}/2")["keys"] == "2"
    assert trunk.outcome(call) == "completed"


def test_a_prompt_that_is_played_while_the_call_is_held_goes_on_afterwards(service, phones, trunk):
    call, to, _ = conversation(service, phones, trunk, service.sound("/long.wav", 6, 400), seconds=0.2)
    held(phones, to, True, 1)
    held(phones, to, False, 2)
    assert trunk.outcome(call) == "completed"
    phones.wait("ended", number=to)


def test_a_call_that_is_held_and_hung_up_has_ended(service, phones, trunk):
    call, to, _ = conversation(service, phones, trunk, seconds=120)
    held(phones, to, True, 1)
    phones.order("hang up", number=to)
    assert trunk.outcome(call) == "completed"


def test_sound_before_the_answer_is_no_answer(service, phones, trunk, tmp_path):
    to = number()
    early = tones.write(tmp_path / "early.wav", tones.sine(450, 5, -15))
    phones.script(to, progress=True, plays=early, code=200, after=1.0)
    path = f"/{to[1:]}"
    service.says(path, ask(service, f"{path}/1", service.sound("/word.wav", 0.3, 700), seconds=60))
    call = trunk.call(to)
    phones.wait("hears", number=to)
    assert phones.seen("answered", number=to)
    phones.press(to, "1", "info")
    assert service.wait(f"{path}/1")["keys"] == "1"
    assert trunk.outcome(call) == "completed"


@pytest.mark.parametrize(("code", "outcome"), [(486, "busy"), (480, "no answer"), (404, "not in service"),
                                               (503, "network")])  # fmt: skip
def test_an_announcement_and_then_a_refusal_is_no_answer(service, phones, trunk, tmp_path, code, outcome):
    to = number()
    early = tones.write(tmp_path / "early.wav", tones.noise(2, -20))
    phones.script(to, progress=True, plays=early, code=code, after=0.5)
    assert trunk.outcome(trunk.call(to)) == outcome
    assert service.told(f"/{to[1:]}") == []


def test_a_second_call_to_a_telephone_that_is_in_one(service, phones, trunk):
    first, to, path = conversation(service, phones, trunk, seconds=120)
    phones.script(to, code=200, lines=1)
    assert trunk.outcome(trunk.call(to)) == "busy"
    assert trunk.look_up(first)["outcome"] is None
    phones.press(to, "1", "info")
    assert service.wait(f"{path}/1")["keys"] == "1"
    assert trunk.outcome(first) == "completed"


@pytest.mark.parametrize("how", [
    {"as_": "sip:anonymous@anonymous.invalid"},
    {"headers": {"Privacy": "id", "P-Asserted-Identity": "<sip:+8613800009999@127.0.0.1>"}},
], ids=["anonymous", "private"])  # fmt: skip
def test_whoever_withholds_their_number_is_asked_like_anybody_else(service, phones, trunk, how):
    caller = number()
    service.says("/inbound/voice", ask(service, f"/in/{caller[1:]}", service.sound("/long.wav", 30, 400)))
    phones.order("ring", number=caller, uri=f"sip:{OURS}@{trunk.address}", **how)
    phones.wait("hears", number=caller)
    told = service.told("/inbound/voice")[-1]
    assert (told["number"], told["caller"], told["party"]) == (OURS, "", "")
    phones.press(caller, "1")
    assert service.wait(f"/in/{caller[1:]}")["keys"] == "1"
    phones.wait("ended", number=caller)


def test_whoever_rings_us_and_hangs_up_before_we_have_answered(service, phones, trunk):
    caller = number()
    service.says("/inbound/voice", ask(service, "/nowhere"))
    service.ponders("/inbound/voice")
    asked = len(service.told("/inbound/voice"))
    phones.order("ring", number=caller, uri=f"sip:{OURS}@{trunk.address}")
    call = service.wait("/inbound/voice", asked + 1)["call"]
    phones.order("hang up", number=caller)
    assert phones.wait("ended", number=caller)["code"] == 487
    service.decides("/inbound/voice")
    assert trunk.outcome(call) == "cancelled"
    wait_for(lambda: call in {each["call"] for each in service.told("/inbound/status")}, "the report of the end")


def test_whoever_hangs_up_as_soon_as_they_have_answered(service, phones, trunk):
    to = number()
    path = f"/{to[1:]}"
    service.says(path, ask(service, f"{path}/1", service.sound("/long.wav", 30, 400)))
    service.ponders(path)
    phones.script(to, code=200)
    call = trunk.call(to)
    service.wait(path)
    phones.order("hang up", number=to)
    assert trunk.outcome(call) == "completed"
    service.decides(path)
    assert service.told(f"{path}/1") == []


def test_the_beginning_of_a_call_in_which_nobody_speaks_and_nobody_hangs_up(service, phones, trunk):
    """The service decides how long it waits, and the call is over then on both sides."""
    call, to, path = conversation(service, phones, trunk, seconds=0.3)
    assert service.wait(f"{path}/1")["keys"] == ""
    assert trunk.outcome(call) == "completed"
    wait_for(lambda: phones.seen("ended", number=to), "the end at the telephone")
    heard, rate = phones.heard(to)
    assert (level(heard, 400, rate) > 0.1).any()
