#!/usr/bin/env bash
# A weather warning (Common Alerting Protocol 1.2, invented, status Exercise), read by @dec112/cap-ts 0.3.2 (npm).
#
# What one would guess: severity and urgency are enumerations in the order of the standard, Extreme, Severe, Moderate, Minor, Unknown, so
#   that "at least severe" is a comparison; and a warning that was read can be written again, to be passed on.
# Seen: they are numbers in the order of the alphabet: Extreme is 0, Minor 1, Moderate 2, Severe 3 and Unknown 4. Of a scale it
#   has only the look, in either direction: "severity <= Severe" takes all but Unknown, "severity >= Severe" takes Unknown and
#   leaves Extreme out. Urgency is Expected, Future, Immediate, Past, Unknown. toXML() of what fromXML() gave is a TypeError:
#   the list of codes is not there, and if the warning has a code it is a text.
# What it means: on the coldest night those with heart trouble are not called, as the warning is "0". Compare by a table of
#   one's own, and keep the text of a warning as it came.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @dec112/cap-ts@0.3.2 tslib@2.8.1
cat > "$folder/warning.cjs" <<'NODE'
const assert = require('node:assert');
const { CAP_1_2 } = require('@dec112/cap-ts');

const warning = (severity, urgency, code = '') => `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>INVENTED-1</identifier><sender>warnings@example.org</sender><sent>2026-11-29T19:30:00+08:00</sent>
<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>${code}
<info><language>zh-CN</language><category>Met</category><event>寒潮</event>
<urgency>${urgency}</urgency><severity>${severity}</severity><certainty>Likely</certainty>
<headline>今夜起降温十二度</headline><area><areaDesc>长安区</areaDesc></area></info>
</alert>`;

async function read(severity, urgency) {
  const alert = await CAP_1_2.Alert.fromXML(warning(severity, urgency));
  assert.strictEqual(alert.info_list[0].headline, '今夜起降温十二度');
  return alert.info_list[0];
}

async function main() {
  const [severities, urgencies] = [{}, {}];
  for (const severity of ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']) {
    severities[severity] = (await read(severity, 'Expected')).severity;
  }
  for (const urgency of ['Immediate', 'Expected', 'Future', 'Past', 'Unknown']) {
    urgencies[urgency] = (await read('Severe', urgency)).urgency;
  }
  console.log(severities, urgencies);
  assert.deepStrictEqual(severities, { Extreme: 0, Severe: 3, Moderate: 2, Minor: 1, Unknown: 4 });
  assert.deepStrictEqual(urgencies, { Immediate: 2, Expected: 0, Future: 1, Past: 3, Unknown: 4 });
  for (const [code, complaint] of [['', /undefined/], ['<code>invented</code>', /not a function/]]) {
    const alert = await CAP_1_2.Alert.fromXML(warning('Severe', 'Expected', code));
    assert.throws(() => alert.toXML(), (error) => error instanceof TypeError && complaint.test(error.message));
    console.log(`with ${code || 'no code'}: read, and not to be written again`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
NODE
cd "$folder" && node warning.cjs
