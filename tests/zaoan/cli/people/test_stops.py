"""Stopping on the command line: what it did is said, by name, and can be looked at later."""

import json

import pytest
from typer.testing import CliRunner

from campaigns.models import Campaign, CheckIn
from campaigns.rounds import attempts
from core.short_ids import short
from core.storage import database
from tests.campaigns.mornings import HOME, a_round
from tests.switchboard import resident, rows
from zaoan.cli.cli import app
from zaoan.terminal import common

OTHER, THIRD = "+8631186000102", "+8631186000103"


@pytest.fixture
def typed(switchboard, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    monkeypatch.setattr(common.console(), "width", 200)

    def run(*words):
        return CliRunner().invoke(app, words)

    return run


@pytest.fixture
def morning(switchboard):
    """One talks, one has not answered, one still waits; the call of the one who talks, and the round."""
    resident("王奶奶", HOME)
    resident("李爷爷", OTHER, room="102")
    resident("张奶奶", THIRD, room="103")
    round_id = a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    switchboard.miss(OTHER)
    return switchboard.pick_up(HOME), round_id


def test_a_round_is_stopped_and_the_command_says_what_it_did(typed, morning):
    call, round_id = morning
    answer = typed("round", "stop", short(round_id), "--note", "停电演习")
    assert answer.exit_code == 0, answer.stderr
    assert "没有问到的：2 位" in answer.stdout
    assert "正在通话、会听他们说完的（1 位）：王奶奶的全名" in answer.stdout
    assert "请派人去看看（1 位）：李爷爷的全名" in answer.stdout
    call.press("1").hang_up()
    shown = typed("round", "show", short(round_id)).stdout
    assert "本轮已停止 – 停电演习" in shown
    assert shown.count("没有问到：本轮已停止 – 停电演习") == 2
    assert "一切都好" in shown
    document = json.loads(typed("round", "show", short(round_id), "--json").stdout)
    assert document["round"]["stopped_because"] == "round_stopped"
    assert document["round"]["complete"]
    assert {line["reason"] for line in document["check_ins"]} == {None, "round_stopped"}
    again = typed("round", "stop", short(round_id))
    assert again.exit_code == 1
    assert "已经结束" in again.stderr


@pytest.mark.parametrize(("word", "state", "reason"), [("pause", "已暂停", "campaign_paused"),
                                                       ("stop", "已停止", "campaign_stopped")])  # fmt: skip
def test_a_campaign_ends_its_round_under_way_and_says_so(typed, morning, word, state, reason):
    answer = typed("campaign", word, "早安")
    assert answer.exit_code == 0, answer.stderr
    assert f"活动“早安”：进行中 → {state}" in answer.stdout
    assert "李爷爷的全名" in answer.stdout
    assert {each.reason for each in rows(CheckIn)} == {reason}
    again = typed("campaign", word, "早安")
    assert f"本来就{state}，没有变化" in again.stdout
    assert "没有正在进行的轮次" in again.stdout


def test_what_a_stop_did_is_a_document_too(typed, morning):
    document = json.loads(typed("campaign", "pause", "早安", "--json").stdout)
    assert (document["before"], document["after"], document["next_round_at"]) == ("active", "paused", None)
    [stopped] = document["rounds"]
    assert [each["resident"] for each in stopped["in_calls"]] == ["王奶奶的全名"]
    assert [(each["resident"], each["attempts"]) for each in stopped["unheard"]] == [("李爷爷的全名", 1)]
    resumed = json.loads(typed("campaign", "resume", "早安", "--json").stdout)
    assert resumed["next_round_at"] == rows(Campaign)[0].next_round_at.isoformat()


def test_whoever_resumes_a_campaign_is_told_that_the_ended_round_does_not_come_back(typed, morning):
    typed("campaign", "pause", "早安")
    assert "已经结束的那一轮不会恢复" in typed("campaign", "resume", "早安").stdout
