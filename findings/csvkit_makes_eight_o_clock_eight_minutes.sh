#!/usr/bin/env bash
# A list of call times and of keys pressed, as an office keeps it in CSV, through csvkit 2.2.0 (agate 1.14.2).
#
# Guess before running: a tool that sorts a list writes the cells as it read them; a column with 08:00 and 20:30 is times of the day,
#   or stays text; keys stay the digits that they are.
# Seen: csvsort, in2csv and csvjson take such a column for durations in minutes and seconds: 08:00 is written as 0:08:00 and 20:30
#   as 0:20:30. With seconds (08:00:00) it is right. A column in which only the keys 1 and 0 occur becomes True and False; with one
#   2 in it they are digits again, so that the same key is written in two ways from one day to the next. csvcut, and csvsort
#   with --no-inference, leave all cells alone.
# What it means: a list sorted on its way to another programme has its calls at eight minutes past midnight, and "0", the key for
#   somebody at the desk, is "False". Nothing says so: each cell looks well. (wireservice/agate issue 387 knows that a time of
#   the day has no type there.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install csvkit==2.2.0 agate==1.14.2
cd "$folder"
cat > monday.csv <<'CSV'
姓名,门牌,电话,时间,按键
李建国,3-2-102,0311-86010102,20:30,0
王桂兰,2-1-301,0311-86010101,08:00,1
CSV
sed '$a 赵秀英,2-1-302,0311-86010103,09:15,2' monday.csv > tuesday.csv
sed -E 's/,(20:30|08:00),/,\1:00,/' monday.csv > seconds.csv

expect() {
  local seen
  seen=$("${@:2}")
  printf '%s\n%s\n' "${*:2}" "$seen"
  grep -qxF -- "$1" <<< "$seen"
}
export PATH="$folder/venv/bin:$PATH"
expect '王桂兰,2-1-301,0311-86010101,0:08:00,True' csvsort -c 姓名 monday.csv
expect '李建国,3-2-102,0311-86010102,0:20:30,False' in2csv monday.csv
expect '王桂兰,2-1-301,0311-86010101,0:08:00,1' csvsort -c 姓名 tuesday.csv
expect '王桂兰,2-1-301,0311-86010101,8:00:00,True' csvsort -c 姓名 seconds.csv
expect '王桂兰,2-1-301,0311-86010101,08:00,1' csvsort --no-inference -c 姓名 monday.csv
expect '王桂兰,08:00,1' csvcut -c 姓名,时间,按键 monday.csv
expect '{"时间": "0:08:00", "按键": true}' sh -c 'csvcut -c 时间,按键 monday.csv | csvjson --stream'
