#!/usr/bin/env bash
# What residents say, as a recogniser writes it in characters, turned into figures by wetext 0.1.8 (operator "itn", the inverse
#   text normalisation of WeTextProcessing's rules).
#
# Guess before running: telephone numbers keep all their digits in one piece, 八点一刻 becomes 8:15, 三号楼二单元五零一 becomes
#   3号楼2单元501, and what is no number stays.
# Seen: half past eight is 8:30, but a quarter past is "8.1刻" and a quarter to nine "8.3刻"; 五点零五 is 5.05. A fever is said
#   三十八度二, thirty-eight two: "38°二"; 三十八点二度 is 38.2°. Mobile numbers are whole, but landlines are cut in odd places:
#   86010101 becomes "86010 101", 0311 86010101 "03118 601 0101", a 400 number "40080 01234". An address is 三号楼二单元501, half
#   in figures. And 十分疼, "it hurts very much", is "10分疼".
# What it means: a reader of times finds no time in "8.1刻", a reader of temperatures 38, and a search for 0311-86010101 or for
#   eight digits nothing; "very" becomes a mark of ten. Keep what was said beside it, and read times, degrees and telephone
#   numbers by rules of one's own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install wetext==0.1.8
"$folder/venv/bin/python" - <<'PYTHON'
from wetext import Normalizer

written = Normalizer(lang="zh", operator="itn").normalize
EXPECTED = {
    "八点半": "8:30",
    "八点一刻": "8.1刻",
    "八点三刻": "8.3刻",
    "下午三点一刻": "下午3.1刻",
    "五点十分": "5:10",
    "五点零五": "5.05",
    "三十八点二度": "38.2°",
    "三十八度二": "38°二",
    "体温三十六度八": "体温36°八",
    "幺三八零零幺三八零零幺": "13800138001",
    "八六零一零一零一": "86010 101",
    "零三一一八六零一零一零一": "03118 601 0101",
    "四零零八零零一二三四": "40080 01234",
    "八六零一零一零一转八零一": "86010 101转801",
    "打幺二零": "打120",
    "三号楼二单元五零一": "三号楼二单元501",
    "高压一百六低压九十五": "高压160低压95",
    "十分疼": "10分疼",
    "十分不舒服": "10分不舒服",
    "一点也不疼": "一点也不疼",
}
for said, expected in EXPECTED.items():
    print(said, "->", written(said))
    assert written(said) == expected, said
PYTHON
