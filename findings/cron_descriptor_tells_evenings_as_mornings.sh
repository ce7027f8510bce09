#!/usr/bin/env bash
# Times of calls told to an office in its language with a twelve-hour clock, by cron-descriptor 2.2.1.
#
# Guess before running: "0 8,20 * * *" is told in Chinese as 上午 08:00 and 下午 08:00, and a language for which "AM" and "PM" were
#   never translated keeps the English letters, or goes on with 24 hours.
# Seen: they are left out: 在 08:00 和 08:00, and a round at 18:00 is 在 06:00. Morning and evening are one sentence in 26 of the 32
#   languages that the package ships, German, French, Russian, Japanese and Korean among them. The day of the week is told
#   in the language of the process, not of the text: 仅在 Monday.
# What it means: nobody can tell the morning's round from the evening's. Ask for 24 hours by name, and read the sentence of one
#   evening round in each language one ships.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install cron-descriptor==2.2.1
LC_ALL=C.UTF-8 "$folder/venv/bin/python" - <<'PYTHON'
from importlib.resources import files

from cron_descriptor import Options, get_description


def told(expression, language, hours_24):
    return get_description(expression, Options(locale_code=language, use_24hour_time_format=hours_24))


for expression, expected in {"0 8,20 * * *": "在 08:00 和 08:00", "0 18 * * 1": "在 06:00, 仅在 Monday"}.items():
    print(expression, "zh_CN, twelve hours:", told(expression, "zh_CN", False))
    assert told(expression, "zh_CN", False) == expected
assert told("0 8,20 * * *", "zh_CN", True) == "在 08:00 和 20:00"
assert told("0 8,20 * * *", "en_US", False) == "At 08:00 AM and 08:00 PM"

languages = sorted(one.name[:-3] for one in files("cron_descriptor").joinpath("locale").iterdir() if one.name.endswith(".mo"))
silent = [one for one in languages if told("0 8 * * *", one, False) == told("0 20 * * *", one, False)]
print(f"morning and evening are the same sentence in {len(silent)} of {len(languages)}:", *silent)
assert {"zh_CN", "zh_TW", "ja_JP", "de_DE", "fr_FR", "ru_RU"} <= set(silent)
assert len(silent) == 26 and "en_US" not in silent
PYTHON
