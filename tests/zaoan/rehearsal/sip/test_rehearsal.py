"""A morning over real SIP: the service, its trunk, and telephones of two other SIP stacks."""

import json

import pytest

from phones.foreign import is_installed
from tests.processes import ForkedService, command
from tests.voices import share_clips
from zaoan.rehearsal.behaviours import BUSY, RESIDENTS, RESPONDERS, Behaviour, answer, press
from zaoan.rehearsal.faults import SIP_FAULTS
from zaoan.rehearsal.sip import rehearse
from zaoan.rehearsal.sip.rehearse import rehearsed
from zaoan.rehearsal.sip.running import SipService, line_settings
from zaoan.rehearsal.town import TELEPHONES, Helper, Home, Town

STORIES = ("presses 1", "presses 1 mid-sentence", "presses 3", "presses 2, then 1 for groceries", "wrong key, then 1",
           "hangs up, then 1", "couple, 1 and 3", "invalid number")  # fmt: skip
EAGER = RESPONDERS["accepts all at once"]
SPEED = 5.0


def town():
    """Eight homes whose stories are short, and helpers who accept."""
    homes = [
        Home([f"王{chr(0x7532 + each)}" for each in range(RESIDENTS[does].people)], [f"{TELEPHONES}1000{index}"], does,
             RESIDENTS[does])
        for index, does in enumerate(STORIES)
    ]  # fmt: skip
    homes.append(Home(["李丙"], [f"{TELEPHONES}10009"], "busy, then 1", Behaviour([BUSY, answer(press("1"))], ["ok"])))
    helpers = [Helper(f"志愿者{each}", "志愿者", "", f"+861390000000{each}", "accepts", EAGER) for each in range(1, 5)]
    return Town(homes, helpers)


def _speaking(folder):
    """As ``line_settings``; the service has the clips of this working copy."""
    share_clips(folder)
    return line_settings(folder)


@pytest.fixture
def _soon_ready(monkeypatch):
    """The service is forked, and what our voice has said once is not said again."""
    monkeypatch.setattr(SipService, "_started", ForkedService._started)
    monkeypatch.setattr(rehearse, "line_settings", _speaking)


@pytest.mark.usefixtures("_soon_ready")
def test_a_small_morning_over_sip_keeps_every_promise():
    report = rehearsed(town(), 1, SPEED, foreign=1)
    assert report["violations"] == []
    assert report["round"]["complete"]
    assert (report["round"]["open"], report["off_the_hook"]) == (0, 0)
    assert {each["outcome"] for each in report["check_ins"]} == {"ok", "unwell", "needs_supplies", "unreachable"}
    assert set(report["telephones"]) == ({"own", "pjsua2"} if is_installed() else {"own"})
    assert report["alert_seconds"]["p99"] < report["wall_seconds"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [(["--faults", "forged"], "kill-trunk"), (["--suspend", "1h"], "--suspend"), (["--speed", "60"], "--speed")],
)
def test_what_a_rehearsal_over_sip_cannot_do_is_refused(typed, said):
    refused = command("rehearse", "--line", "sip", *typed)
    assert refused.returncode == 2
    assert said in "".join(refused.stderr.split())


@pytest.mark.long
@pytest.mark.parametrize("faults", ["", "all"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_hundred_residents_over_sip(seed, faults):
    typed = ["rehearse", "--line", "sip", "--residents", "200", "--seed", str(seed), "--json", "--faults", faults]
    report = json.loads(command(*typed, timeout=3600).stdout)
    assert report["violations"] == []
    assert (report["round"]["open"], report["off_the_hook"]) == (0, 0)
    assert report["telephones"]["pjsua2"] * 3 > report["telephones"]["own"]
    assert all(report["faults"][each] > 0 for each in (SIP_FAULTS if faults == "all" else faults.split(",")) if each)
