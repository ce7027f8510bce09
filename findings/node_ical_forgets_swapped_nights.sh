#!/usr/bin/env bash
# Who is on duty today: a weekly night duty with a swap (RECURRENCE-ID) and an additional night (RDATE), expanded by node-ical 0.26.1.
#
# Guess before running: expandRecurringEvent gives what falls into the window it is asked for: on the day to which a night was
#   moved it is there, on the day from which it was moved it is not, and a night added by RDATE counts like the others.
# Seen: asked day by day, as a duty page does, the swapped night is on no day. It is left out on its old day, and on its new day
#   too, because only rules that fall into the window are looked at, and the night's rule falls on the old day. A window that
#   holds both days finds it, so the calendar of the month is right. A night added by RDATE is in no window at all, and in a
#   roster that consists of such dates alone (DTSTART and RDATEs) only the first night is left. There is no warning.
# What it means: on the very nights that people swapped or added nobody is paged, and the overview of the month, which everybody
#   looks at, shows the swap as it should be. Expand the whole roster, pick the day out of the result, and let an hour with
#   nobody on duty raise an alarm of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts node-ical@0.26.1
cat > "$folder/nights.mjs" <<'NODE'
import assert from 'node:assert';
import ical from 'node-ical';

const HEAD = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//roster//EN'];

function night(lines, date, name) {
  return ['BEGIN:VEVENT', 'UID:night-duty', 'DTSTAMP:20261101T000000Z', ...lines, `DTSTART;TZID=Asia/Shanghai:${date}T200000`,
    `DTEND;TZID=Asia/Shanghai:${date}T235900`, `SUMMARY:${name}`, 'END:VEVENT'];
}

function roster(...events) {
  const text = [...HEAD, ...events.flat(), 'END:VCALENDAR', ''].join('\r\n');
  return Object.values(ical.sync.parseICS(text)).find((event) => event.type === 'VEVENT');
}

function onDuty(event, first, last = first) {
  const window = { from: new Date(`${first}T00:00:00+08:00`), to: new Date(`${last}T23:59:59+08:00`) };
  return ical.expandRecurringEvent(event, window).map(({ start, summary }) => `${start.toISOString().slice(5, 10)} ${summary}`);
}

const WEEKLY = 'RRULE:FREQ=WEEKLY;COUNT=3';
const swapped = roster(
  night([WEEKLY], '20261201', 'Wang'),
  night(['RECURRENCE-ID;TZID=Asia/Shanghai:20261208T200000'], '20261203', 'Li'),
);
const DAYS = ['2026-12-01', '2026-12-03', '2026-12-08', '2026-12-15'];
const byDay = DAYS.flatMap((day) => onDuty(swapped, day));
const byMonth = onDuty(swapped, '2026-12-01', '2026-12-31');
console.log('the swap, by day:', byDay, 'by month:', byMonth);
assert.deepStrictEqual(byDay, ['12-01 Wang', '12-15 Wang']);
assert.deepStrictEqual(byMonth, ['12-01 Wang', '12-03 Li', '12-15 Wang']);

const ADDED = 'RDATE;TZID=Asia/Shanghai:20261204T200000,20261211T200000';
const added = onDuty(roster(night([WEEKLY, ADDED], '20261201', 'Wang')), '2026-12-01', '2026-12-31');
const datesAlone = onDuty(roster(night([ADDED], '20261201', 'Wang')), '2026-12-01', '2026-12-31');
console.log('two nights more:', added, 'dates alone:', datesAlone);
assert.deepStrictEqual(added, ['12-01 Wang', '12-08 Wang', '12-15 Wang']);
assert.deepStrictEqual(datesAlone, ['12-01 Wang']);
NODE
cd "$folder" && TZ=Asia/Shanghai node nights.mjs
