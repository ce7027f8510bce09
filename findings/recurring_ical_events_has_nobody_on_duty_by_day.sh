#!/usr/bin/env bash
# A night duty, Mondays 22:00 to 06:00, in an iCalendar roster; who is on duty on Tuesday? Asked of recurring-ical-events 3.8.2.
#
# Guess before running: at(date(2026, 11, 3)) gives what touches that Tuesday, as the documentation says of all spellings.
# Seen: it gives nothing, while the same day as the tuple (2026, 11, 3) or the text "20261103" finds the duty. A span between
#   plain dates has only what begins in it: a duty of the evening before, which lasts until morning, is not in it. Between a
#   date and itself there is nothing at all, whatever happens that day.
# What it means: a page "who is on duty today?" that passes a date shows nobody from midnight to six, and is right by day, when
#   it is tried. Pass the day as a tuple or a text, or two instants with their zone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install recurring-ical-events==3.8.2 icalendar==6.3.1 tzdata==2025.2
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date, datetime
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

SHANGHAI = ZoneInfo("Asia/Shanghai")


def roster(start, end):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20261101T000000Z",
             f"DTSTART;TZID=Asia/Shanghai:{start}", f"DTEND;TZID=Asia/Shanghai:{end}", "RRULE:FREQ=WEEKLY;COUNT=4",
             "SUMMARY:duty", "END:VEVENT", "END:VCALENDAR", ""]
    return recurring_ical_events.of(icalendar.Calendar.from_ical("\r\n".join(lines)))


def asked(duty, day):
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    next_one = datetime(day.year, day.month, day.day + 1, tzinfo=SHANGHAI)
    return {
        "at(date)": len(duty.at(day)),
        "at(tuple)": len(duty.at((day.year, day.month, day.day))),
        "at(text)": len(duty.at(f"{day:%Y%m%d}")),
        "between(date, date)": len(duty.between(day, day)),
        "between(midnight, midnight)": len(duty.between(midnight, next_one)),
    }


night = asked(roster("20261102T220000", "20261103T060000"), date(2026, 11, 3))
morning = asked(roster("20261102T063000", "20261102T113000"), date(2026, 11, 2))
print("night duty, the day it ends:", night)
print("morning duty, its day:", morning)
by_other_means = {"at(tuple)": 1, "at(text)": 1, "between(date, date)": 0, "between(midnight, midnight)": 1}
assert night == {"at(date)": 0} | by_other_means
assert morning == {"at(date)": 1} | by_other_means
PYTHON
