#!/usr/bin/env bash
# A birthday kept by the Chinese calendar (the fifteenth of the eighth month, RFC 7529: RSCALE=CHINESE), expanded by ical 14.3.1,
# recurring-ical-events 3.8.2, python-dateutil 2.9.0.post0 and from npm ical.js 2.2.1, ts-ics 2.4.6, rrule 2.8.1, rrule-temporal 2.2.8.
#
# Guess before running: whoever does not know RSCALE refuses the rule, since every date after the first would be wrong.
# Seen: ical, ical.js and ts-ics leave RSCALE out without a word and repeat 6 October: right in 2025, eleven days late in 2026
#   (25 September) and three weeks late in 2027 (15 September). recurring-ical-events, dateutil and rrule refuse.
#   rrule-temporal alone names the right days. COUNT changes none of it.
# What it means: the first year, in which one tests, is right everywhere. A roster or birthday list with RSCALE is refused by
#   name, or expanded by a library that has a calendar for it. (Open wishes: collective/icalendar issue 1658,
#   niccokunzmann/python-recurring-ical-events issue 124.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/birthday.ics" <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//birthdays//EN
BEGIN:VEVENT
UID:birthday
DTSTAMP:20250101T000000Z
DTSTART;VALUE=DATE:20251006
RRULE:RSCALE=CHINESE;FREQ=YEARLY;COUNT=3
SUMMARY:birthday
END:VEVENT
END:VCALENDAR
ICS
sed -i 's/$/\r/' "$folder/birthday.ics"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  ical==14.3.1 icalendar==7.3.2 recurring-ical-events==3.8.2 python-dateutil==2.9.0.post0
"$folder/venv/bin/python" - "$folder/birthday.ics" <<'PYTHON'
import sys
from datetime import date, datetime
from pathlib import Path

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr
from ical.calendar_stream import IcsCalendarStream

FILE = Path(sys.argv[1]).read_text(encoding="utf-8")
SPAN = date(2025, 1, 1), date(2029, 1, 1)


def by_ical():
    return [event.dtstart for event in IcsCalendarStream.calendar_from_ics(FILE).timeline.included(*SPAN)]


def by_recurring_ical_events():
    calendar = recurring_ical_events.of(icalendar.Calendar.from_ical(FILE))
    return [event["DTSTART"].dt for event in calendar.between(*SPAN)]


def by_dateutil():
    return list(rrulestr("RSCALE=CHINESE;FREQ=YEARLY;COUNT=3", dtstart=datetime(2025, 10, 6)))


for expand in (by_ical, by_recurring_ical_events, by_dateutil):
    try:
        seen = [str(day) for day in expand()]
    except Exception as refused:
        seen = None
        print(f"{expand.__name__}: refused, {type(refused).__name__}: {refused}")
    else:
        print(f"{expand.__name__}: {seen}")
    assert seen == (["2025-10-06", "2026-10-06", "2027-10-06"] if expand is by_ical else None), expand.__name__
PYTHON
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  ical.js@2.2.1 ts-ics@2.4.6 rrule@2.8.1 rrule-temporal@2.2.8
cat > "$folder/expand.mjs" <<'NODE'
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';
import { convertIcsCalendar, extendByRecurrenceRule } from 'ts-ics';

const FILE = readFileSync('birthday.ics', 'utf8');
const WRONG = ['2025-10-06', '2026-10-06', '2027-10-06'];
const RIGHT = ['2025-10-06', '2026-09-25', '2027-09-15'];

const LIBRARIES = {
  'ical.js': [WRONG, () => {
    const component = new ICAL.Component(ICAL.parse(FILE)).getFirstSubcomponent('vevent');
    const instants = new ICAL.Event(component).iterator();
    return [1, 2, 3].map(() => instants.next().toString());
  }],
  'ts-ics': [WRONG, () => {
    const [event] = convertIcsCalendar(undefined, FILE).events;
    return extendByRecurrenceRule(event.recurrenceRule, { start: event.start.date, end: new Date('2029-01-01') })
      .map((day) => day.toISOString());
  }],
  rrule: [null, () => rrule.rrulestr('DTSTART:20251006T000000Z\nRRULE:RSCALE=CHINESE;FREQ=YEARLY;COUNT=3').all()],
  'rrule-temporal': [RIGHT, () => new RRuleTemporal({
    rruleString: 'DTSTART;VALUE=DATE:20251006\nRRULE:RSCALE=CHINESE;FREQ=YEARLY;COUNT=3',
  }).all().map(String)],
};
for (const [name, [expected, expand]] of Object.entries(LIBRARIES)) {
  let seen = null;
  try {
    seen = expand().map((day) => day.slice(0, 10));
    console.log(`${name}:`, seen.join(' '));
  } catch (refused) {
    console.log(`${name}: refused, ${refused.message}`);
  }
  assert.deepStrictEqual(seen, expected, name);
}
NODE
cd "$folder" && TZ=UTC node expand.mjs
