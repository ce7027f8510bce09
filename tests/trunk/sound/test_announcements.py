"""What the network says instead of an answer is kept for the office; tones are not."""

from io import BytesIO

import numpy as np
import pytest
import soundfile

from tests.trunk.running import number
from tests.trunk.sound import tones
from tests.trunk.sound.tones import noise, pcm, quiet, sine, speech
from trunk.sound.announcement import MOST_SECONDS, Announcement


def kept(*parts, frame=320):
    """Seconds."""
    sound, tape = pcm(np.concatenate(parts) + noise(sum(map(len, parts)) / 8000, -60)), Announcement()
    for at in range(0, len(sound), 2 * frame):
        tape.feed(sound[at : at + 2 * frame])
    return len(tape.kept()) / 16_000


def cadence(on, off, *hertz):
    beat = sum(sine(each, on, -18) for each in hertz)
    return [part for _ in range(round(12 / (on + off))) for part in (beat, quiet(off))]


TONES = {
    "silence": [quiet(5)],
    "ringing here": cadence(1, 4, 450),
    "busy here": cadence(0.35, 0.35, 450),
    "congestion here": cadence(0.7, 0.7, 450),
    "ringing in America": cadence(2, 4, 440, 480),
    "busy in America": cadence(0.5, 0.5, 480, 620),
    "busy in Britain": cadence(0.375, 0.375, 400),
    "special tones": [sine(each, 0.33, -18) for each in (950, 1400, 1800)],
    "a click": [quiet(2), noise(0.05, -10), quiet(2)],
}


@pytest.mark.parametrize("parts", TONES.values(), ids=TONES)
def test_tones_are_no_words(parts):
    assert kept(*parts) == 0


def test_words_are_kept_without_the_silence_around_them():
    assert 3 <= kept(quiet(3), speech(3), quiet(4)) < 4


def test_of_much_the_last_is_kept():
    assert MOST_SECONDS - 1 < kept(speech(40)) <= MOST_SECONDS


def test_words_after_tones_are_kept():
    special = [sine(each, 0.33, -18) for each in (950, 1400, 1800)]
    assert 4 <= kept(*special, speech(4)) < 6
    assert 4 <= kept(*cadence(1, 4, 450), speech(4)) < MOST_SECONDS + 1


def announced(phones, trunk, tmp_path, sound, **script):
    """A call in which this is heard before it fails; its id and its number."""
    to = number()
    phones.script(to, progress=True, **script)
    call = trunk.call(to)
    phones.wait("rung", number=to)
    phones.order("play", number=to, path=tones.write(tmp_path / "sound.wav", sound))
    return call, to


def test_an_announcement_before_a_failure_is_told_with_its_reason(service, phones, trunk, tmp_path):
    call, to = announced(phones, trunk, tmp_path, speech(2.5), code=404, after=3.2)
    told = service.wait(f"/{to.strip('+')}/status")
    assert (told["outcome"], told["code"]) == ("not in service", 404)
    name = told["announcement"]["recording"]
    sound, rate = soundfile.read(BytesIO(trunk.ask("GET", f"/recordings/{name}").content))
    assert rate == 8000
    assert 1.5 < len(sound) / rate < 3.5
    assert np.sqrt(np.mean(sound**2)) > 0.05
    looked_up = trunk.look_up(call)
    assert (looked_up["announcement"]["recording"], looked_up["code"]) == (name, 404)


def test_a_ringing_tone_is_kept_by_nobody_and_the_cause_of_the_network_counts(service, phones, trunk, tmp_path):
    _, to = announced(phones, trunk, tmp_path, sine(450, 1.5, -18), code=480, after=2.0, reason="Q.850;cause=20")
    told = service.wait(f"/{to.strip('+')}/status")
    assert (told["outcome"], told["code"], "announcement" in told) == ("no answer", 20, False)


def test_what_is_heard_before_an_answer_is_kept_by_nobody(service, phones, trunk, tmp_path):
    call, to = announced(phones, trunk, tmp_path, speech(1.0), code=200, after=1.5)
    assert trunk.outcome(call) == "completed"
    assert "announcement" not in service.wait(f"/{to.strip('+')}/status")


def test_a_machine_that_greets_and_beeps_is_told_and_a_key_says_that_it_was_none(service, phones, trunk, tmp_path):
    greeting = np.concatenate([quiet(0.5), speech(3.2), quiet(0.4), sine(1000, 0.4, -18), quiet(2)])
    calls = []
    for key in (None, "1"):
        to = number()
        path = f"/{to.strip('+')}"
        service.says(path, {"hear": [], "ask": {"url": f"{service.url}{path}/1", "keys": 2, "seconds": 8,
                                                "also_silence": True}})  # fmt: skip
        phones.script(to, code=200)
        calls.append((trunk.call(to, machine_url=f"{service.url}{path}/machine"), to, path, key))
        service.wait(path)
        phones.order("play", number=to, path=tones.write(tmp_path / f"{to}.wav", greeting))
        if key:
            phones.press(to, key)
    (machine, _, path, _), (person, _, other, _) = calls
    assert service.wait(f"{path}/machine") == {"call": machine, "machine": True, "listening": True}
    assert trunk.outcome(machine) == trunk.outcome(person) == "completed"
    assert service.wait(f"{path}/status")["by_machine"] is True
    assert service.wait(f"{other}/status")["by_machine"] is False
    assert service.told(f"{other}/machine") == []
