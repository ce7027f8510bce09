"""The rehearsal as its user starts it."""

import json
import subprocess
import sys

from zaoan.rehearsal.behaviours import RESIDENTS
from zaoan.rehearsal.town import draw_town


def test_the_same_seed_draws_the_same_town_of_exactly_so_many():
    assert draw_town(200, 7) == draw_town(200, 7)
    assert draw_town(200, 7) != draw_town(200, 8)
    assert len(draw_town(200, 7).expected()) == 200


def test_every_behaviour_is_drawn_sooner_or_later():
    assert {home.does for home in draw_town(2000, 1).homes} == set(RESIDENTS)


def test_a_small_rehearsal_keeps_every_promise():
    command = [
        sys.executable,
        "-m",
        "zaoan",
        "rehearse",
        "--residents",
        "24",
        "--seed",
        "3",
        "--speed",
        "120",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
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
