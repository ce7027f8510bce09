#!/usr/bin/env bash
# The address of a short message that goes out by a GSM modem, as node-pdu 2.1.1 (npm) makes it: Submit(number, text), and the same
# bytes read again by its parse(). Mobile numbers, service numbers and a national 400 number of China, all of them well-formed.
#
# What one would guess: the digits one gives are the digits that are sent, and only +86 or 0086 in front make a number
#   "international".
# Seen: "00" anywhere before the last digit is taken for the prefix of an international call: the first two characters are cut off,
#   whatever they are, and the rest is an international number. 13800138000 is sent to +800138000, 4008001234 to +08001234, 10086 to
#   +086. +8613800138000 is right, but with a blank, "+86 138 0013 8000", "+8" is lost and the number is one in Australia. One mobile
#   number in sixteen has such zeros; the other fifteen are right, in each way of writing.
# What it means: tests with a few numbers pass, and of a list of a thousand families sixty-odd never get the message that nobody
#   answers there; a stranger abroad may. Hand over nothing but + and digits, and compare what parse() makes of the bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts node-pdu@2.1.1
cat > "$folder/send.cjs" <<'NODE'
const assert = require('node:assert');
const { Submit, parse } = require('node-pdu');

const INTERNATIONAL = 1;

/** The number that the bytes of a message to this one hold. */
function sentTo(number) {
  const { phone, type } = parse(new Submit(number, '请回电').toString()).address;
  return (type.type === INTERNATIONAL ? '+' : '') + phone;
}

const EXPECTED = {
  '13912345678': '13912345678',
  '+86 139 1234 5678': '8613912345678',
  '13800138000': '+800138000',
  '+8613800138000': '+8613800138000',
  '+86 138 0013 8000': '+613800138000',
  '+86-13800138000': '+613800138000',
  '4008001234': '+08001234',
  '10086': '+086',
  '12320': '12320',
};
for (const [number, expected] of Object.entries(EXPECTED)) {
  console.log(`${number}: ${sentTo(number)}`);
  assert.strictEqual(sentTo(number), expected);
}

const mobiles = Array.from({ length: 10000 }, (_, place) => String(13000000000 + ((place * 692287693) % 7000000000)));
const changed = mobiles.filter((number) => sentTo(number) !== number);
console.log(`of ${mobiles.length} mobile numbers ${changed.length} are sent to another`);
assert.ok(changed.length > 550 && changed.length < 750);
assert.ok(changed.every((number) => /00\d/.test(number)));
assert.ok(mobiles.every((number) => changed.includes(number) || !/00\d/.test(number)));
assert.ok(mobiles.every((number) => sentTo(`+86${number}`) === `+86${number}`));
NODE
cd "$folder" && node send.cjs
