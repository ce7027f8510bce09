"""A whole service on a telephone line: `zaoan up`, its trunk, and telephones of another SIP stack."""

import csv
import json
import os
import signal
from pathlib import Path

import pytest

from tests import processes
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.trunk.phones import Phones
from tests.trunk.ports import free_address, sound_ports
from tests.voices import share_clips
from zaoan.process.ports import any_free_port

LINE = "+8631186009001"
GRANNY, GRANDPA, AUNT, HELPER = "+8613800138001", "+8613800138002", "+8613800138003", "+8613900139001"
RESIDENTS = [("王桂兰", GRANNY, "101"), ("陈大山", GRANDPA, "102"), ("周秀英", AUNT, "103")]


class Community:
    """An installation in a folder of its own; ``zaoan`` runs a command of it."""

    def __init__(self, folder, phones):
        port, trunk = any_free_port(), any_free_port()
        ours = {
            "DATABASE_URL": f"sqlite:///{folder}/zaoan.db", "DATA_DIR": folder / "var", "PORT": port, "LANGUAGE": "en",
            "PUBLIC_URL": f"http://127.0.0.1:{port}", "TRUNK_URL": f"http://127.0.0.1:{trunk}", "VOICE": "pyttsx3",
            "TELEPHONY": "sip", "SIP_PROXY": phones.address, "SIP_CALLER": LINE, "SIP_LISTEN": free_address(),
            "SIP_RTP_PORTS": "{}-{}".format(*sound_ports()), "LINE_CALLS_PER_SECOND": 20, "AREA_CODE": "0311",
            "COMMUNITY": "槐东社区", "CLOCK_START": "2026-11-23T09:00:00+08:00",
        }  # fmt: skip
        self.folder = folder
        (folder / "var").mkdir()
        share_clips(folder / "var")
        self._environment = os.environ | {f"ZAOAN_{name}": str(value) for name, value in ours.items()}

    def zaoan(self, *words):
        done = processes.command(*words, environment=self._environment)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def told(self, *words):
        return json.loads(self.zaoan(*words, "--json"))

    def up(self):
        said = self.folder / "up.log"
        said.write_bytes(b"")
        self.service = processes.Forked(processes.zaoan, ["up"], self._environment, said)
        wait_for(lambda: self._is_up(said.read_text("utf-8")), "the service")

    def _is_up(self, said):
        assert self.service.poll() is None, said
        return "is at http" in said

    def trunk(self):
        """The process of the trunk."""
        children = Path(f"/proc/{self.service.pid}/task").glob("*/children")
        for child in " ".join(each.read_text() for each in children).split():
            if b"\0trunk\0" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        raise LookupError("there is no trunk")

    def kill(self):
        self.service.kill()
        self.service.wait(PATIENCE_SECONDS)

    def close(self):
        if self.service.poll() is None:
            self.service.send_signal(signal.SIGINT)
            self.service.wait(PATIENCE_SECONDS)

    def enrol(self):
        for name, header, rows in (
            ("residents.csv", ("姓名", "电话", "楼栋", "单元", "房号"), [(n, p, "1", "1", r) for n, p, r in RESIDENTS]),
            ("responders.csv", ("姓名", "角色", "负责区域", "电话"), [("李梅", "社区办公室", "", HELPER)]),
        ):
            with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])
        self.zaoan("import", str(self.folder / "residents.csv"), "--consent", "signed forms, 2026-11-01")
        self.zaoan("import", str(self.folder / "responders.csv"), "--kind", "responders")
        self.zaoan("campaign", "create", "早安", "--everyone", "--attempts", "1", "--ring-seconds", "20")

    def begin(self):
        return self.zaoan("campaign", "start", "早安").split()[0]

    def outcomes(self, number):
        shown = self.told("round", "show", number)
        return {each["resident"]: each["outcome"] for each in shown["check_ins"]}


@pytest.fixture
def phones(tmp_path):
    opened = Phones(free_address(), tmp_path / "phones")
    yield opened
    opened.close()


@pytest.fixture
def community(tmp_path, phones):
    opened = Community(tmp_path, phones)
    opened.up()
    yield opened
    opened.close()


def presses(phones, number, key):
    """Whoever has picked up hears the words and presses a key."""
    phones.wait("hears", number=number)
    phones.press(number, key)


def test_a_round_over_a_telephone_line_ends_as_it_should(community, phones):
    community.enrol()
    phones.script(GRANNY, code=200)
    phones.script(GRANDPA, code=486)
    phones.script(AUNT, code=200)
    phones.script(HELPER, code=200)
    number = community.begin()
    presses(phones, GRANNY, "1")
    presses(phones, AUNT, "3")
    presses(phones, HELPER, "9")
    wait_for(lambda: None not in community.outcomes(number).values(), "the end of the round", every=1.0)
    assert community.outcomes(number) == {"王桂兰": "ok", "陈大山": "busy", "周秀英": "unwell"}
    cases = community.told("case", "list")
    assert {each["kind"] for each in cases} == {"busy", "unwell"}


def test_a_key_that_is_pressed_while_the_service_is_dead_is_taken_by_the_next(community, phones):
    community.enrol()
    for each in (GRANDPA, AUNT):
        phones.script(each, code=486)
    phones.script(GRANNY, code=200)
    number = community.begin()
    phones.wait("hears", number=GRANNY)
    community.kill()
    phones.press(GRANNY, "1")
    community.up()
    wait_for(lambda: community.outcomes(number)["王桂兰"] == "ok", "the answer", every=1.0)
    assert len(phones.seen("rung", number=GRANNY)) == 1


def test_a_trunk_that_dies_is_started_again_and_leaves_nobody_off_the_hook(community, phones):
    community.enrol()
    for each in (GRANDPA, AUNT):
        phones.script(each, code=486)
    phones.script(GRANNY, code=200)
    number = community.begin()
    phones.wait("hears", number=GRANNY)
    os.kill(community.trunk(), signal.SIGKILL)
    phones.wait("ended", number=GRANNY)
    wait_for(lambda: community.outcomes(number)["王桂兰"], "the end of the call", every=1.0)
    assert community.outcomes(number)["王桂兰"] != "ok"
    assert len(phones.seen("rung", number=GRANNY)) == 1
