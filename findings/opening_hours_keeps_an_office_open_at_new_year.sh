#!/usr/bin/env bash
# Hours of an office that is closed on public holidays ("PH off") in mainland China, read by opening_hours 3.15.0 (npm) and
# opening-hours-py 2.1.4, year 2026.
#
# Guess before running: both close it at Spring Festival and on National Day; they may differ in the days around.
# Seen: the npm package knows fixed dates alone: the office is open at Spring Festival (in 2024 to 2028 as well), Qingming,
#   Dragon Boat and Mid-Autumn, and closed on 8 March, 4 May and 1 June, when some of the staff (women, the young, children) have a half-day
#   or none. It gives no warning. The Python package closes it on the first day of each festival alone: at Qingming it is
#   open, and from 2 October on. The two share three days of the year: 1 January, 1 May and 1 October.
# What it means: "our office is open now" is said on the very days on which nobody is there. Holidays of China are announced
#   year by year; take them from a list that names its year, and refuse to guess the next. (opening-hours/opening_hours.js pull
#   request 406 brought the list; its reviewers ask about the moving festivals.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts opening_hours@3.15.0
cat > "$folder/hours.cjs" <<'NODE'
const assert = require('node:assert');
const OpeningHours = require('opening_hours');

const PLACE = { lat: 38.04, lon: 114.51, address: { country_code: 'cn', state: '河北省' } };
const office = new OpeningHours('Mo-Su 08:00-18:00; PH off', PLACE);
const closed = [];
for (let day = new Date('2026-01-01T10:00'); day.getFullYear() === 2026; day.setDate(day.getDate() + 1)) {
  if (!office.getState(new Date(day))) closed.push(day.toLocaleDateString('sv').slice(5));
}
console.log('opening_hours, closed in 2026:', closed.join(' '), 'warnings:', office.getWarnings().length);
assert.deepStrictEqual(closed, ['01-01', '03-08', '05-01', '05-04', '06-01', '10-01', '10-02', '10-03']);
assert.strictEqual(office.getWarnings().length, 0);
for (const festival of ['2024-02-10', '2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26']) {
  assert.ok(office.getState(new Date(`${festival}T10:00`)), `closed on ${festival}`);
}
NODE
(cd "$folder" && TZ=Asia/Shanghai node hours.cjs)
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install opening-hours-py==2.1.4
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timedelta

from opening_hours import OpeningHours

office = OpeningHours("Mo-Su 08:00-18:00; PH off", country="CN")
days = [datetime(2026, 1, 1, 10) + timedelta(days=n) for n in range(365)]
closed = [f"{day:%m-%d}" for day in days if not office.is_open(day)]
print("opening-hours-py, closed in 2026:", *closed)
assert closed == ["01-01", "02-17", "05-01", "06-19", "09-25", "10-01"]
PYTHON
