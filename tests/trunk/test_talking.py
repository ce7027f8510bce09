"""What is heard and pressed in calls over real SIP: keys in every way, words that end with a key, messages."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pytest
import soundfile

from tests.trunk.running import number
from tests.trunk.sound import tones
from tests.trunk.test_calls import ask
from trunk.sound.tones import BEEP_HERTZ

TRIES = 3
WAYS = ["rfc", "info", "in-band"]


def conversation(service, phones, trunk, *heard, **asks):
    """A call that was answered and is being asked for keys; its id, number, and where the keys come."""
    to = number()
    path = f"/{to.strip('+')}"
    service.says(path, ask(service, f"{path}/1", *(heard or [service.sound("/word.wav", 0.3, 400)]), **asks))
    phones.script(to, code=200)
    call = trunk.call(to)
    phones.wait("hears", number=to)
    return call, to, path


def press(phones, tmp_path, to, keys, way):
    if way != "in-band":
        phones.press(to, keys, way)
        return
    sound = tones.write(tmp_path / "keys.wav", tones.keys(keys, 0.12, 0.1, low=-15, high=-15))
    phones.press(to, sound, "play")


def level(samples, hertz, rate=8000):
    """How much of a tone there is in each 20 ms."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return 2 * np.abs(frames @ np.exp(-2j * np.pi * hertz * np.arange(160) / rate)) / 160


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keys", ["3", "9", "#", "*"])
def test_a_key_in_every_way(service, phones, trunk, tmp_path, way, keys):
    call, to, path = conversation(service, phones, trunk, service.sound("/long.wav", 30, 400))
    press(phones, tmp_path, to, keys, way)
    assert service.wait(f"{path}/1")["keys"] == keys
    assert trunk.outcome(call) == "completed"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("typed", "told"), [("99", "99"), ("1357#", "1357"), ("112358", "112358"), ("#", "#")])
def test_several_keys_typed_quickly(service, phones, trunk, tmp_path, way, typed, told):
    _, to, path = conversation(service, phones, trunk, keys=2 if typed == "99" else 6, seconds=30)
    press(phones, tmp_path, to, typed, way)
    assert service.wait(f"{path}/1")["keys"] == told
    assert len(service.told(f"{path}/1")) == 1


def test_too_few_keys_are_told_when_no_more_come_and_silence_is_told(service, phones, trunk):
    _, to, path = conversation(service, phones, trunk, keys=6, seconds=1)
    phones.press(to, "12")
    assert service.wait(f"{path}/1")["keys"] == "12"
    _, _, path = conversation(service, phones, trunk, seconds=0.3)
    assert service.wait(f"{path}/1")["keys"] == ""


def test_a_question_that_closes_the_call_tells_no_silence(service, phones, trunk):
    call, _, path = conversation(service, phones, trunk, seconds=0.3, also_silence=False)
    assert trunk.outcome(call) == "completed"
    assert service.told(f"{path}/1") == []


def test_what_is_said_is_heard_whole_and_without_a_gap(service, phones, trunk):
    """At least once in three calls: a machine that has no time for 20 ms of sound loses them, at either end."""
    heard = []
    while len(heard) < TRIES and not (heard and heard[-1].is_whole()):
        heard.append(two_then_one(service, phones, trunk))
    assert heard[-1].is_whole(), heard


@dataclass(frozen=True)
class Frames:
    """How many frames of 20 ms were heard of two seconds and of one, and how many the first ones spanned."""

    first: float
    spanned: float
    second: float
    spare: float

    def is_whole(self):
        exact = abs(self.first - 100) <= self.spare and abs(self.second - 50) <= self.spare
        return exact and self.first >= self.spanned


def two_then_one(service, phones, trunk):
    to = number()
    service.says(f"/{to.strip('+')}", {"hear": [service.sound("/two.wav", 2, 400), {"quiet": 0.5},
                                                service.sound("/one.wav", 1, 700)]})  # fmt: skip
    phones.script(to, code=200)
    assert trunk.outcome(trunk.call(to)) == "completed"
    phones.wait("ended", number=to)
    heard, rate = phones.heard(to)
    first, second = ((level(heard, hertz, rate) > 0.1).nonzero()[0] for hertz in (400, 700))
    frames = rate // 50 / 160  # the phone's own rate
    return Frames(len(first) / frames, (first[-1] - first[0] - 1) / frames, len(second) / frames, 4 / frames)


def test_while_a_sound_is_awaited_it_is_heard_that_it_takes_a_moment(service, phones, trunk):
    to = number()
    path = f"/{to.strip('+')}"
    service.says(path, {"hear": [service.sound(f"{path}.wav", 1, 700)]})
    service.ponders(f"{path}.wav")
    phones.script(to, code=200)
    call = trunk.call(to)
    phones.wait("hears", number=to)
    service.decides(f"{path}.wav")
    assert trunk.outcome(call) == "completed"
    phones.wait("ended", number=to)
    heard, rate = phones.heard(to)
    moment, answer = ((level(heard, hertz, rate) > share).nonzero()[0] for hertz, share in ((330, 0.02), (700, 0.1)))
    assert len(moment) >= 5
    assert len(answer) >= 40
    assert moment[0] < answer[0]


def test_the_first_key_ends_the_words(service, phones, trunk):
    call, to, path = conversation(service, phones, trunk, service.sound("/long.wav", 30, 400))
    service.says(f"{path}/1", {"hear": [service.sound("/answer.wav", 1, 700)]})
    phones.press(to, "1")
    assert trunk.outcome(call) == "completed"
    phones.wait("ended", number=to)
    heard, rate = phones.heard(to)
    words, answer = ((level(heard, hertz, rate) > 0.1).nonzero()[0] for hertz in (400, 700))
    assert len(answer) >= 40
    assert words[-1] < answer[0]


def test_a_message_is_recorded_after_the_beep_until_it_is_silent(service, phones, trunk, tmp_path):
    to = number()
    path = f"/{to.strip('+')}"
    record = {"url": f"{service.url}{path}/1", "max_seconds": 20, "silence_seconds": 1,
              "status_url": f"{service.url}{path}/kept"}  # fmt: skip
    service.says(path, {"hear": [], "record": record})
    phones.script(to, code=200)
    trunk.call(to)
    phones.wait("answered", number=to)
    service.wait(path)
    spoken = np.concatenate([tones.quiet(0.8), tones.noise(1.5, -20), tones.quiet(3)])
    phones.order("play", number=to, path=tones.write(tmp_path / "words.wav", spoken))
    told = service.wait(f"{path}/1")
    assert service.wait(f"{path}/kept")["recording"] == told["recording"]
    sound, rate = soundfile.read(BytesIO(trunk.ask("GET", f"/recordings/{told['recording']}").content))
    assert rate == 8000
    assert 1.4 < len(sound) / rate < 2.6
    phones.wait("ended", number=to)
    heard, rate = phones.heard(to)
    assert (level(heard, BEEP_HERTZ, rate) > 0.05).sum() >= 10
    for _ in "twice":
        assert trunk.ask("DELETE", f"/recordings/{told['recording']}").status_code == 204
    assert trunk.ask("GET", f"/recordings/{told['recording']}").status_code == 404


def test_nothing_was_said_after_the_beep_and_a_key_ends_a_message(service, phones, trunk, tmp_path):
    to = number()
    path = f"/{to.strip('+')}"
    record = {"url": f"{service.url}{path}/1", "max_seconds": 60, "silence_seconds": 1,
              "status_url": f"{service.url}{path}/kept"}  # fmt: skip
    service.says(path, {"hear": [], "record": record})
    service.says(f"{path}/1", {"hear": [], "record": record | {"url": f"{service.url}{path}/2", "silence_seconds": 50}})
    phones.script(to, code=200)
    trunk.call(to)
    assert service.wait(f"{path}/1")["keys"] == ""
    words = [part for seed in range(4) for part in (tones.quiet(0.3), tones.noise(0.4, -20, seed))]
    spoken = np.concatenate([tones.quiet(0.5), *words, tones.quiet(0.1), tones.key("#", 0.1)])
    phones.order("play", number=to, path=tones.write(tmp_path / "words.wav", spoken))
    assert service.wait(f"{path}/2")["seconds"] >= 1
    assert service.told(f"{path}/kept")


def test_a_key_pressed_in_the_moment_of_hanging_up_is_told(service, phones, trunk):
    call, to, path = conversation(service, phones, trunk, service.sound("/long.wav", 30, 400))
    phones.press(to, "3", "info")
    phones.order("hang up", number=to)
    assert service.wait(f"{path}/1")["keys"] == "3"
    assert trunk.outcome(call) == "completed"


def test_an_answer_that_nobody_understands_is_asked_for_at_the_fallback_address(service, phones, trunk):
    to = number()
    path = f"/{to.strip('+')}"
    service.says(path, 500)
    phones.script(to, code=200)
    trunk.call(to)
    told = service.wait(f"{path}/fallback")
    assert (told["failed"], told["why"]) == (f"{service.url}{path}", "HTTP 500")


def test_a_conversation_goes_on_elsewhere(service, phones, trunk):
    call, to, path = conversation(service, phones, trunk, service.sound("/long.wav", 30, 400))
    trunk.ask("POST", f"/calls/{call}/redirect", json={"url": f"{service.url}{path}/elsewhere"})
    assert service.wait(f"{path}/elsewhere") == {"call": call, "party": to, "keys": ""}
    assert trunk.outcome(call) == "completed"


def test_words_become_sound_by_the_service(service, phones, trunk):
    service.says("/speech", 200)
    to = number()
    path = f"/{to.strip('+')}"
    service.says(path, {"hear": [{"say": "早安", "language": "zh-CN"}]})
    phones.script(to, code=200)
    trunk.call(to)
    service.wait("/speech")
    assert service.told("/speech")[-1] == {"text": "早安", "language": "zh-CN"}
