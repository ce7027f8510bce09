#!/usr/bin/env bash
# Reminders by cron expressions in the nights in which the clocks change: cronsim 2.8, croniter 7.0.0, cron-converter 2.0.2
# and crontab 1.0.5, New York 2026, tzdata 2026.6.
#
# Guess before running: "every half hour" goes on every half hour of real time in both nights in all of them; a daily time
#   happens once, also when the clocks show it twice.
# Seen: cron-converter and crontab are silent for an hour and a half in November (after 05:30 UTC comes 07:00 UTC), and in
#   March they name 07:00, 07:30 and then 07:00 UTC again: the next instant is before the last one, and a loop that sleeps
#   until it runs hot. croniter names a daily 01:30 twice in November, though it names "every half hour" rightly. cronsim
#   does all of it as guessed. A time that does not exist in March (02:30) is 03:00 for cronsim and croniter, 03:30 for the
#   other two.
# What it means: whoever repeats an alarm by such an expression may be silent just in that night. Repeat by durations from
#   the last alarm, in UTC; use expressions for times of day only, and keep a day's round unique by its date.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  cronsim==2.8 croniter==7.0.0 cron-converter==2.0.2 crontab==1.0.5 tzdata==2026.6
PYTHONTZPATH="" "$folder/venv/bin/python" - <<'PYTHON'
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cron_converter import Cron
from croniter import croniter
from cronsim import CronSim
from crontab import CronTab

HERE = ZoneInfo("America/New_York")
HALF_HOURLY = "*/30 * * * *"


def by_cronsim(expression, at):
    instants = CronSim(expression, at)
    return [next(instants) for _ in range(4)]


def by_croniter(expression, at):
    instants = croniter(expression, at)
    return [instants.get_next(datetime) for _ in range(4)]


def by_cron_converter(expression, at):
    instants = Cron(expression).schedule(at)
    return [instants.next() for _ in range(4)]


def by_crontab(expression, at):
    found = []
    for _ in range(4):
        at = CronTab(expression).next(at, default_utc=False, return_datetime=True)
        found.append(at)
    return found


LIBRARIES = {"cronsim": by_cronsim, "croniter": by_croniter, "cron-converter": by_cron_converter, "crontab": by_crontab}
NOVEMBER = (HALF_HOURLY, datetime(2026, 11, 1, 0, 45, tzinfo=HERE))
MARCH = (HALF_HOURLY, datetime(2026, 3, 8, 1, 15, tzinfo=HERE))
TWICE = ("30 1 * * *", datetime(2026, 10, 31, 12, tzinfo=HERE))
SKIPPED = ("30 2 * * *", datetime(2026, 3, 7, 12, tzinfo=HERE))
RIGHT_NOVEMBER, GAP = "1T05:00 1T05:30 1T06:00 1T06:30", "1T05:00 1T05:30 1T07:00 1T07:30"
RIGHT_MARCH, BACK = "8T06:30 8T07:00 8T07:30 8T08:00", "8T06:30 8T07:00 8T07:30 8T07:00"
ONCE, DOUBLE = "1T05:30 2T06:30 3T06:30 4T06:30", "1T05:30 1T06:30 2T06:30 3T06:30"
AT_THREE, AT_HALF = "8T07:00 9T06:30 10T06:30 11T06:30", "8T07:30 9T06:30 10T06:30 11T06:30"
EXPECTED = {
    "cronsim": (RIGHT_NOVEMBER, RIGHT_MARCH, ONCE, AT_THREE),
    "croniter": (RIGHT_NOVEMBER, RIGHT_MARCH, DOUBLE, AT_THREE),
    "cron-converter": (GAP, BACK, ONCE, AT_HALF),
    "crontab": (GAP, BACK, ONCE, AT_HALF),
}
for name, instants in LIBRARIES.items():
    seen = []
    for expression, at in (NOVEMBER, MARCH, TWICE, SKIPPED):
        found = [instant.astimezone(UTC) for instant in instants(expression, at)]
        seen.append(" ".join(f"{instant.day}T{instant:%H:%M}" for instant in found))
    print(f"{name:15}", " | ".join(seen))
    assert tuple(seen) == EXPECTED[name], f"{name} names other instants now: {seen}"
PYTHON
