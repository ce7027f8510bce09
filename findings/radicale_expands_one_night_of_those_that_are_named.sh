#!/usr/bin/env bash
# Who is on duty, asked of a calendar server: a duty whose nights are named by RDATE, expanded by Radicale 3.9.0.
#
# Guess before running (of the server as a whole): what it expands is each night once, at its time, in the window that was asked for.
# Seen: nights of a rule are right, also over midnight, and so is a night that is added to a rule by RDATE. Of a duty without a rule,
#   whose nights are all named (DTSTART and RDATEs), the expansion has the first night alone, although the same server finds the duty
#   for the very hour of each other night when it is asked to serve it as it was written, and tells of that hour as busy: three
#   reports of one server, and the one that is made for duty pages says that nobody is there. There is no warning.
# What it means: a duty page that lets the server expand pages nobody in the nights that a person was asked to take one by one. Ask for
#   the events as they were written and expand them yourself; an hour with nobody on duty must raise an alarm of its own.
set -euo pipefail
folder=$(mktemp -d)
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check radicale==3.9.0 vobject==0.9.9 icalendar==7.3.2
cat > "$folder/nights.py" <<'PYTHON'
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from datetime import UTC
from xml.etree import ElementTree

from icalendar import Calendar

FOLDER = sys.argv[1]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
PLACE = f"http://127.0.0.1:{PORT}/office/duty/"
CALDAV = "urn:ietf:params:xml:ns:caldav"
ZONE = ["BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE"]


def ask(method, place, body="", kind="text/xml"):
    headers = {"Authorization": "Basic " + b64encode(b"office:any").decode(), "Content-Type": kind, "Depth": "1"}
    request = urllib.request.Request(place, body.encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


def duty(name, *lines):
    event = ["BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20261101T000000Z", *lines, f"SUMMARY:{name}", "END:VEVENT"]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//roster//EN", *ZONE, *event, "END:VCALENDAR", ""]
    ask("PUT", f"{PLACE}{name}.ics", "\r\n".join(whole), "text/calendar")


def within(begin, end, *, expanded=True):
    """What the server says is within, as (name, begin), with or without the server's own expansion."""
    data = f'<C:calendar-data><C:expand start="{begin}" end="{end}"/></C:calendar-data>' if expanded else "<C:calendar-data/>"
    asked = f"""<C:calendar-query xmlns:D="DAV:" xmlns:C="{CALDAV}"><D:prop>{data}</D:prop><C:filter>
    <C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="{begin}" end="{end}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"""
    found = []
    for data in ElementTree.fromstring(ask("REPORT", PLACE, asked)).iter(f"{{{CALDAV}}}calendar-data"):
        for event in Calendar.from_ical(data.text).walk("VEVENT"):
            found.append((str(event["SUMMARY"]), event.decoded("DTSTART").astimezone(UTC).strftime("%m-%d %H:%M")))
    return sorted(found)


def busy(begin, end):
    asked = f'<C:free-busy-query xmlns:C="{CALDAV}"><C:time-range start="{begin}" end="{end}"/></C:free-busy-query>'
    return [line for line in ask("REPORT", PLACE, asked).splitlines() if line.startswith("FREEBUSY")]


server = subprocess.Popen(
    [sys.executable, "-m", "radicale", "--config", "", "--storage-filesystem-folder", FOLDER, "--auth-type", "none",
     "--server-hosts", f"127.0.0.1:{PORT}", "--logging-level", "critical"])
try:
    for _ in range(200):
        try:
            ask("GET", f"http://127.0.0.1:{PORT}/.web/")
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    ask("MKCALENDAR", PLACE)
    duty("Wang", "DTSTART;TZID=Asia/Shanghai:20261201T220000", "DTEND;TZID=Asia/Shanghai:20261202T060000",
         "RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;TZID=Asia/Shanghai:20261212T220000")
    duty("Li", "DTSTART;TZID=Asia/Shanghai:20261203T220000", "DTEND;TZID=Asia/Shanghai:20261204T060000",
         "RDATE;TZID=Asia/Shanghai:20261217T220000,20261218T220000")

    month = within("20261201T000000Z", "20270101T000000Z")
    print("the month, expanded:", month)
    assert month == [("Li", "12-03 14:00"), *(("Wang", f"12-{day} 14:00") for day in ("01", "08", "12"))]
    for day in ("17", "18"):
        hour = f"202612{day}T150000Z", f"202612{day}T160000Z"
        seen = within(*hour), [name for name, _ in within(*hour, expanded=False)], busy(*hour)
        print(f"the named night of the {day}th, expanded, as written, busy:", *seen)
        assert seen == ([], ["Li"], [f"FREEBUSY;FBTYPE=BUSY:{hour[0]}/{hour[1]}"])
finally:
    server.terminate()
    server.wait(20)
PYTHON
trap 'rm -rf "$folder"' EXIT
"$folder/venv/bin/python" "$folder/nights.py" "$folder/calendars"
