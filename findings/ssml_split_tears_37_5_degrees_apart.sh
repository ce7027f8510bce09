#!/usr/bin/env bash
# Long announcements cut into pieces for a speech service by polly-ssml-split 0.1.0 and ssml-split 0.5.0 (npm), with their own
# limits (1000 to 1500 characters): thirty or forty notices in Chinese, one to a building.
#
# Guess before running: a text is cut between sentences, as they say ("at the nearest dot"), or at least between words; never inside
#   a number.
# Seen: the Chinese full stop and comma are no place to cut, and the point of a decimal number is the best of all: "above 37." ends
#   one piece, and the next begins "5度请按2", "5 degrees, press 2". With no point anywhere the text is cut after 1001 characters
#   sharp, here inside the office's telephone number.
# What it means: the pieces are spoken one after the other, each correctly, and a resident hears "if you have 37" and "5 degrees,
#   press 2", or a number with a stop in its middle, which nobody writes down right. Cut at 。！？ oneself, and only hand over what
#   is short enough.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts polly-ssml-split@0.1.0 ssml-split@0.5.0
cat > "$folder/cut.cjs" <<'NODE'
const assert = require('node:assert');
const polly = require('polly-ssml-split');
const SSMLSplit = require('ssml-split').default;

const SPLITTERS = {
  'polly-ssml-split': (text) => polly.split(text),
  'ssml-split': (text) => new SSMLSplit({ synthesizer: 'aws', softLimit: 1000, hardLimit: 1500 }).split(text),
};
const HELLO = '这里是长安区为老服务热线，现在播送今晚的通知，请您听到最后，谢谢您。';
const notices = (count, notice) => HELLO + Array.from({ length: count }, (_, building) => notice(building + 1)).join('');
const COLD = (building) => `${building}号楼的各位居民，今天夜里有寒潮，请关好门窗`;
const WARM = notices(30, (building) => `${COLD(building)}，注意添衣保暖。体温超过37.5度请按2，一切都好请按1。`);
const CALL = notices(40, (building) => `${COLD(building)}。有事请打值班电话031186010101，我们整夜有人。`);

for (const [name, split] of Object.entries(SPLITTERS)) {
  for (const [text, before, after] of [
    [WARM, '体温超过37.', '5度请按2，'],
    [CALL, '请打值班电话03118601', '0101，我们整夜有人。'],
  ]) {
    const pieces = split(`<speak>${text}</speak>`).map((piece) => piece.replace(/<\/?speak>/g, ''));
    const lengths = pieces.map((piece) => piece.length);
    console.log(`${name}: ${lengths} characters, ...${pieces[0].slice(-16)} | ${pieces[1].slice(0, 10)}...`);
    assert.strictEqual(pieces.join(''), text);
    assert.ok(pieces[0].endsWith(before) && pieces[1].startsWith(after));
  }
}
NODE
cd "$folder" && node cut.cjs
