#!/usr/bin/env bash
# A duty roster as an office suite exports it (iCalendar, time zone named as Windows names it, weekly), read by ics 0.7.3.
#
# Guess before running: the time zone is taken from the VTIMEZONE in the file, or refused when its name is unknown; a weekly
#   duty is repeated on the timeline, or refused.
# Seen: neither, and no word of it. 06:00 in "China Standard Time" (+08:00, defined in the file) becomes 06:00 UTC, which is
#   14:00 for whoever is on duty; with the name Asia/Shanghai it is right. RRULE is kept in the text and not carried out:
#   the timeline has one duty instead of fifty-two. Writing the calendar out again keeps the wrong hour, now with a Z.
# What it means: a roster read with it rings the volunteer of the next shift. Read rosters with a library that expands
#   repetitions and takes zones from the file, and look at one known duty after each import.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install ics==0.7.3
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import timedelta

from ics import Calendar

ROSTER = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//roster//EN
BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:duty
DTSTAMP:20261101T000000Z
DTSTART;TZID={zone}:20261102T060000
DTEND;TZID={zone}:20261102T130000
RRULE:FREQ=WEEKLY;COUNT=52
SUMMARY:on duty
END:VEVENT
END:VCALENDAR
"""


def duties(zone):
    return list(Calendar(ROSTER.format(zone=zone).replace("\n", "\r\n")).timeline)


named_by_windows, named_by_iana = duties("China Standard Time"), duties("Asia/Shanghai")
print("China Standard Time:", named_by_windows[0].begin, "duties:", len(named_by_windows))
print("Asia/Shanghai:      ", named_by_iana[0].begin, "duties:", len(named_by_iana))
assert len(named_by_windows) == len(named_by_iana) == 1, "repetitions are carried out now"
assert named_by_iana[0].begin.utcoffset() == timedelta(hours=8)
assert named_by_windows[0].begin.utcoffset() == timedelta(0), "the zone of the file is used now"
assert named_by_windows[0].begin - named_by_iana[0].begin == timedelta(hours=8)
PYTHON
