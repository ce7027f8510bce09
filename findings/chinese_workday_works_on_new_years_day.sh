#!/usr/bin/env bash
# On which days an office in China works, said in the last weeks of 2026 of the year to come: chinese-workday 1.16.1 and chinese-days
# 1.5.7 (npm), chinesecalendar 1.11.0 and holidays 0.109 (Python).
#
# Guess before running: each year's days off are published only in the autumn before, so a library that has the days up to 2026 refuses
#   to tell of 2027; or it has at least the feasts whose day is fixed by law, 1 January, 1 May and 1 October.
# Seen: chinesecalendar refuses (NotImplementedError), holidays has the feasts. The two on npm answer as if they knew: 2027 has
#   no feast at all, 1 January and 1 October 2027 are "工作日", Spring Festival is Saturday and Sunday, and the first day of
#   work after 31 December 2026 is 1 January. Both have a page that says "to 2026"; no answer differs from one that is known.
# What it means: a round for days of work rings at nine on New Year's Day, and the desk that a key leads to is taken for manned, each
#   January anew until somebody thinks of an update. Ask a calendar for its last year first, and warn in December.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install chinesecalendar==1.11.0 holidays==0.109
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts chinese-workday@1.16.1 chinese-days@1.5.7
cat > "$folder/days.mjs" <<'NODE'
import assert from 'node:assert';
import days from 'chinese-days';
import * as workday from 'chinese-workday';

const [OFF, WORK] = [false, true];
const EXPECTED = { '2026-01-01': OFF, '2026-10-01': OFF, '2026-10-10': WORK, '2027-01-01': WORK, '2027-02-08': WORK, '2027-10-01': WORK };
for (const [day, expected] of Object.entries(EXPECTED)) {
  const seen = [workday.isWorkday(day), days.isWorkday(day)];
  console.log(day, workday.getFestival(day), 'chinese-workday, chinese-days:', ...seen.map((works) => (works ? 'work' : 'off')));
  assert.deepStrictEqual(seen, [expected, expected], day);
}
const next = [workday.nextWorkday('2026-12-31'), days.findWorkday(1, '2026-12-31')];
console.log('the first day of work after 2026-12-31:', ...next);
assert.deepStrictEqual(next, ['2027-01-01', '2027-01-01']);
NODE
cat > "$folder/days.py" <<'PYTHON'
from datetime import date

import chinese_calendar
import holidays

try:
    chinese_calendar.is_workday(date(2027, 1, 1))
except NotImplementedError as error:
    print("chinesecalendar:", error)
else:
    raise SystemExit("chinesecalendar tells of 2027")
feasts = [holidays.China().get(date(2027, month, 1)) for month in (1, 5, 10)]
print("holidays:", *feasts)
assert all(feasts)
PYTHON
cd "$folder" && TZ=Asia/Shanghai node days.mjs && "$folder/venv/bin/python" -W ignore days.py
