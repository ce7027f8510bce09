"""The rehearsal as its user starts it."""

import json
import subprocess
import sys

import pytest

from campaigns.rounds import attempts
from exchange.faults import Fault
from tests.patience import PATIENCE_SECONDS
from tests.processes import command
from zaoan.rehearsal.behaviours import RESIDENTS
from zaoan.rehearsal.faults import FAULTS, UnknownFaultError, chosen_faults
from zaoan.rehearsal.town import draw_town


def test_the_same_seed_draws_the_same_town_of_exactly_so_many():
    assert draw_town(200, 7) == draw_town(200, 7)
    assert draw_town(200, 7) != draw_town(200, 8)
    assert len(draw_town(200, 7).expected()) == 200


def test_every_behaviour_is_drawn_sooner_or_later():
    assert {home.does for home in draw_town(2000, 1).homes} == set(RESIDENTS)


def test_a_small_rehearsal_keeps_every_promise():
    typed = ["rehearse", "--residents", "24", "--seed", "3", "--speed", "120", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "zaoan", *typed],
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_SECONDS,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert done.returncode == 0, done.stderr
    assert report["round"]["complete"]
    assert report["round"]["open"] == 0
    assert sum(report["round"]["counts"].values()) == report["round"]["enrolled"] == 24
    assert set(report["check_ins"][0]) == {
        "resident", "phone", "behaviour", "attempts", "outcome", "expected", "case",
    }  # fmt: skip
    assert set(report["alert_seconds"]) == {"p50", "p99"}


def test_a_rehearsal_knows_every_fault_of_the_exchange():
    assert list(FAULTS) == list(Fault)
    assert chosen_faults("all") == FAULTS
    assert chosen_faults("drop, early") == ["drop", "early"]
    assert chosen_faults("") == []
    with pytest.raises(UnknownFaultError, match="gremlins"):
        chosen_faults("drop,gremlins")


def test_an_unknown_fault_is_refused_with_the_names_of_all():
    refused = command("rehearse", "--faults", "gremlins")
    assert refused.returncode == 2
    shown = "".join(refused.stderr.split())
    assert all(fault in shown for fault in ("gremlins", *FAULTS))


def test_a_small_rehearsal_with_faults_keeps_every_promise():
    done = command("rehearse", "--residents", "12", "--seed", "2", "--json", "--faults", "duplicate,early,forged")
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert done.returncode == 0, done.stderr
    assert set(report["faults"]) == {"duplicate", "early", "forged"}
    assert report["faults"]["duplicate"] > 0
    assert report["faults"]["forged"] > 0


@pytest.mark.long
def test_a_round_larger_than_a_batch_of_the_queue_keeps_every_promise():
    """Couples live on both sides of the 200th check-in."""
    residents = attempts.BATCH + attempts.BATCH // 3
    done = command("rehearse", "--residents", str(residents), "--seed", "11", "--json", timeout=600)
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert report["round"]["enrolled"] == residents


@pytest.mark.long
@pytest.mark.parametrize("fault", [*FAULTS, "all"])
def test_a_rehearsal_with_a_fault_keeps_every_promise(fault):
    """With this seed each fault strikes several times among so few."""
    residents = "200" if fault == "all" else "60"
    done = command("rehearse", "--residents", residents, "--seed", "12", "--json", "--faults", fault)
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert all(times > 0 for times in report["faults"].values())
