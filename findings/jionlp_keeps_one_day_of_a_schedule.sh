#!/usr/bin/env bash
# When to ring, as residents and families say it, read by jionlp 1.5.31 (parse_time, extract_time), on Monday, 30 November 2026, 10:00.
#
# Guess before running: a schedule of several days or hours comes back as several, or with "blur" for its definition, or not at
#   all; what was left out can be told.
# Seen: one day and one hour is kept, the first as a rule, and the definition is "accurate". 每周一、周三、周五上午八点 (Monday, Wednesday and
#   Friday at eight) is each Monday at 08:00, 每周一三五 each Monday, 每天早上八点和晚上八点 (at eight in the morning and in the evening) daily at
#   08:00, but 每天早晚八点, the same said shorter, daily at 20:00. 每隔一天, "every other day", is every day. 除周日外每天, "every day but Sunday",
#   is a period of a day whose point is a Sunday. 每周一到周五上午八点 is one span of 104 hours a week, and a night from 晚上八点到早上六点 ends before it
#   begins. Out of a whole sentence extract_time takes "Friday at eight", once, as accurate.
# What it means: whoever asks for three calls a week gets one, and the check-in of the other days is missed by nobody. Have what was
#   understood said back in full ("every Monday, is that all?"), and take days from keys or boxes, not from a sentence.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install jionlp==1.5.31
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from datetime import datetime
import logging

import jionlp

logging.disable(logging.CRITICAL)  # it logs each try that failed
NOW = datetime(2026, 11, 30, 10).timestamp()


def read(text):
    found = jionlp.parse_time(text, time_base=NOW)
    time = found["time"]
    if found["type"] == "time_period":
        [(unit, count)] = time["delta"].items()
        return f"{count:g} {unit}: " + " to ".join(time["point"]["time"]), found["definition"]
    return " to ".join(time), found["definition"]


MONDAY = "2026-11-30"
EXPECTED = {
    "每周一上午八点": f"7 day: {MONDAY} 08:00:00 to {MONDAY} 08:59:59",
    "每周一、周三、周五上午八点": f"7 day: {MONDAY} 08:00:00 to {MONDAY} 08:59:59",
    "每周一三五": f"7 day: {MONDAY} 00:00:00 to {MONDAY} 23:59:59",
    "每周一到周五上午八点": f"7 day: {MONDAY} 00:00:00 to 2026-12-04 08:00:00",
    "每天早上八点和晚上八点": f"1 day: {MONDAY} 08:00:00 to {MONDAY} 08:59:59",
    "每天早晚八点": f"1 day: {MONDAY} 20:00:00 to {MONDAY} 20:59:59",
    "每隔一天早上八点": f"1 day: {MONDAY} 08:00:00 to {MONDAY} 08:59:59",
    "除周日外每天": "1 day: 2026-12-06 00:00:00 to 2026-12-06 23:59:59",
    "每月一号和十五号": "1 month: 2026-11-01 00:00:00 to 2026-11-01 23:59:59",
    "晚上八点到早上六点": f"{MONDAY} 20:00:00 to {MONDAY} 06:00:00",
}
for text, expected in EXPECTED.items():
    seen, definition = read(text)
    print(f"{text}: {seen} ({definition})")
    assert (seen, definition) == (expected, "accurate"), text

SENTENCE = "请每周一、周三、周五上午八点给我打电话"
[found] = jionlp.ner.extract_time(SENTENCE, time_base=NOW)
print(SENTENCE, "->", found["text"], found["type"], found["detail"]["time"][0], found["detail"]["definition"])
assert (found["text"], found["type"], found["detail"]["definition"]) == ("周五上午八点", "time_point", "accurate")
PYTHON
