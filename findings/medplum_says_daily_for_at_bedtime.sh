#!/usr/bin/env bash
# When to take a medicine (FHIR Timing), put into words by formatTiming of @medplum/core 5.2.13, and of 4.5.2, which is what Node 20 gets.
#
# Guess before running: "1 to 2 times a day" keeps both, every 8 hours is said so, times of day, weekdays and "at bedtime" or "after
#   breakfast" (when) are said; every second day is "every 2 days".
# Seen: only the lower number is ever said: "1 to 2 times a day" is "Daily", and every 4 to 6 hours is "Once per 4 hours". "At bedtime" is
#   not said at all: once a day at bedtime is "Daily" too, and "half an hour after breakfast", or "Mondays at 08:00", which need no period,
#   are the empty text. A course of ten doses, or one that ends, sounds as if it had no end. Version 4.5.2 takes the time of day, which
#   in FHIR has no zone, for one of UTC: in Shanghai eight in the morning is 4:00 PM, and half past eight in the evening 4:30 AM. In a
#   container on UTC it is right. There is no warning.
# What it means: a reminder call that says these words lets a resident take a sleeping pill by day, a pain killer six times a day where
#   four was meant as well, or nothing, since the text was empty; and tests on UTC pass. Say only what one can say whole: refuse a
#   Timing with an element that one's words do not have (frequencyMax, periodMax, when, count, bounds) and let a person look.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts --engine-strict=false \
  medplum5@npm:@medplum/core@5.2.13 medplum4@npm:@medplum/core@4.5.2
cat > "$folder/words.mjs" <<'NODE'
import assert from 'node:assert';

globalThis.WebSocket ??= class {}; // version 5 looks for this class of Node 22 when it is loaded; nothing here uses it
const { formatTiming: newer } = await import('medplum5');
const { formatTiming: older } = await import('medplum4');
const DAY = { frequency: 1, period: 1, periodUnit: 'd' };

function words(format, repeat, zone = 'UTC') {
  process.env.TZ = zone;
  return format({ repeat }).replaceAll('\u202f', ' ').replaceAll(/(\d:\d\d):00/g, '$1'); // 4.5.2 says seconds too
}

const WHOLE = [
  [{ ...DAY, frequency: 2 }, '2 times per day'],
  [{ ...DAY, period: 2 }, 'Once per 2 days'],
  [{ frequency: 1, period: 8, periodUnit: 'h' }, 'Once per 8 hours'],
  [{ frequency: 1, period: 1, periodUnit: 'wk', dayOfWeek: ['mon', 'thu'] }, 'Weekly on Mon, Thu'],
];
const BY_HALF = [
  [{ ...DAY, frequencyMax: 2 }, 'Daily'],
  [{ frequency: 1, period: 4, periodMax: 6, periodUnit: 'h' }, 'Once per 4 hours'],
  [{ ...DAY, when: ['HS'] }, 'Daily'],
  [{ when: ['PCM'], offset: 30 }, ''],
  [{ dayOfWeek: ['mon'], timeOfDay: ['08:00:00'] }, ''],
  [{ ...DAY, frequency: 3, count: 10, boundsDuration: { value: 7, unit: 'd' } }, '3 times per day'],
];
for (const [repeat, expected] of [...WHOLE, ...BY_HALF]) {
  const said = [newer, older].map((format) => words(format, repeat));
  console.log(JSON.stringify(repeat), '=>', ...said.map((each) => `"${each}"`));
  assert.deepStrictEqual(said, [expected, expected]);
}

const TIMES = { ...DAY, timeOfDay: ['08:00:00', '20:30:00'] };
for (const [format, zone, expected] of [
  [newer, 'UTC', 'Daily at 8:00 AM, 8:30 PM'],
  [newer, 'Asia/Shanghai', 'Daily at 8:00 AM, 8:30 PM'],
  [older, 'UTC', 'Daily at 8:00 AM, 8:30 PM'],
  [older, 'Asia/Shanghai', 'Daily at 4:00 PM, 4:30 AM'],
]) {
  const said = words(format, TIMES, zone);
  console.log(format === newer ? '5.2.13' : '4.5.2', 'in', zone, JSON.stringify(TIMES.timeOfDay), '=>', said);
  assert.strictEqual(said, expected);
}
NODE
cd "$folder" && LC_ALL=C node words.mjs
