#!/usr/bin/env bash
# Office numbers with an extension, as Chinese notices write them, found in text by phonenumbers 9.0.43 (region CN).
#
# Guess before running: "0311 86010101-801" gives 0311 8601 0101, with or without the extension 801, or nothing.
# Seen: PhoneNumberMatcher at its usual leniency VALID names +86 10101801 and says it is valid: it leaves out the area code,
#   and takes the 86 that begins the subscriber's number for the country code. With +86 before the area code it is the same.
#   With a hyphen in place of the blank nothing is found, and with # in place of the hyphen number and extension are right.
# What it means: "ring the office" under a notice dials a stranger, where the subscriber's number begins with 86. Ask for
#   STRICT_GROUPING, which finds nothing here, and let a person look at numbers with extensions.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'PYTHON'
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number


def found(text, leniency=Leniency.VALID):
    numbers = [match.number for match in PhoneNumberMatcher(text, "CN", leniency)]
    return [(format_number(number, PhoneNumberFormat.E164), number.extension) for number in numbers]


STRANGER, OFFICE = "+8610101801", "+8631186010101"
EXPECTED = {
    "0311 86010101-801": [(STRANGER, None)],
    "+86 311 86010101-801": [(STRANGER, None)],
    "0311-86010101-801": [],
    "0311-86010101#801": [(OFFICE, "801")],
    "0311-86010101": [(OFFICE, None)],
}
for text, expected in EXPECTED.items():
    print(text, "->", found(text))
    assert found(text) == expected, text
assert found("0311 86010101-801", Leniency.STRICT_GROUPING) == []
PYTHON
