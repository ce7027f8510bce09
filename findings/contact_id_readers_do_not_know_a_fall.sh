#!/usr/bin/env bash
# Contact ID (SIA DC-05, within DC-09) as social alarms send it: medical alarm 100, help called 101, "did not report in" 102, fall
# detected 103, no motion for long 641; each new (qualifier 1), over (3) or still so (6). Read by pysiaalarm 3.2.2 and siadc09 1.0.1
# (PyPI).
#
# Guess before running: an event that a reader does not know is refused (DUH), or told by its number; the end of an alarm is told as
#   its end.
# Seen: to pysiaalarm a fall, a missed report, no motion, and any alarm that is still so are code YN, "Invalid Report", accepted
#   (ACK) like any other event. 100 and 101 are told, and their end. siadc09 knows all the numbers by name, but takes 2 for the end
#   of an event, where Contact ID has 3: the end of a call for help is "Unknown Event: Personal Emergency".
# What it means: whoever acts by the code files "she has fallen" under invalid reports, and the device, which got its ACK, does not
#   say it again; or does not hear that somebody is up again. Act by event_type and event_qualifier, which pysiaalarm keeps, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pysiaalarm==3.2.2 siadc09==1.0.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import logging

from pysiaalarm import SIAAccount
from pysiaalarm.event import SIAEvent
from siadc09.message import parse_frame

logging.disable(logging.CRITICAL)
ACCOUNTS = {"1234": SIAAccount("1234")}


def crc(text):
    value = 0
    for byte in text.encode():
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def line(qualifier, code):
    text = f'"ADM-CID"0001L0#1234[#1234|{qualifier}{code} 01 003]'
    return f"\n{crc(text):04X}{len(text):04X}{text}\r"


def by_pysiaalarm(frame):
    event = SIAEvent.from_line(frame.strip(), ACCOUNTS)
    assert event.valid_message
    return event.code, event.sia_code.type, event.response.name


def by_siadc09(frame):
    return str(parse_frame(frame.encode()).data.event).splitlines()[0]


INVALID = ("YN", "Invalid Report", "ACK")
EXPECTED = {
    "1100": (("MA", "Medical Alarm", "ACK"), "New Event: Medical Zone 3"),
    "1101": (("QA", "Emergency Alarm", "ACK"), "New Event: Personal Emergency Zone 3"),
    "3101": (("QH", "Emergency Alarm Restore", "ACK"), "Unknown Event: Personal Emergency Zone 3"),
    "6101": (INVALID, "Status Report: Personal Emergency Zone 3"),
    "1102": (INVALID, "New Event: Fail To Report In Zone 3"),
    "1103": (INVALID, "New Event: Fall Detected Zone 3"),
    "1641": (INVALID, "New Event: Senior Watch Trouble Zone 3"),
}
for sent, expected in EXPECTED.items():
    frame = line(sent[0], sent[1:])
    seen = by_pysiaalarm(frame), by_siadc09(frame)
    print(f"{sent}: pysiaalarm {seen[0]}, siadc09 {seen[1]!r}")
    assert seen == expected, seen
PYTHON
