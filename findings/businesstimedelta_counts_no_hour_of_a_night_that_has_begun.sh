#!/usr/bin/env bash
# Hours on duty, counted by businesstimedelta 1.0.1 (PyPI): an alarm is to be seen to within two hours of the night duty, which is
# from 20:00 to 08:00 every day; how long has it been open, and when does the time end?
#
# Guess before running: a night from 20:00 to 08:00 counts as 12 hours, or is refused. And, when 21:00 to 23:00 had been seen to
#   be none: from 21:00 to 09:00 are 11 hours, from 02:00 to 09:00 six; two hours from 21:00 end at 23:00, one hour from 02:00 at
#   03:00.
# Seen: whole nights are 12 hours. But from any moment within the night to any other there are 0 hours, to the end of it as well,
#   and two hours from 21:00 end at 22:00 on the next day, one hour from 02:00 at 21:00. What begins before 20:00 is right: an
#   alarm of 19:00, or of noon. With the night cut in two rules at midnight it is right but for a second a night, since 24:00
#   cannot be written. (Nights are documented, and were asked for in seppemans/businesstimedelta issues 5 and 6.)
# What it means: whatever happens in the night is never late, and is seen to on the following evening, though each trial by day
#   passes. Cut duties at midnight, and try each rule from a moment in its midst.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install businesstimedelta==1.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import datetime

from businesstimedelta import BusinessTimeDelta, Rules, WorkDayRule

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


def duty(*hours):
    return Rules([WorkDayRule(start_time=start, end_time=end, working_days=EVERY_DAY) for start, end in hours])


def at(hour, day=1):
    return datetime.datetime(2026, 12, day, hour)


EIGHT, TWENTY = datetime.time(8), datetime.time(20)
NIGHT = duty((TWENTY, EIGHT))
HALVES = duty((TWENTY, datetime.time(23, 59, 59)), (datetime.time(0), EIGHT))
OPEN = [  # from, to, hours by one rule, hours by two
    (at(21), at(23), 0, 2),
    (at(21), at(9, day=2), 0, 11),
    (at(2), at(4), 0, 2),
    (at(2), at(9), 0, 6),
    (at(19), at(23), 3, 3),
    (at(19), at(2, day=2), 6, 6),
    (at(12), at(12, day=3), 24, 24),
]
ENDS = [  # alarm, hours to see to it, end by one rule, end by two
    (at(21), 2, at(22, day=2), at(23)),
    (at(2), 1, at(21), at(3)),
    (at(12), 2, at(22), at(22)),
]
for start, end, *expected in OPEN:
    hours = [rules.difference(start, end).timedelta.total_seconds() / 3600 for rules in (NIGHT, HALVES)]
    print(f"from {start:%d %H:%M} to {end:%d %H:%M}: {hours[0]:.3f} hours of the night, {hours[1]:.3f} of its halves")
    assert hours[0] == expected[0] and abs(hours[1] - expected[1]) < 0.001
for start, hours, *expected in ENDS:
    ends = [(start + BusinessTimeDelta(rules, hours=hours)).replace(tzinfo=None) for rules in (NIGHT, HALVES)]
    print(f"{hours} hours from {start:%d %H:%M}: until {ends[0]:%d %H:%M} of the night, {ends[1]:%d %H:%M} of its halves")
    assert ends == expected
PYTHON
