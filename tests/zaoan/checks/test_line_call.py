"""A call to oneself: what came of it is said in words; only the telephone network is scripted."""

import asyncio
from io import BytesIO

import numpy as np
import pytest
import soundfile

from core.i18n import Language
from core.settings import Settings
from tests.ivr.ports.sip_bench import SipBench
from tests.patience import wait_for
from tests.trunk.service import SECRET
from zaoan.checks.observation import State
from zaoan.checks.telephony import line_call
from zaoan.process import trunk_process

OURS, TO = "+8631186009001", "13800138000"


@pytest.fixture
def bench(monkeypatch):
    for where in (line_call, trunk_process):
        monkeypatch.setattr(where, "trunk_secret", lambda _: SECRET)
    monkeypatch.setattr(line_call, "KEY_SECONDS", 0.3)
    monkeypatch.setattr(line_call, "LOOK_SECONDS", 0.02)
    opened = SipBench()
    sound = BytesIO()
    soundfile.write(sound, np.zeros(400), 8000, format="WAV")
    opened._service.says("/speech", sound.getvalue())
    yield opened
    opened.close()


def chosen(bench, tmp_path, **more):
    return Settings(telephony="sip", sip_proxy="127.0.0.1:9", sip_caller=OURS, trunk_url=bench._trunk.address,
                    database_url=f"sqlite:///{tmp_path}/none.db", data_dir=tmp_path, **more)  # fmt: skip


def called(bench, tmp_path, happens, **more):
    """What is found, and what is said of it in English."""

    async def happening():
        while not bench._engine.lines:
            await asyncio.sleep(0.01)
        await happens(bench._engine.lines[-1])

    going_on = asyncio.run_coroutine_threadsafe(happening(), bench._loop)
    [observation] = line_call.call_oneself(chosen(bench, tmp_path, **more), TO)
    going_on.cancel()
    return observation, f"{observation.describe(Language.ENGLISH)} {observation.way_out(Language.ENGLISH)}"


def ends(reason):
    async def happens(line):
        line.close(reason)

    return happens


def test_a_key_that_arrives_is_told_with_the_trunk_that_carried_the_call(bench, tmp_path):
    async def presses(line):
        line.answer_heard()
        while not bench._service.told("/speech") or line.on_key is None:
            await asyncio.sleep(0.01)
        while not line.is_closed:
            line.on_key("5")
            await asyncio.sleep(0.05)

    observation, said = called(bench, tmp_path, presses)
    assert (observation.state, observation.check) == (State.OK, "call")
    assert "+8613800138000 was answered, and key 5 arrived. By 127.0.0.1:9" in said
    assert "offered: PCMA, PCMU" in said
    assert bench._engine.lines[0].dialled == "+8613800138000"


def test_a_call_without_a_key_is_told_with_what_to_look_at(bench, tmp_path):
    async def listens(line):
        line.answer_heard()

    observation, said = called(bench, tmp_path, listens)
    assert (observation.state, "no key arrived" in said, "RFC 4733" in said) == (State.WARNING, True, True)


@pytest.mark.parametrize(
    ("reason", "words", "doubt"),
    [
        ("404 Not Found", "not in service", "no way to the number"),
        ("486 Busy Here,Q.850;cause=17", "engaged", "to compare"),
        ("503 Full", "could not carry", "All lines are taken"),
        ("Connection timed out [110]", "could not carry", "to compare"),
    ],
)
def test_why_nobody_was_reached_is_told_with_what_else_it_may_mean(bench, tmp_path, reason, words, doubt):
    observation, said = called(bench, tmp_path, ends(reason))
    assert observation.state is State.WRONG
    assert words in said
    assert doubt in said
    assert translated(observation) != said


def translated(observation):
    return observation.describe(Language.CHINESE)


def test_what_is_no_number_or_no_line_rings_nobody(bench, tmp_path):
    [observation] = line_call.call_oneself(chosen(bench, tmp_path), "120")
    assert observation.state is State.WRONG
    assert "emergency" in observation.describe(Language.ENGLISH)
    [observation] = line_call.call_oneself(Settings(), TO)
    assert observation.state is State.WARNING
    assert bench._engine.lines == []


def test_a_trunk_that_refuses_says_why(bench, tmp_path):
    route = bench._trunk.routes.all[0]
    for _ in range(3):
        route.gateway.fails()
    [observation] = line_call.call_oneself(chosen(bench, tmp_path), TO)
    assert "have not got through the gateway" in observation.describe(Language.ENGLISH)
    wait_for(lambda: bench._trunk.switchboard.under_way == 0, "nobody on the line")
