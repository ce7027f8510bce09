#!/usr/bin/env bash
# Text messages with a rare name or a euro sign, cut into SMS segments by smpplib 2.2.4 and python-gsmmodem-new 0.13.0.
#
# Guess before running: both count UTF-16 units and cut between characters, so that every segment can be read alone.
# Seen: smpplib cuts by bytes. A Han character outside the basic plane, as rare names have (here U+2C386), is cut through its surrogate
#   pair, and a euro sign of the GSM alphabet through its escape (0x1B ends one segment, 0x65 begins the next): a telephone
#   that shows segments one by one, or misses one, shows a wrong name or a wrong letter.
#   python-gsmmodem-new cannot send such a name at all (ValueError: it takes a character for two bytes), and its own
#   function for cutting counts characters: 67 with the name among them are 136 bytes where 134 fit.
# What it means: a library that "supports UCS-2" has to be tried with names from the extended planes (GB 18030 asks for
#   them) at the seam of two segments.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install smpplib==2.2.4 python-gsmmodem-new==0.13.0
"$folder/venv/bin/python" - <<'PYTHON'
from gsmmodem import pdu
from smpplib import gsm

RARE = "\U0002C386"


def bodies(text):
    parts, _, _ = gsm.make_parts(text)
    return [part[6:] for part in parts]  # behind the six bytes that number the segments


def readable(body):
    try:
        return body.decode("utf-16-be")
    except UnicodeDecodeError:
        return None


first, second = bodies("早" * 66 + RARE + "安" * 10)
print("smpplib, rare name at the seam:", first[-2:].hex(), "|", second[:2].hex())
assert (first[-2:].hex(), second[:2].hex()) == ("d870", "df86"), "the surrogate pair is not cut any more"
assert readable(first) is None and readable(second) is None

first, second = bodies("a" * 152 + "€" + "b" * 20)
print("smpplib, euro sign at the seam:", first[-1:].hex(), "|", second[:1].hex())
assert (first[-1:], second[:1]) == (b"\x1b", b"e"), "the escape is not cut any more"

assert readable(bodies("早" * 60 + RARE + "安" * 20)[0]), "away from the seam all is well"

try:
    pdu.encodeSmsSubmitPdu("+8613800138001", RARE + "奶奶早上好")
except ValueError as refused:
    print("python-gsmmodem-new, rare name:", refused)
else:
    raise AssertionError("python-gsmmodem-new can send a rare name")
[segment, _] = pdu.divideTextUcs2("早" * 66 + RARE + "安" * 10)
print("python-gsmmodem-new, bytes in a segment of at most 134:", len(segment.encode("utf-16-be")))
assert len(segment.encode("utf-16-be")) == 136
PYTHON
