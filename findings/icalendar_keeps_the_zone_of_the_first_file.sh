#!/usr/bin/env bash
# Duty rosters of several offices, each a file with a time zone of its own, read one after another by icalendar 7.3.2.
#
# Guess before running: each file's own VTIMEZONE holds for its own events.
# Seen: the first definition of a name stays for the life of the process. Three files define "Office" as +08:00, +05:45 and
#   -05:00; 06:00 is read as +08:00 in all three, without an error, and in another order all are something else. A file
#   without any definition of "Office" takes it from a file that was read before, and is read differently alone.
# What it means: who reads rosters of several sources in one process gives each its own process, or compares the offsets
#   with the file's VTIMEZONE; tests that read one file each do not see it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install icalendar==7.3.2 tzdata==2026.6
cat > "$folder/read.py" <<'PYTHON'
import sys

from icalendar import Calendar

DEFINED = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE
"""
ROSTER = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//roster//EN
{zone}BEGIN:VEVENT
UID:duty
DTSTAMP:20261101T000000Z
DTSTART;TZID=Office:20261102T060000
SUMMARY:on duty
END:VEVENT
END:VCALENDAR
"""
for offset in sys.argv[1:]:
    zone = "" if offset == "undefined" else DEFINED.format(offset=offset)
    calendar = Calendar.from_ical(ROSTER.format(zone=zone).replace("\n", "\r\n"))
    print(offset, calendar.walk("VEVENT")[0]["DTSTART"].dt.strftime("%z") or "no zone")
PYTHON
read_in_one_process() { "$folder/venv/bin/python" "$folder/read.py" "$@"; }
seen=$(read_in_one_process +0800 +0545 -0500; read_in_one_process -0500 +0800; read_in_one_process +0545; read_in_one_process undefined; read_in_one_process +0545 undefined)
echo "$seen"
diff <(echo "$seen") - <<'EXPECTED'
+0800 +0800
+0545 +0800
-0500 +0800
-0500 -0500
+0800 -0500
+0545 +0545
undefined no zone
+0545 +0545
undefined +0545
EXPECTED
