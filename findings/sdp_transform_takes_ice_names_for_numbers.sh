#!/usr/bin/env bash
# An offer with ICE, read and written again by sdp-transform 1.1.0 (Python).
#
# Guess before running: what is read is written again as it was; an ICE user fragment is a text of letters and digits.
# Seen: it is taken for a number wherever Python's int() or float() takes it: 0123 becomes 123, 57e3 becomes 57000.0, and
#   070e2442 becomes inf. Of user fragments of eight hexadecimal digits about one in 60 is changed. No error is raised.
# What it means: now and then the far side is told a fragment that nobody has, and its checks of the path (RFC 8445) have
#   nothing to match. Rewrite only the lines one has to change, and leave the others byte for byte.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install sdp-transform==1.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import random

import sdp_transform

OFFER = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 18000 RTP/AVP 8\r\na=ice-ufrag:{}\r\n"


def written(fragment):
    again = sdp_transform.write(sdp_transform.parse(OFFER.format(fragment)))
    return again.split("a=ice-ufrag:")[1].splitlines()[0]


EXPECTED = {"abcd": "abcd", "12ab": "12ab", "0123": "123", "57e3": "57000.0", "070e2442": "inf"}
seen = {fragment: written(fragment) for fragment in EXPECTED}
print("user fragments, sent and written again:", seen)
assert seen == EXPECTED

draw = random.Random(1)
fragments = ["".join(draw.choices("0123456789abcdef", k=8)) for _ in range(6000)]
changed = sum(written(fragment) != fragment for fragment in fragments)
print("changed, of 6000 of eight hexadecimal digits:", changed)
assert 50 < changed < 200
PYTHON
