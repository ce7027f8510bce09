"""Settings live in one place: what the first start keeps holds, is changed on purpose, and is never quietly ignored."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from core import clock
from tests.databases import sqlite_in
from zaoan.cli.cli import app


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """An empty folder, and no setting of ours in the environment."""
    before = clock.anchor()
    for name in ("DATABASE_URL", "DATA_DIR", "COMMUNITY", "TIMEZONE", "AREA_CODE", "LANGUAGE", "CLOCK_START"):
        monkeypatch.delenv(f"ZAOAN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    clock.set_anchor(before)


@pytest.fixture
def installed(bare):
    """An installation in that folder, made by the defaults, with a campaign at eight."""
    (bare / "var").mkdir()
    sqlite_in(bare / "var")
    assert typed("migrate").exit_code == 0
    assert typed("campaign", "create", "早安", "--everyone", "--allow-empty").exit_code == 0
    return bare


def typed(*words):
    return CliRunner().invoke(app, words)


def next_round():
    [campaign] = json.loads(typed("campaign", "list", "--json").stdout)
    return datetime.fromisoformat(campaign["next_round_at"]).astimezone(UTC)


@pytest.mark.parametrize(
    "words",
    [
        ("campaign", "list"),
        ("campaign", "create", "x", "--everyone"),
        ("round", "list"),
        ("case", "show", "latest"),
        ("trials",),
        ("resident", "list"),
        ("export", "people.csv"),
        ("community", "show"),
        ("community", "set", "--name", "x"),
        ("prompt", "recordings"),
    ],
)
def test_another_folder_is_no_new_installation(bare, words):
    answer = typed(*words)
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert f"{bare}/var/zaoan.db" in answer.stderr
    assert "`zaoan migrate`" in answer.stderr
    assert list(bare.iterdir()) == []


@pytest.mark.parametrize("words", [("migrate",), ("import", "people.csv", "--json")])
def test_who_makes_an_installation_says_where(bare, words):
    (bare / "people.csv").write_text("姓名,电话,楼栋,房号\n王桂兰,0311-85195678,1号楼,101\n", "utf-8")
    made = typed(*words)
    assert made.exit_code == 0, made.output
    assert f"{bare}/var/zaoan.db" in made.stderr
    assert f"{bare}/var" not in made.stdout
    assert f"{bare}/var" not in typed(*words).stderr


@pytest.mark.parametrize(
    ("setting", "value", "option"),
    [
        ("COMMUNITY", "槐东社区", "--name"),
        ("TIMEZONE", "Asia/Tokyo", "--timezone"),
        ("AREA_CODE", "0311", "--area-code"),
        ("REGION", "SG", "--region"),
    ],
)
def test_a_setting_that_contradicts_what_is_kept_is_an_error_with_both_ways_out(
    installed, monkeypatch, setting, value, option
):
    monkeypatch.setenv(f"ZAOAN_{setting}", value)
    answer = typed("campaign", "list")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    assert f"ZAOAN_{setting}" in answer.stderr
    assert f"zaoan community set {option} {value}" in answer.stderr
    found = json.loads(typed("doctor", "--json").stdout)
    assert any(f"ZAOAN_{setting}={value}" in each["said"] for each in found["checks"] if each["state"] == "wrong")
    assert typed("community", "set", option, value).exit_code == 0
    assert typed("campaign", "list").exit_code == 0


def test_the_file_contradicts_as_the_environment_does(installed):
    (installed / "zaoan.toml").write_text('timezone = "Asia/Tokyo"\n')
    assert "ZAOAN_TIMEZONE" in typed("case", "list").stderr


def test_what_was_not_given_contradicts_nothing(installed):
    assert typed("community", "set", "--timezone", "Asia/Tokyo", "--area-code", "0311").exit_code == 0
    assert typed("campaign", "list").exit_code == 0


def test_another_zone_moves_the_next_round_and_doctor_and_lists_follow(installed):
    before = next_round()
    changed = typed("community", "set", "--timezone", "Asia/Urumqi")
    assert "Asia/Shanghai → Asia/Urumqi" in changed.stdout
    assert "08:00" in changed.stdout
    assert next_round() != before
    assert (next_round().hour, next_round().minute) == (2, 0)
    assert "Asia/Urumqi" in typed("doctor").stdout
    assert "Asia/Shanghai" not in typed("doctor").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--timezone", "Mars/Olympus"), "Mars/Olympus"),
        (("--call-from", "25:00"), "25:00"),
        (("--call-from", "08:30"), "早安 08:00"),
        (("--call-until", "08:00"), "07:30–08:00"),
        (("--call-from", "03:00"), "03:00–21:00"),
        (("--region", "XX"), "XX"),
        (("--area-code", "03a1"), "03a1"),
        (("--language", "fr"), "fr"),
        (("--name", " "), "社区名称"),
        (("--office-days", "18"), "18"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(installed, words, said):
    before = typed("community", "show", "--json").stdout
    answer = typed("community", "set", *words)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert typed("community", "show", "--json").stdout == before


def test_a_change_says_what_it_changed_and_who_changed_it_is_written_down(installed):
    answer = typed("community", "set", "--name", "槐东社区", "--office-days", "1-6", "--call-until", "20:30")
    for said in ("本社区 → 槐东社区", "星期一至星期五 → 星期一至星期六", "21:00 → 20:30"):
        assert said in answer.stdout
    assert "没有改动" in typed("community", "set", "--name", "槐东社区").stdout
    assert typed("community", "set").exit_code == 2


def test_the_clock_of_another_start_is_an_error(bare, monkeypatch):
    monkeypatch.setenv("ZAOAN_CLOCK_START", "2026-11-28T08:00:00+08:00")
    assert typed("migrate").exit_code == 0
    assert typed("campaign", "list").exit_code == 0
    monkeypatch.setenv("ZAOAN_CLOCK_START", "2026-11-29T08:00:00+08:00")
    answer = typed("campaign", "list")
    assert answer.exit_code == 1
    assert "2026-11-28T08:00:00+08:00" in answer.stderr
    monkeypatch.delenv("ZAOAN_CLOCK_START")
    assert typed("campaign", "list").exit_code == 0
    monkeypatch.setenv("ZAOAN_CLOCK_SPEED", "60")
    assert "ZAOAN_CLOCK_SPEED" in typed("campaign", "list").stderr


def test_real_people_are_never_rung_by_the_clock_of_a_rehearsal(bare, monkeypatch):
    monkeypatch.setenv("ZAOAN_CLOCK_START", "2026-11-28T08:00:00+08:00")
    assert typed("migrate").exit_code == 0
    monkeypatch.delenv("ZAOAN_CLOCK_START")
    for name, value in (("TELEPHONY", "twilio"), ("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_AUTH_TOKEN", "t"),
                        ("TWILIO_NUMBER", "+15550001111")):  # fmt: skip
        monkeypatch.setenv(f"ZAOAN_{name}", value)
    answer = typed("campaign", "list")
    assert answer.exit_code == 1
    assert "ZAOAN_DATABASE_URL" in answer.stderr


def test_blanks_and_carriage_returns_belong_to_no_setting(installed, monkeypatch):
    for name, value in (("TIMEZONE", "Asia/Shanghai\r"), ("LANGUAGE", " en \r"), ("PORT", "8000\r"),
                        ("TELEPHONY", "exchange\r"), ("CLOCK_SPEED", "1 \r"), ("AREA_CODE", " ")):  # fmt: skip
        monkeypatch.setenv(f"ZAOAN_{name}", value)
    answer = typed("campaign", "list", "--json")
    assert answer.exit_code == 0, answer.output


def test_whoever_has_not_chosen_a_language_reads_the_communitys(installed, monkeypatch):
    assert typed("community", "set", "--language", "en").exit_code == 0
    assert "time zone: Asia/Shanghai" in typed("community", "show").stdout
    monkeypatch.setenv("ZAOAN_LANGUAGE", "zh-CN")
    assert "时区: Asia/Shanghai" in typed("community", "show").stdout


def test_a_command_in_another_shell_leaves_the_lines_as_the_service_has_them(installed, monkeypatch):
    from sqlalchemy import select

    from core.storage import database
    from ivr.models import Line

    with database.unit_of_work() as session:
        session.scalars(select(Line)).one().calls_per_second = 7
    monkeypatch.setenv("ZAOAN_LINE_CALLS_PER_SECOND", "3")
    assert typed("campaign", "list").exit_code == 0
    with database.reading() as session:
        assert session.scalars(select(Line)).one().calls_per_second == 7
