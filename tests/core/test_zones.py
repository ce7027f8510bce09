"""The pinned time zone data decide, whatever the machine has."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

import grimp
import pytest

from contacts.hours import instant
from core import zones
from core.i18n import Language
from tests.databases import sqlite_in
from zaoan.checks.machine.clock import examine_clock

HOME = Path(__file__).parents[2]
FLOORS = ("core", "contacts", "audio", "ivr", "campaigns", "escalation", "console", "zaoan", "exchange", "benchmarks")
ASKED = """
import json, {module}
from datetime import datetime
from zoneinfo import TZPATH, ZoneInfo
print(json.dumps([list(TZPATH), datetime(2027, 1, 15, 8, tzinfo=ZoneInfo("America/Vancouver")).isoformat()]))
"""


@pytest.fixture
def old_machine(tmp_path):
    """The environment of a machine whose Vancouver still has winter time, as it had until 2026."""
    winter_and_summer = (Path(zones.tzdata.__file__).parent / "zoneinfo/America/Los_Angeles").read_bytes()
    files = tmp_path / "zoneinfo"
    (files / "America").mkdir(parents=True)
    (files / "America/Vancouver").write_bytes(winter_and_summer)
    return {**os.environ, "PYTHONTZPATH": str(files)}


def source(module):
    path = HOME / module.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")


def typed(*words, environment):
    """A command as a user types it, in a new process."""
    asked = [sys.executable, "-m", "zaoan", *words]
    return subprocess.run(asked, cwd=HOME, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def floors_of(modules):
    return {name.partition(".")[0] for name in modules}


def test_eight_o_clock_in_vancouver_knows_that_winter_time_is_over():
    winter = instant(date(2027, 1, 15), time(8), ZoneInfo("America/Vancouver"))
    assert winter.astimezone(UTC) == datetime(2027, 1, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize("module", ["core.settings", "zaoan.cli.cli", "zaoan.worker.transport", "audio.worker"])
def test_a_new_process_goes_by_the_pinned_data_even_where_the_machine_has_others(old_machine, module):
    asked = [sys.executable, "-c", ASKED.format(module=module)]
    told = subprocess.run(asked, cwd=HOME, env=old_machine, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == [[], "2027-01-15T08:00:00-07:00"]


def test_the_machine_of_these_tests_would_have_said_otherwise(old_machine):
    asked = [sys.executable, "-c", ASKED.format(module="zoneinfo")]
    told = subprocess.run(asked, cwd=HOME, env=old_machine, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)[1] == "2027-01-15T08:00:00-08:00"


def test_whatever_makes_a_zone_has_loaded_what_makes_the_pinned_data_decide():
    graph = grimp.build_graph(*FLOORS)
    making = {name for name in graph.modules - {"core.zones"} if "ZoneInfo(" in source(name)}
    assert making
    assert not {name for name in making if "core" not in floors_of({name, *graph.find_upstream_modules(name)})}


def test_a_round_of_an_office_in_vancouver_starts_at_eight_on_its_wall(old_machine, tmp_path):
    (tmp_path / "people.csv").write_text("name,phone,building,room\nMrs Wang,+8613800000001,1,101\n", "utf-8")
    office = old_machine | {
        "ZAOAN_DATA_DIR": str(tmp_path),
        "ZAOAN_DATABASE_URL": sqlite_in(tmp_path),
        "ZAOAN_TIMEZONE": "America/Vancouver",
        "ZAOAN_REGION": "CA",
        "ZAOAN_CLOCK_START": "2027-01-14T20:00:00-07:00",
    }
    typed("import", str(tmp_path / "people.csv"), "--consent", "signed forms, 2026-11-01", environment=office)
    typed("campaign", "create", "Morning", "--everyone", "--allow-empty", "--at", "08:00", environment=office)
    [campaign] = json.loads(typed("campaign", "list", "--json", environment=office))
    assert datetime.fromisoformat(campaign["next_round_at"]) == datetime(2027, 1, 15, 15, tzinfo=UTC)


def test_the_doctor_says_which_data_decide(house_settings):
    [said] = [each for each in examine_clock(house_settings) if zones.version() in each.describe(Language.CHINESE)]
    assert f"(Asia/Shanghai) follow our own time zone data, release {zones.version()}" in said.describe(
        Language.ENGLISH
    )


def test_what_decides_is_what_is_pinned():
    pinned = (HOME / "requirements.lock").read_text("utf-8")
    assert f"\ntzdata=={metadata.version('tzdata')} " in pinned
