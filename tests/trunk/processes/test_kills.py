"""Each process dies in each state of a call (``make faults``): nobody is forgotten, rung twice or left off the hook.

What the telephones have seen decides, and what is known of the calls afterwards.
"""

import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.trunk import kill_points
from tests.trunk.running import OURS, Trunk, number
from tests.trunk.service import Service
from tests.trunk.sound import tones
from tests.trunk.test_calls import ask

pytestmark = pytest.mark.long


def killed_at(point, folder):
    """The environment of a trunk that dies at this point of its first call."""
    (folder / "once").touch()
    return {
        "PYTHONPATH": str(Path(kill_points.__file__).parent),
        "KILL_POINT": point,
        "KILL_ONCE": str(folder / "once"),
    }


class Scene:
    """A call of ``to`` in some state, and everybody else who was rung for it; ``leg`` is of who was rung into it."""

    leg = "none"

    def __init__(self, service, phones, trunk, folder):
        self.service, self.phones, self.trunk, self.folder = service, phones, trunk, folder
        self.to, self.others = number(), []
        self.path = f"/{self.to[1:]}"

    def begin(self, *replies, **script):
        self.service.says(self.path, *replies)
        self.phones.script(self.to, **script)
        self.call = self.trunk.call(self.to)

    def asked(self):
        sound = self.service.sound("/long.wav", 60, 400)
        return ask(self.service, f"{self.path}/1", sound, seconds=300)

    def rings(self):
        self.begin(self.asked())
        self.phones.wait("rung", number=self.to)

    def is_answered(self):
        self.service.ponders(self.path)
        self.begin(self.asked(), code=200)
        self.service.wait(self.path)

    def plays(self):
        self.begin(self.asked(), code=200)
        self.phones.wait("hears", number=self.to)

    def records(self):
        told = {"url": f"{self.service.url}{self.path}/1", "status_url": f"{self.service.url}{self.path}/kept"}
        self.begin({"hear": [], "record": told | {"max_seconds": 100, "silence_seconds": 100}}, code=200)
        self.phones.wait("hears", number=self.to)  # the beep
        words = np.concatenate([tones.quiet(0.8), tones.noise(1, -20), tones.quiet(0.3)])  # noise alone is a noisy line
        self.phones.order("play", number=self.to, path=tones.write(self.folder / "words.wav", words))
        self.phones.wait("quiet", number=self.to)

    def rings_another(self, **script):
        other = number()
        self.others, self.leg = [other], f"leg-{other[1:]}"
        whisper = f"{self.service.url}/whisper/{other[1:]}"
        self.service.says(f"/whisper/{other[1:]}", {"hear": [self.service.sound("/w.wav", 0.5, 600)], "bridge": True})
        self.phones.script(other, **script)
        connect = {"url": f"{self.service.url}{self.path}/1", "leg": self.leg, "number": other, "dialled": other,
                   "from_": OURS, "ring_seconds": 100, "talk_seconds": 600, "whisper_url": whisper,
                   "status_url": f"{whisper}/status"}  # fmt: skip
        self.begin({"hear": [], "connect": connect}, code=200)
        self.phones.wait("rung", number=other)

    def is_bridged(self):
        self.rings_another(code=200)
        self.phones.wait("hears", number=self.others[0])

    @property
    def rung(self):
        return [self.to, *self.others]


STATES = ["rings", "is_answered", "plays", "records", "rings_another", "is_bridged"]


@pytest.fixture
def scene(service, phones, tmp_path):
    trunk = Trunk(service, tmp_path / "trunk", phones)
    yield Scene(service, phones, trunk, tmp_path)
    trunk.close()


@pytest.mark.parametrize("state", STATES)
def test_the_trunk_dies(scene, state):
    getattr(scene, state)()
    scene.trunk.kill()
    if state == "is_answered":
        scene.service.decides(scene.path)
    scene.trunk.start()
    for each in scene.rung:
        scene.phones.wait("ended", number=each)
        assert len(scene.phones.seen("rung", number=each)) == 1
    told = scene.service.wait(f"{scene.path}/status")
    assert told["outcome"] == ("unknown" if state == "rings" else "completed")
    assert scene.trunk.ask("PUT", f"/calls/{scene.call}", json=scene.trunk.order(scene.to)).status_code == 200
    assert scene.trunk.ask("GET", "/healthz").json()["calls"] == 0
    scene.phones.script(scene.to)
    assert len(scene.phones.seen("rung", number=scene.to)) == 1


@pytest.mark.parametrize("point", ["call_kept", "invite_kept"])
def test_the_trunk_dies_after_the_journal_and_before_the_invite(service, phones, tmp_path, capfd, point):
    trunk = Trunk(service, tmp_path / "trunk", phones, environment=killed_at(point, tmp_path))
    to = number()
    with pytest.raises(OSError):
        trunk.call(to, "a-call")
    trunk.process.wait()
    trunk.start()
    assert trunk.look_up("a-call")["outcome"] == "unknown"
    assert service.wait(f"/{to[1:]}/status")["outcome"] == "unknown"
    assert trunk.ask("PUT", "/calls/a-call", json=trunk.order(to)).status_code == 200
    phones.script(to)
    assert phones.seen("rung", number=to) == []
    trunk.close()
    assert "off the hook" not in capfd.readouterr().err


@pytest.mark.parametrize("answers", [False, True])
def test_the_trunk_dies_when_its_invite_has_left_and_before_it_knows(service, phones, tmp_path, capfd, answers):
    trunk = Trunk(service, tmp_path / "trunk", phones, environment=killed_at("invite_left", tmp_path))
    to = number()

    def places():
        with suppress(OSError):
            trunk.call(to, "a-call")

    placing = threading.Thread(target=places)
    placing.start()
    phones.wait("rung", number=to)
    trunk.kill()
    placing.join()
    if answers:
        phones.order("answer", number=to)
    assert phones.seen("ended", number=to) == []
    trunk.start()
    ended = phones.wait("ended", number=to)
    assert answers or ended["code"] == 487
    assert trunk.look_up("a-call")["outcome"] == "unknown"
    assert trunk.ask("PUT", "/calls/a-call", json=trunk.order(to)).status_code == 200
    phones.script(to)
    assert len(phones.seen("rung", number=to)) == 1
    trunk.close()
    assert "off the hook" not in capfd.readouterr().err


@pytest.mark.parametrize("state", STATES)
def test_the_service_dies_and_comes_back(phones, tmp_path, state):
    service = Service()
    trunk = Trunk(service, tmp_path / "trunk", phones)
    scene = Scene(service, phones, trunk, tmp_path)
    getattr(scene, state)()
    service.close()
    if state == "is_answered":
        service.decides(scene.path)
    back = Service(service.port)
    back.sounds = service.sounds
    if state == "rings":
        back.says(scene.path, ask(back, f"{scene.path}/1", seconds=300))
        phones.order("answer", number=scene.to)
        back.wait(scene.path)
    if state == "records":
        phones.order("play", number=scene.to, path=tones.write(tmp_path / "end.wav", tones.key("#", 0.2)))
    elif state in {"rings_another", "is_bridged"}:
        phones.order("hang up" if state == "is_bridged" else "answer", number=scene.others[0])
        if state == "rings_another":
            phones.wait("answered", number=scene.others[0])
            phones.order("hang up", number=scene.others[0])
    else:
        phones.press(scene.to, "3", "info")
    told = back.wait(f"{scene.path}/1")
    assert told.get("keys") == "3" or told.get("recording") or told.get("leg") == scene.leg
    assert trunk.outcome(scene.call) == "completed"
    for each in scene.rung:
        phones.wait("ended", number=each)
        assert len(phones.seen("rung", number=each)) == 1
    trunk.close()
    back.close()
