#!/usr/bin/env bash
# Three teams in turn by PyWorkShift 1.2.0 (PyPI): a day from 8 to 20 o'clock, a night from 20 to 8, a day off. Asked who is on
# duty, by getShiftInstancesForTime, and how long a team works, by calculateWorkingTime.
#
# Guess before running: at two in the morning the team is on duty whose night began yesterday evening; at eight o'clock one team
#   hands over to the other; in one hour of a night one hour is worked.
# Seen: at 02:00 it is the team whose night begins the next evening, 18 hours later. At 08:00 and at 20:00 sharp two teams are on
#   duty; at 08:00 the second is again the one of the coming night. From 02:00 to 03:00 the team on duty works six hours, the rest
#   of its night.
# What it means: from midnight to eight every alarm wakes people who are at home, the whole rota round, while those on duty are not
#   rung. Ask getShiftInstancesForDay for today and yesterday, and take the instance with start <= now < end.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install PyWorkShift==1.2.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from datetime import date, datetime, time, timedelta

from PyShift.workschedule.work_schedule import WorkSchedule

office = WorkSchedule("office", "three teams, two shifts")
day = office.createShift("day", "08 to 20", time(8), timedelta(hours=12))
night = office.createShift("night", "20 to 08", time(20), timedelta(hours=12))
turn = office.createRotation("turn", "day, night, off")
turn.addSegment(day, 1, 0)
turn.addSegment(night, 1, 1)
for name, first in (("A", 3), ("B", 1), ("C", 2)):  # on 29 November: C by day, B by night
    office.createTeam(name, "", turn, date(2026, 11, first))


def told(day_of_month, hour):
    found = office.getShiftInstancesForTime(datetime(2026, 11, day_of_month, hour))
    return [f"{one.team.name} {one.shift.name}" for one in found]


def true(day_of_month, hour):
    """By the beginning and the end of each shift of today and yesterday."""
    now = datetime(2026, 11, day_of_month, hour)
    days = [now.date(), now.date() - timedelta(days=1)]
    instances = [one for each in days for one in office.getShiftInstancesForDay(each)]
    return [f"{one.team.name} {one.shift.name}" for one in instances if one.startDateTime <= now < one.getEndTime()]


for hour in range(24):
    print(f"{hour:02}:00: told {told(29, hour)}, on duty {true(29, hour)}")
right = [hour for hour in range(24) if told(29, hour) == true(29, hour)]
assert right == [*range(9, 20), *range(21, 24)], right
assert (true(29, 2), told(29, 2)) == (["A night"], ["B night"])
assert told(29, 8) == ["C day", "B night"] and true(29, 8) == ["C day"]

[instance] = [one for one in office.getShiftInstancesForDay(date(2026, 11, 28)) if one.shift.name == "night"]
worked = instance.team.calculateWorkingTime(datetime(2026, 11, 29, 2), datetime(2026, 11, 29, 3))
print(f"From 02:00 to 03:00 team {instance.team.name} works {worked}")
assert worked == timedelta(hours=6)
PYTHON
