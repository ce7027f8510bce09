#!/usr/bin/env bash
# A DETECTED_SPEECH event of FreeSWITCH ("events plain"), read by greenswitch 0.0.19 from a socket of our own on the loopback. In
# this format header values are percent-encoded, and what was recognized is the body behind the headers.
#
# Guess before running: the event is split into header lines, their values are decoded, and the body is given on its own.
# Seen: the whole event is decoded first and split into lines afterwards: of a value with a line break in it, here a note of two
#   lines, the second becomes a header of its own where it has a colon ("hears badly": "left ear"), and the note ends with its
#   first line. There is no body: the result of the recognizer is glued to the last header, so that Content-Length is "128",
#   two line breaks and the XML; the event has no data.
# What it means: a bot that looks for what the resident said finds nothing, and one that reads Content-Length as a number raises.
#   A result with a colon and a blank in it would even be spread over headers. What people wrote or said is to be taken from
#   an event by a parser that splits before it decodes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install greenswitch==0.0.19
cat > "$folder/switch.py" <<'PYTHON'
"""The few words of FreeSWITCH's event socket that a client needs to be sent one event."""

import socket
import threading

BODY = '<?xml version="1.0"?>\n<result>\n<interpretation confidence="87">\n<input mode="speech">很好</input>\n</interpretation>\n</result>\n'
HEADERS = {
    "Event-Name": "DETECTED_SPEECH",
    "Unique-ID": "7d9c",
    "Caller-Caller-ID-Number": "%2B8631186010101",
    "variable_note": "rings%20twice%0Ahears%20badly%3A%20left%20ear",
    "Speech-Type": "detected-speech",
    "Content-Length": str(len(BODY.encode())),
}


def event():
    inner = "".join(f"{key}: {value}\n" for key, value in HEADERS.items()) + "\n" + BODY
    return f"Content-Length: {len(inner.encode())}\nContent-Type: text/event-plain\n\n{inner}".encode()


def serve(listening):
    connection, _ = listening.accept()
    connection.sendall(b"Content-Type: auth/request\n\n")
    for line in connection.makefile("rb"):
        if line.startswith((b"auth", b"events")):
            connection.sendall(b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n")
        if line.startswith(b"events"):
            connection.sendall(event())


def started():
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listening,), daemon=True).start()
    return listening.getsockname()[1]
PYTHON
cat > "$folder/by_greenswitch.py" <<'PYTHON'
from gevent import monkey, sleep

monkey.patch_all()

from greenswitch import InboundESL
from switch import BODY, started

client = InboundESL("127.0.0.1", started(), "invented")
client.connect()
told = []
client.register_handle("DETECTED_SPEECH", told.append)
client.send("events plain DETECTED_SPEECH")
for _ in range(50):
    sleep(0.1)
    if told:
        break
[event] = told
print("greenswitch:", event.headers, "data:", getattr(event, "data", None))
assert event.headers["Caller-Caller-ID-Number"] == "+8631186010101"
assert (event.headers["variable_note"], event.headers["hears badly"]) == ("rings twice", "left ear")
assert event.headers["Content-Length"] == f"{len(BODY.encode())}\n\n{BODY}".strip()
assert not hasattr(event, "data")
PYTHON
cd "$folder" && timeout 60 "$folder/venv/bin/python" -W ignore by_greenswitch.py
