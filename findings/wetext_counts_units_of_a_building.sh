#!/usr/bin/env bash
# Sentences of a residents' telephone, made speakable by wetext 0.1.8 (the Python package of WeTextProcessing's rules).
#
# Guess before running: "3号楼2单元" is read 三号楼二单元, "11月2日" 十一月二日, "每天2次" 每天两次, and a number that is dialled digit by digit.
# Seen: 2单元 is 两单元 (two units, not the second one), 11月2日 is 十一月两日, 每天2次 is 每天二次, a blood pressure of 120/80 is the fraction
#   "a hundred and twenty eightieths", and 请拨打86010101 is an amount, while 0311-86010101 and mobile numbers are right.
# What it means: who is sent to "two units" stands before the wrong door, and nobody can dial an amount. Addresses, doses, dates
#   and local numbers need rules of one's own in front of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install wetext==0.1.8
"$folder/venv/bin/python" - <<'PYTHON'
from wetext import Normalizer

speak = Normalizer(lang="zh", operator="tn").normalize
EXPECTED = {
    "3号楼2单元501室": "三号楼两单元五百零一室",
    "11月2日": "十一月两日",
    "每天2次": "每天二次",
    "每次2片": "每次两片",
    "血压120/80": "血压八十分之一百二十",
    "请拨打86010101": "请拨打八千六百零一万零一百零一",
    "电话0311-86010101": "电话零三一一八六零一零一零一",
    "手机13800138001": "手机幺三八零零幺三八零零幺",
}
for text, expected in EXPECTED.items():
    print(text, "->", speak(text))
    assert speak(text) == expected, text
PYTHON
