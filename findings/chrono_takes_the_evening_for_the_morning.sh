#!/usr/bin/env bash
# Times as residents say them, read by chrono-node 2.10.3 (chrono.zh.hans, forwardDate), on a Monday at 10:00 in Shanghai.
#
# Guess before running: 傍晚六点 ("six in the early evening") is 18:00 and 晚上12点 midnight, or they are not found; what the
#   parser does not know makes it find nothing.
# Seen: an unknown word for the time of day is skipped, and the rest is taken for the small hours: 傍晚六点 is 06:00 and 午后两点 ("two
#   after noon") 02:00 of the next morning, 中午一点 ("one at noon") is 01:00, 深夜十一点 ("eleven late at night") 11:00, 差十分八点 ("ten to
#   eight") 08:00. 晚上12点, midnight, is noon. A quarter (三点一刻) is one minute past, three quarters are three minutes past.
#   明天傍晚六点 gives two results, the first "tomorrow" at 12:00. 下午三点半 and 晚上八点 are right, so tests with them pass.
# What it means: "ring me at six in the evening" rings at six in the morning. The text that a parser did not use has to be
#   looked at, too: a remainder that is not empty is a question to a person.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts chrono-node@2.10.3
cat > "$folder/times.mjs" <<'NODE'
import assert from 'node:assert';
import * as chrono from 'chrono-node';

const MONDAY = { instant: new Date('2026-11-30T10:00:00+08:00'), timezone: 480 };

function heard(text) {
  return chrono.zh.hans.parse(text, MONDAY, { forwardDate: true }).map((result) => {
    const shanghai = new Date(result.start.date().getTime() + 8 * 3600e3).toISOString();
    return `${result.text} ${shanghai.slice(8, 16)}`;
  }).join(' | ');
}

const EXPECTED = {
  下午三点半: '下午三点半 30T15:30',
  晚上八点: '晚上八点 30T20:00',
  晚上12点: '晚上12点 30T12:00',
  傍晚六点: '六点 01T06:00',
  明天傍晚六点: '明天 01T12:00 | 六点 01T06:00',
  午后两点: '两点 01T02:00',
  中午一点: '中午一点 01T01:00',
  深夜十一点: '夜十一点 30T11:00',
  差十分八点: '八点 01T08:00',
  下午三点一刻: '下午三点一 30T15:01',
  三点三刻: '三点三 01T03:03',
};
for (const [text, expected] of Object.entries(EXPECTED)) {
  console.log(`${text}: ${heard(text)}`);
  assert.strictEqual(heard(text), expected, text);
}
NODE
cd "$folder" && TZ=Asia/Shanghai node times.mjs
