#!/usr/bin/env bash
# Lines of a household list (address, name, telephone), taken apart by zh-address-parse 1.3.16 and address-parse 1.2.19 (npm).
#
# Guess before running: name, number and address come apart; a district that several cities have ("长安区") is left open.
# Seen: zh-address-parse knows mobile numbers alone: a landline stays stuck to the end of the address, or is gone altogether if
#   it is written with a blank, and the field for the number is empty. address-parse finds it, but where a blank follows the
#   area code it makes a person called 0311 with the local number 86010101, and the real name a part of the address; of an
#   extension -801 it makes a part of the name. A street in 长安区 without a city is put into Xi'an, and 邢台市桥东区, a district
#   renamed in 2020, into the county 邢台县, with "市桥东区…" as the street.
# What it means: the older somebody is, the likelier the number is a landline and the district has its former name: just those
#   rows lose their number or move to another place. Rows are read by columns; what a parser found is shown before it is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts zh-address-parse@1.3.16 address-parse@1.2.19
cat > "$folder/rows.cjs" <<'NODE'
const assert = require('node:assert');
const parseRow = require('zh-address-parse');
const addressParse = require('address-parse');

const first = (row) => parseRow(row, { type: 0 });
const second = (row) => (addressParse.default ?? addressParse).parse(row)[0];

const MOBILE = '河北省石家庄市长安区建设北大街12号 王桂兰 13800138001';
const LANDLINE = '石家庄市新华区北京路3号 李建国 0311-86010101';
const BLANK = '石家庄市新华区北京路3号 0311 86010101 李建国';
const EXTENSION = '王桂兰,0311-86010101-801,河北省石家庄市裕华区槐安东路6号院';
const NO_CITY = '长安区建设北大街12号 王桂兰 13800138001';
const RENAMED = '邢台市桥东区中兴东大街9号 张秀英 0319-2022222';

for (const row of [MOBILE, LANDLINE, BLANK, EXTENSION, NO_CITY, RENAMED]) {
  const [a, b] = [first(row), second(row)];
  console.log(row);
  console.log('  zh-address-parse:', [a.province, a.city, a.area, a.detail, a.name, a.phone].join(' | '));
  console.log('  address-parse:   ', [b.province, b.city, b.area, b.details, b.name, b.mobile || b.phone].join(' | '));
}
assert.strictEqual(first(MOBILE).phone, '13800138001');
assert.strictEqual(second(MOBILE).mobile, '13800138001');
assert.deepStrictEqual([first(LANDLINE).phone, first(LANDLINE).detail], ['', '北京路3号0311-86010101']);
assert.strictEqual(second(LANDLINE).phone, '0311-86010101');
assert.deepStrictEqual([first(BLANK).phone, first(BLANK).detail], ['', '北京路3号']);
assert.deepStrictEqual([second(BLANK).name, second(BLANK).phone], ['0311', '86010101']);
assert.ok(second(BLANK).details.includes('李建国'));
assert.strictEqual(second(EXTENSION).name, '王桂兰 -801');
assert.strictEqual(first(NO_CITY).city, '');
assert.strictEqual(second(NO_CITY).city, '西安市');
assert.deepStrictEqual([second(RENAMED).area, second(RENAMED).details], ['邢台县', '市桥东区中兴东大街9号']);
NODE
cd "$folder" && node rows.cjs
