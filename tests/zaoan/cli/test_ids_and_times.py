"""Rounds and cases on the command line: what is printed can be typed, and times are those of the community."""

import json
import re
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from core import clock
from core.clock import Anchor
from core.short_ids import short
from tests.campaigns.mornings import HOME, campaign, start
from tests.switchboard import resident
from zaoan.cli.cli import app
from zaoan.terminal import common

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
FULL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


def typed(*words):
    return CliRunner().invoke(app, words)


@pytest.fixture
def rounds(switchboard, monkeypatch):
    """Two rounds; in the newer one somebody was unwell. Everything is looked at from another zone than ours."""
    before = clock.anchor()
    clock.set_anchor(Anchor(clock.real_now(), EIGHT))
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setattr(common.console(), "width", 200)  # it has looked at COLUMNS before this test
    resident("王奶奶", HOME)
    daily = campaign()
    yield [start(daily), start(daily)]
    clock.set_anchor(before)


def test_a_round_is_shown_by_what_the_list_prints(rounds):
    listed = typed("round", "list").stdout
    for each in rounds:
        assert short(each) in listed
        assert str(each) not in listed
        assert typed("round", "show", short(each)).exit_code == 0
    assert "2026-11-23 08:00" in listed
    shown = json.loads(typed("round", "show", "latest", "--json").stdout)
    assert shown["round"]["id"] == str(rounds[-1])
    at = {each["at"] for each in json.loads(typed("round", "list", "--json").stdout)}
    assert {datetime.fromisoformat(each).replace(second=0, microsecond=0) for each in at} == {EIGHT}


def test_a_case_is_shown_in_words_and_community_time_by_what_the_list_prints(switchboard, rounds):
    switchboard.ring(HOME).press("3")
    case, *_ = json.loads(typed("case", "list", "--json").stdout)
    assert datetime.fromisoformat(case["opened_at"]).utcoffset() is not None
    listed = typed("case", "list").stdout
    assert short(case["id"]) in listed
    assert "2026-11-23 08:0" in listed
    shown = typed("case", "show", short(case["id"]))
    assert shown.exit_code == 0
    assert "类别: 身体不舒服" in shown.stdout
    assert "开始时间: 2026-11-23 08:0" in shown.stdout
    assert not re.search(r"[a-z]+_[a-z]+|None|\+00:00|\[\]", shown.stdout)
    assert (
        short(case["id"])
        in typed("round", "show", short(rounds[-1])).stdout + typed("round", "show", short(rounds[0])).stdout
    )


@pytest.mark.parametrize("word", ["round", "case"])
def test_an_id_that_is_none_is_one_sentence(rounds, word):
    answer = typed(word, "show", "12345678")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    assert f"`zaoan {word} list`" in answer.stderr
