#!/usr/bin/env bash
# Birthdays by the lunar calendar, as older residents keep them, from the day of birth in the register: lunar-calendar 0.1.4,
# chinese-lunar 0.1.4, solarlunar 3.1.0 (npm), lunardate 0.3.0, cnlunardate 0.0.4 (PyPI); measured by lunar-javascript 1.7.7,
# tyme4ts 1.5.2 (npm) and zhdate 0.1 (PyPI), which agree on each day of 1930 to 1949. The computer's zone is Asia/Shanghai, as in
# any office there.
#
# Guess before running: a lunar date is a date: it does not depend on the computer's zone, and all libraries have the same.
# Seen: Shanghai had summer time in 1940 to 1949. Who was born in it has, by lunar-calendar, a birthday on day 26.958 of a month,
#   whose name is "undefined": 1031 days of ten years (none in UTC). By chinese-lunar 77 days of the same years, the weeks after a
#   summer time, are a day late. And who was born from 22 July to 20 August 1933 has a birthday that differs by a day between
#   libraries: four of eight (solarlunar, chinese-lunar, lunardate, cnlunardate) begin the sixth month on the 22nd, the others on
#   the 23rd.
# What it means: the people of 77 to 93 are the ones who get no call, or a day late, on their birthday, and who tests with his own
#   sees nothing. Compute in dates without zones, compare two libraries for these years, and let the family have the last word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install lunardate==0.3.0 cnlunardate==0.0.4 zhdate==0.1
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  lunar-calendar@0.1.4 chinese-lunar@0.1.4 solarlunar@3.1.0 lunar-javascript@1.7.7 tyme4ts@1.5.2
cat > "$folder/born.cjs" <<'NODE'
const assert = require('node:assert');
const chinese = require('chinese-lunar');
const calendar = require('lunar-calendar');
const { Solar } = require('lunar-javascript');
const solarlunar = require('solarlunar').default ?? require('solarlunar');
const { SolarDay } = require('tyme4ts');

// month and day; a leap month is negative
const byTyme = (y, m, d) => {
  const found = SolarDay.fromYmd(y, m, d).getLunarDay();
  return `${found.getMonth()}.${found.getDay()}`;
};
const byLunar = (y, m, d) => {
  const found = Solar.fromYmd(y, m, d).getLunar();
  return `${found.getMonth()}.${found.getDay()}`;
};
const byChinese = (y, m, d) => {
  const found = chinese.solarToLunar(new Date(y, m - 1, d));
  return `${found.leap ? -found.month : found.month}.${found.day}`;
};
const bySolarlunar = (y, m, d) => {
  const found = solarlunar.solar2lunar(y, m, d);
  return `${found.isLeap ? -found.lMonth : found.lMonth}.${found.lDay}`;
};

function* days(first, last) {
  for (let at = Date.parse(first); at <= Date.parse(last); at += 86400000) {
    const day = new Date(at);
    yield [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  }
}
for (const day of days('1930-01-30', '1949-12-31')) assert.strictEqual(byTyme(...day), byLunar(...day));

const forties = [...days('1940-01-01', '1949-12-31')];
const fractions = forties.filter((day) => !Number.isInteger(calendar.solarToLunar(...day).lunarDay));
const late = forties.filter((day) => byChinese(...day) !== byLunar(...day));
const zone = process.env.TZ;
const one = calendar.solarToLunar(1940, 6, 2);
console.log(`${zone}: lunar-calendar has ${fractions.length} fractions, chinese-lunar differs on ${late.length} days`);
console.log('born on 2 June 1940:', byLunar(1940, 6, 2), 'or', one.lunarMonth, one.lunarDay, one.lunarMonthName, one.lunarDayName);
assert.deepStrictEqual([fractions.length, late.length], zone === 'UTC' ? [0, 0] : [1031, 77]);
if (zone !== 'UTC') assert.ok(one.lunarDay < 27 && one.lunarDayName === undefined);

const summer = [...days('1933-06-01', '1933-09-30')];
for (const [name, by] of [['solarlunar', bySolarlunar], ['chinese-lunar', byChinese]]) {
  const differ = summer.filter((day) => by(...day) !== byLunar(...day));
  console.log(`1933: ${name} differs on ${differ.length} days from ${differ[0].join('-')} to ${differ.at(-1).join('-')}`);
  assert.deepStrictEqual([differ.length, differ[0], differ.at(-1)], [30, [1933, 7, 22], [1933, 8, 20]]);
}
NODE
cat > "$folder/born.py" <<'PYTHON'
from datetime import date, datetime, timedelta

from cnlunardate import cnlunardate
from lunardate import LunarDate
from zhdate import ZhDate


def by_zhdate(day):
    found = ZhDate.from_datetime(datetime(day.year, day.month, day.day))
    return found.lunar_month, found.lunar_day, bool(found.leap_month)


def by_lunardate(day):
    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return found.month, found.day, bool(found.isLeapMonth)


def by_cnlunardate(day):
    found = cnlunardate.fromsolardate(day)
    return found.month, found.day, bool(found.isLeapMonth)


summer = [date(1933, 6, 1) + timedelta(days) for days in range(122)]
for by in (by_lunardate, by_cnlunardate):
    differ = [day for day in summer if by(day) != by_zhdate(day)]
    print(f"1933: {by.__name__} differs from zhdate on {len(differ)} days from {differ[0]} to {differ[-1]}")
    assert (len(differ), differ[0], differ[-1]) == (30, date(1933, 7, 22), date(1933, 8, 20))
assert by_zhdate(date(1933, 7, 22)) == (5, 30, True)
PYTHON
cd "$folder"
TZ=Asia/Shanghai node born.cjs
TZ=UTC node born.cjs
TZ=Asia/Shanghai venv/bin/python -W ignore born.py
