#!/usr/bin/env bash
# A resident looked up by the letters a clerk types (match() of pinyin-match 1.2.10 and of pinyin-pro 3.29.4, pinyin-engine 1.2.2).
#
# Guess before running: a surname is found by its own reading and by the usual one of its character, as each of the three says it
#   knows characters with several readings; rare characters in given names are found as the others are.
# Seen: each has its own people it does not find. pinyin-match finds nobody with a character outside its table: 刘垚 is not there under
#   liuyao, nor even under ly, 贠素琴 not under yun. pinyin-pro has the rare ones, but keys are compared with ü: 吕玉兰 is there
#   under lyl and not under lv, which is what every keyboard has for it (it takes v: true, in each call). pinyin-engine knows
#   only one reading of most surnames, and the wrong one: 单桂英 is there under dan and not under shan, 仇, 查, 解, 盖 and 朴
#   likewise. Under lyu, as 吕 is written in passports, none of them finds anybody.
# What it means: "she is not in our list", said of somebody who is, is followed by a second entry for the same person, or by no
#   call. Try a search with the surnames of the own town, and offer a way that needs no reading: the number, the building.
#   (zh-lx/pinyin-pro issue 275 brought the option.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts pinyin-match@1.2.10 pinyin-pro@3.29.4 pinyin-engine@1.2.2
cat > "$folder/search.cjs" <<'NODE'
const assert = require('node:assert');
const PinyinEngine = require('pinyin-engine');
const PinyinMatch = require('pinyin-match');
const { match } = require('pinyin-pro');

function found(name, typed) {
  return [PinyinMatch.match(name, typed) !== false, match(name, typed) !== null, new PinyinEngine([name]).query(typed).length > 0];
}

const [YES, NO] = [true, false];
const EXPECTED = [
  ['王桂兰', 'wang', [YES, YES, YES]],
  ['曾淑芬', 'zeng', [YES, YES, YES]],
  ['刘垚', 'liuyao', [NO, YES, NO]],
  ['刘垚', 'ly', [NO, YES, NO]],
  ['贠素琴', 'yun', [NO, YES, NO]],
  ['吕玉兰', 'lyl', [YES, YES, YES]],
  ['吕玉兰', 'lv', [YES, NO, YES]],
  ['吕玉兰', 'lvyulan', [YES, NO, YES]],
  ['吕秀英', 'lyu', [NO, NO, NO]],
  ['单桂英', 'dan', [YES, YES, YES]],
  ['单桂英', 'shan', [YES, YES, NO]],
  ['仇玉珍', 'qiu', [YES, YES, NO]],
  ['查德福', 'zha', [YES, YES, NO]],
  ['解建国', 'xie', [YES, YES, NO]],
  ['盖秀英', 'ge', [YES, YES, NO]],
  ['朴顺子', 'piao', [YES, YES, NO]],
];
for (const [name, typed, expected] of EXPECTED) {
  const seen = found(name, typed);
  console.log(name, typed.padEnd(8), 'pinyin-match, pinyin-pro, pinyin-engine:', seen.map((one) => (one ? 'found' : '-')).join(' '));
  assert.deepStrictEqual(seen, expected, `${name} ${typed}`);
}
assert.ok(match('吕玉兰', 'lvyulan', { v: true }));
NODE
cd "$folder" && node search.cjs
