#!/usr/bin/env bash
# A weekly duty that another person takes over "from the third week on" (RECURRENCE-ID;RANGE=THISANDFUTURE, RFC 5545 3.2.13), expanded by
# ical 14.3.1, icalevents 0.3.1, recurring-ical-events 3.8.2 and from npm ical.js 2.2.1 and node-ical 0.26.1.
#
# Guess before running: all of them take the change over for the later weeks, or refuse a range they do not know.
# Seen: recurring-ical-events and ical.js move the third and all later duties to B, a day and two hours later. icalevents and
#   node-ical change the third week alone: from the fourth on A is on duty again, at the old hour. ical changes nothing at
#   all: in the third week it has both, A at the old hour and B at the new one, and A again from there on. No error anywhere.
# What it means: the person who handed the duty over is paged for months, and the one who took it over is not. A roster that
#   has RANGE is expanded by a library that was tried with it, or refused. (Open work: allenporter/ical pull request 513.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/roster.ics" <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//roster//EN
BEGIN:VEVENT
UID:duty
DTSTAMP:20261001T000000Z
DTSTART:20261102T000000Z
DTEND:20261102T040000Z
RRULE:FREQ=WEEKLY;COUNT=6
SUMMARY:A
END:VEVENT
BEGIN:VEVENT
UID:duty
DTSTAMP:20261001T000000Z
RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T000000Z
DTSTART:20261117T020000Z
DTEND:20261117T060000Z
SUMMARY:B
END:VEVENT
END:VCALENDAR
ICS
sed -i 's/$/\r/' "$folder/roster.ics"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  ical==14.3.1 icalevents==0.3.1 icalendar==7.3.2 recurring-ical-events==3.8.2
"$folder/venv/bin/python" - "$folder/roster.ics" <<'PYTHON'
import sys
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream
from icalevents import icalevents

FILE = Path(sys.argv[1]).read_bytes()
SPAN = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


def by_ical():
    calendar = IcsCalendarStream.calendar_from_ics(FILE.decode())
    return [(event.dtstart, event.summary) for event in calendar.timeline.included(*SPAN)]


def by_icalevents():
    events = icalevents.events(string_content=FILE, start=SPAN[0], end=SPAN[1])
    return sorted((event.start, event.summary) for event in events)


def by_recurring_ical_events():
    calendar = recurring_ical_events.of(icalendar.Calendar.from_ical(FILE))
    return [(event["DTSTART"].dt, str(event["SUMMARY"])) for event in calendar.between(*SPAN)]


EXPECTED = {
    by_recurring_ical_events: "02T00A 09T00A 17T02B 24T02B 01T02B 08T02B",
    by_icalevents: "02T00A 09T00A 17T02B 23T00A 30T00A 07T00A",
    by_ical: "02T00A 09T00A 16T00A 17T02B 23T00A 30T00A 07T00A",
}
for expand, expected in EXPECTED.items():
    seen = " ".join(f"{start:%dT%H}{who}" for start, who in expand())
    print(f"{expand.__name__}: {seen}")
    assert seen == expected, expand.__name__
PYTHON
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts ical.js@2.2.1 node-ical@0.26.1
cat > "$folder/expand.mjs" <<'NODE'
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import ical from 'node-ical';

const FILE = readFileSync('roster.ics', 'utf8');
const short = (instant, who) => instant.slice(8, 13) + who;

function byIcalJs() {
  const [duty, change] = new ICAL.Component(ICAL.parse(FILE)).getAllSubcomponents('vevent');
  const event = new ICAL.Event(duty);
  event.relateException(change);
  const instants = event.iterator();
  const seen = [];
  for (let instant = instants.next(); instant; instant = instants.next()) {
    const { startDate, item } = event.getOccurrenceDetails(instant);
    seen.push(short(startDate.toString(), item.summary));
  }
  return seen.join(' ');
}

function byNodeIcal() {
  const span = { from: new Date('2026-11-01'), to: new Date('2026-12-31') };
  return ical.expandRecurringEvent(ical.sync.parseICS(FILE).duty, span)
    .map((event) => short(event.start.toISOString(), event.summary)).join(' ');
}

console.log('ical.js:', byIcalJs());
assert.strictEqual(byIcalJs(), '02T00A 09T00A 17T02B 24T02B 01T02B 08T02B');
console.log('node-ical:', byNodeIcal());
assert.strictEqual(byNodeIcal(), '02T00A 09T00A 17T02B 23T00A 30T00A 07T00A');
NODE
cd "$folder" && TZ=UTC node expand.mjs
