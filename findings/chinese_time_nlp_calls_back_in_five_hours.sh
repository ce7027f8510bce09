#!/usr/bin/env bash
# "Call me back in half an hour", as a recognizer writes a resident's answer, read by ChineseTimeNLP 3.0.1 and cntime-nlp 0.1.2
# (PyPI). It is Monday 30 November 2026, ten in the morning.
#
# Guess before running: what every grown-up says, half an hour, an hour and a half, tonight at twelve, is read right, or there is
#   an error; a time to come is to come.
# Seen: 半小时后, "in half an hour", is a timedelta of five hours: "half" is a 5 after a point, and the point is lost. "In an hour
#   and a half" is one of a month, five days and five hours, and 2027 years more if times to come are preferred, as by default.
#   半个小时后, the same half hour in other words, is now. "Tonight at twelve" is ten hours ago. "Sunday at eight" is next Sunday,
#   but tomorrow if Sunday is called 礼拜天, as older people do. "From eight in the evening to six in the morning" ends at 18:00,
#   "ten to eight" is eight seconds and ten minutes past. Whole hours and minutes are right.
# What it means: whoever asked for a call in half an hour gets it in the evening, at once, or never, with nothing to tell these from
#   right answers. Say the time back and let the resident press a key; refuse what is in the past or more than a day ahead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
  ChineseTimeNLP==3.0.1 cntime-nlp==0.1.2 arrow==1.4.0 loguru==0.7.3 regex==2026.11.19
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import arrow
from ChineseTimeNLP import TimeNormalizer as Kelab
from cntimenlp import TimeNormalizer as Cntime
from loguru import logger

logger.remove()
MONDAY = arrow.get("2026-11-30 10:00:00")
UNITS = ("year", "month", "day", "hour", "minute", "second")


def read(reader, words, **wish):
    found = reader(**wish).parse(words, baseTime=MONDAY)
    value = found[found["type"]]
    return {unit: value[unit] for unit in UNITS if value[unit]} if isinstance(value, dict) else value


EXPECTED = {
    "四十分钟后": {"minute": 40},
    "一小时后": {"hour": 1},
    "半小时后": {"hour": 5},
    "一个半小时后": {"year": 2027, "month": 1, "day": 5, "hour": 5},
    "今晚十二点": "2026-11-30 00:00:00",
    "星期天早上八点": "2026-12-06 08:00:00",
    "礼拜天早上八点": "2026-12-01 08:00:00",
    "晚上八点到早上六点": ["2026-11-30 20:00:00", "2026-12-01 18:00:00"],
    "差十分八点": "2026-12-01 08:10:08",
}
for words, expected in EXPECTED.items():
    seen = read(Kelab, words), read(Cntime, words)
    print(f"{words}: {seen[0]}")
    assert seen == (expected, expected), seen
for reader in Kelab, Cntime:
    assert read(reader, "一个半小时后", isPreferFuture=False) == {"month": 1, "day": 5, "hour": 5}
half = read(Cntime, "半个小时后")
print(f"半个小时后 (cntime-nlp): {half}")
assert half == "2026-11-30 10:00:00"
PYTHON
