#!/usr/bin/env bash
# The office's duties in rosters 0.0.1 (npm, "manage on-call rotations"): a layer for the day and one for the night, or people who
# take turns by day or by week. It is asked who is on call now, in Shanghai.
#
# What one would guess: the layer from 20:00 to 08:00 is the night; turns go on over New Year; and at half past midnight the layer
#   that ends at 08:00 holds.
# Seen: a layer that begins later than it ends holds at no time: from 20:00 to 08:00 the question "who" raises TypeError. Cut in
#   two, "from 20:00" and "until 08:00", it works but for the hour after midnight, which is written 24:30 and so belongs to the
#   evening. Turns are the number of the day of the year, or of the ISO week, by the number of people: of three who take weekly
#   turns Wang is left out after week 53, of two Li is on duty for two weeks on end; and at midnight sharp the day's turn is still
#   yesterday's. If everybody is switched off, one of them is on call all the same.
# What it means: at night an alarm goes to nobody, with an error in a log; and each New Year someone comes on duty who does not
#   know it. Keep the turns as dates in a list, and ask the roster for every hour of the coming week before relying on it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts rosters@0.0.1
cat > "$folder/duty.cjs" <<'NODE'
const assert = require('node:assert');
const { getOnCallPerson } = require('rosters');

const RealDate = Date;

/** Ask as if it were that moment. */
function onCall(layers, moment) {
  const now = new RealDate(moment).getTime();
  global.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length ? parts : [now]));
    }
  };
  try {
    return getOnCallPerson({ layers }).name;
  } catch (error) {
    return error.constructor.name;
  } finally {
    global.Date = RealDate;
  }
}

const HOURS = ['12:00', '19:59', '20:01', '23:30', '00:30', '01:30', '07:59'];
const nights = (layers) => HOURS.map((hour) => onCall(layers, `2026-12-20T${hour}:00`));
const DAY = { user: { name: 'day' }, start: '08:00', end: '20:00' };
const whole = nights([DAY, { user: { name: 'night' }, start: '20:00', end: '08:00' }]);
const halves = nights([DAY, { user: { name: 'evening' }, start: '20:00' }, { user: { name: 'early' }, end: '08:00' }]);
console.log(`at ${HOURS}\none night layer:  ${whole}\ntwo night layers: ${halves}`);
assert.deepStrictEqual(whole, ['day', 'day', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError']);
assert.deepStrictEqual(halves, ['day', 'day', 'evening', 'evening', 'evening', 'early', 'early']);

const turns = (every, names, moments) => {
  const users = names.map((name) => ({ name }));
  return moments.map((moment) => onCall([{ rotation: { every, users } }], moment)).join(' ');
};
const MONDAYS = ['2026-12-14', '2026-12-21', '2026-12-28', '2027-01-04', '2027-01-11', '2027-01-18'].map((day) => `${day}T09:00`);
const DAYS = ['2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'].map((day) => `${day}T09:00`);
for (const [every, names, moments, expected] of [
  ['week', ['Wang', 'Li', 'Zhao'], MONDAYS, 'Wang Li Zhao Li Zhao Wang'],
  ['week', ['Wang', 'Li'], MONDAYS, 'Li Wang Li Li Wang Li'],
  ['day', ['Wang', 'Li', 'Zhao'], DAYS, 'Wang Li Zhao Li Zhao'],
  ['day', ['Wang', 'Li', 'Zhao'], ['2026-12-30T00:00', '2026-12-30T00:01'], 'Wang Li'],
]) {
  const seen = turns(every, names, moments);
  console.log(`${names} by ${every}: ${seen}`);
  assert.strictEqual(seen, expected);
}
const off = [{ name: 'Wang', enable: false }, { name: 'Li', enable: false }];
const nobody = onCall([{ rotation: { every: 'week', users: off } }], '2026-12-20T09:00');
console.log(`everybody switched off: ${nobody}`);
assert.strictEqual(nobody, 'Li');
NODE
cd "$folder" && TZ=Asia/Shanghai node duty.cjs
