"""``zaoan campaign edit|rename|remove``: what was changed is said, and history stays."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from campaigns.audiences.rules import document, flags_of, of_flags, parsed
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign, CampaignKind, CheckIn, Round
from campaigns.planning.terms import terms_of
from campaigns.rounds import attempts
from core import actors, clock
from core.clock import Anchor
from core.running import installation
from core.running.events import Event
from core.short_ids import short
from core.storage import database
from tests.campaigns.mornings import HOME, campaign, start
from tests.switchboard import resident, rows
from zaoan.cli.cli import app
from zaoan.terminal import common

SEVEN = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""07:00 of Monday, 2026-11-23, in Shanghai."""


def shows(instant):
    """The clock of the installation, which every command follows."""
    real = clock.real_now()
    with database.unit_of_work() as session:
        installed = installation.read(session)
        installed.clock_real, installed.clock_start = real, instant
    clock.set_anchor(Anchor(real, instant))


def later(**time):
    shows(clock.now() + timedelta(**time))


@pytest.fixture
def typed(switchboard, monkeypatch):
    before = clock.anchor()
    shows(SEVEN)
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    monkeypatch.setattr(common.console(), "width", 250)

    def run(*words):
        answer = CliRunner().invoke(app, ["campaign", *words])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer

    yield run
    clock.set_anchor(before)


@pytest.fixture
def daily(typed):
    resident("王奶奶", HOME)
    return campaign()


def said(answer):
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def refused(answer):
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    return answer.stderr


def start_due():
    with database.unit_of_work() as session:
        return round_starts.start_due(session)


def test_another_time_is_when_the_next_round_starts(typed, daily):
    told = said(typed("edit", "早安", "--at", "09:30"))
    assert "早安，时间：每天 08:00 → 每天 09:30" in told
    assert "下一轮是 2026-11-23 09:30" in told
    later(hours=2)
    assert start_due() == []
    later(minutes=31)
    assert len(start_due()) == 1
    [changed] = rows(Event, kind="campaign.changed")
    times = [changed.facts[each]["schedule"]["times"] for each in ("before", "after")]
    assert times == [["08:00:00"], ["09:30:00"]]
    assert changed.actor_kind == "user"


def test_whoever_was_asked_this_morning_is_not_asked_again_today_at_a_later_time(typed, daily):
    later(hours=1, minutes=1)
    assert len(start_due()) == 1
    assert "下一轮是 2026-11-24 14:00" in said(typed("edit", "早安", "--at", "14:00"))
    later(hours=6)
    assert start_due() == []


def test_flags_go_through_the_vocabulary(typed, daily):
    with database.unit_of_work() as session:
        session.get_one(Campaign, daily).audience = document(of_flags(["lives_alone"]))
    assert "通话对象：带“独居”标记 → 带“空巢”或“独居”标记" in said(typed("edit", "早安", "--flags", "空巢老人，独居"))
    assert flags_of(parsed(rows(Campaign)[0].audience)) == ["empty_nest", "lives_alone"]
    assert "通话对象：带“空巢”或“独居”标记 → 每个人" in said(typed("edit", "早安", "--everyone"))
    assert "空巢" in refused(typed("edit", "早安", "--flags", "空潮"))


def test_numbers_are_changed_within_their_bounds_and_nothing_half(typed, daily):
    told = said(typed("edit", "早安", "--attempts", "5", "--retry-minutes", "30", "--no-machine-detection"))
    assert "3 → 5" in told
    assert "10 → 30" in told
    assert "是 → 否" in told
    assert rows(Campaign)[0].deadline_minutes == 5 * 40 + 30
    assert "没有变化" in said(typed("edit", "早安", "--attempts", "5"))
    assert refused(typed("edit", "早安", "--ring-seconds", "45", "--attempts", "9"))
    assert rows(Campaign)[0].ring_seconds == 60
    assert "07:45" in said(typed("edit", "早安", "--at", "07:45"))
    assert "23:59" in refused(typed("edit", "早安", "--at", "23:59"))
    assert refused(typed("edit", "早安"))
    assert refused(typed("edit", "早安", "--message", "停水"))


def test_how_long_a_missed_round_is_of_use_is_changed_too(typed, daily):
    assert "– → 12:00" in said(typed("edit", "早安", "--late", "ring-until 12:00")).replace("照常", "–")
    assert "12:00" in refused(typed("edit", "早安", "--at", "13:00"))
    assert "12:00 → 从不" in said(typed("edit", "早安", "--late", "never"))
    assert "从不 → 照常" in said(typed("edit", "早安", "--late", ""))
    assert refused(typed("edit", "早安", "--late", "sometimes"))


def test_a_change_is_for_the_next_round_and_a_round_shows_the_terms_under_which_it_ran(typed, switchboard, daily):
    later(hours=1)
    first = start(daily)
    assert "照开始时的安排" in said(typed("edit", "早安", "--attempts", "1", "--flags", "独居"))
    later(days=1)
    second = start(daily)
    with database.reading() as session:
        before, after = (session.get_one(Round, each) for each in (first, second))
        assert (terms_of(before).attempts, terms_of(after).attempts) == (3, 1)
        assert (before.version, after.version) == (1, 2)
        assert before.terms["audience"]["rule"] == {"kind": "everyone"}
        assert after.terms["audience"]["rule"]["kind"] == "flags"
        [check_in] = session.scalars(select(CheckIn).where(CheckIn.round_id == first))
        assert attempts.plan_of(session, check_in).attempts == 3


def test_a_notice_says_something_else(typed, daily):
    with database.unit_of_work() as session:
        new_campaigns.create_campaign(
            session, actors.system(), "停水", flags=None, kind=CampaignKind.NOTICE, message="今天停水。"
        )
    assert "今天停水。 → 明天停水。" in said(typed("edit", "停水", "--message", "明天停水。"))


def test_another_name_is_the_one_by_which_it_is_known(typed, daily):
    assert "早安，名称：早安 → 每日问候" in said(typed("rename", "早安", "每日问候"))
    assert "早安" in refused(typed("pause", "早安"))
    assert "每日问候" in said(typed("list"))
    said(typed("create", "早安", "--everyone"))
    assert refused(typed("rename", "早安", "每日问候"))
    assert refused(typed("rename", "早安", " "))


def test_a_campaign_is_removed_only_when_no_round_is_under_way_and_its_rounds_stay(typed, daily):
    later(hours=1)
    round_id = start(daily)
    assert "zaoan campaign stop 早安" in refused(typed("remove", "早安"))
    said(typed("stop", "早安"))
    assert "1 轮" in said(typed("remove", "早安"))
    assert "早安" not in said(typed("list"))
    assert refused(typed("start", "早安"))
    assert CliRunner().invoke(app, ["round", "show", short(round_id)]).exit_code == 0
    assert "早安" in CliRunner().invoke(app, ["round", "list"]).stdout
    said(typed("create", "早安", "--everyone"))
    assert len(json.loads(said(typed("list", "--json")))) == 1
    later(days=1)
    start_due()
    assert len({each.campaign_id for each in rows(Round)}) == 2


def test_a_stopped_campaign_starts_no_round_by_hand_either_and_is_not_edited(typed, daily):
    later(hours=1)
    said(typed("stop", "早安"))
    assert "已经停止" in refused(typed("start", "早安"))
    assert "已经停止" in refused(typed("edit", "早安", "--attempts", "2"))
    assert rows(CheckIn) == []


def test_what_was_changed_is_a_document_too(typed, daily):
    document = json.loads(said(typed("edit", "早安", "--at", "09:00", "--json")))
    [change] = document["changes"]
    assert change["what"] == "schedule"
    assert change["after"]["schedule"] == {"kind": "daily", "times": ["09:00:00"]}
    assert datetime.fromisoformat(document["next_round_at"]) == SEVEN + timedelta(hours=2)
    assert json.loads(said(typed("rename", "早安", "问候", "--json")))["campaign"] == "问候"
    assert json.loads(said(typed("remove", "问候", "--json")))["rounds_kept"] == 0
