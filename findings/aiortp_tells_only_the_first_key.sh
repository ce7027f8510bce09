#!/usr/bin/env bash
# Keys (RFC 4733 telephone events) sent and heard by aiortp 0.8.0 on loopback, and agreed on by aiosipua 0.7.1.
#
# Guess before running: keys 1, 2, 2, 0 sent one after another are heard as 1, 2, 2, 0, each paced over its 160 ms; an answer
#   takes over the payload type that the offer has for telephone-event.
# Seen: send_dtmf() puts RTP timestamp 0 on every key unless the caller names one (and aiosipua's CallSession.send_dtmf cannot
#   name one). RFC 4733 tells two events apart by their timestamps, so a receiver, aiortp's own as well, hears 1 and nothing
#   more. With timestamps of one's own all four are heard. All ten packets of a key leave within some milliseconds, not
#   every 20 ms, and the marker bit, which belongs on the first, is on the first of the three last. An offer with
#   telephone-event as 96 is answered with 101 (RFC 3264 says the same number SHOULD be kept).
# What it means: "press 1, then 20#" arrives as 1, with no error on either side. Name a growing timestamp with each key, and
#   try menus with two keys, one of them twice.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install aiortp==0.8.0 aiosipua==0.7.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import inspect
import socket
import time

from aiortp import RTPSession
from aiosipua.rtp_bridge import CallSession
from aiosipua.sdp import parse_sdp, serialize_sdp
from aiosipua.sdp_negotiate import negotiate_sdp

HOST, KEYS = "127.0.0.1", "1220"


def even_port():
    """A free port whose number is even, as RTP wants it; RTCP takes the next."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind((HOST, 0))
            port = one.getsockname()[1]
        if port % 2 == 0:
            return port


async def heard(stamped):
    ours, theirs = even_port(), even_port()
    sender = await RTPSession.create(local_addr=(HOST, ours), remote_addr=(HOST, theirs), payload_type=8)
    listener = await RTPSession.create(local_addr=(HOST, theirs), remote_addr=(HOST, ours), payload_type=8)
    keys = []
    listener.on_dtmf = lambda key, duration: keys.append(key)
    for n, key in enumerate(KEYS):
        sender.send_dtmf(key, 160, **({"timestamp": 8000 * (n + 1)} if stamped else {}))
        await asyncio.sleep(0.4)
    await sender.close()
    await listener.close()
    return "".join(keys)


async def packets_of_one_key():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        far.bind((HOST, 0))
        far.settimeout(0.5)
        sender = await RTPSession.create(local_addr=(HOST, even_port()), remote_addr=far.getsockname(), payload_type=8)
        began = time.monotonic()
        sender.send_dtmf("1", 160)
        took = time.monotonic() - began
        packets = []
        while len(packets) < 10:
            packets.append(far.recv(2048))
        await sender.close()
    return took, [packet[1] >> 7 for packet in packets], [packet[13] >> 7 for packet in packets]


plain, stamped = asyncio.run(heard(stamped=False)), asyncio.run(heard(stamped=True))
print(f"sent {KEYS}: heard {plain}; with timestamps of our own: {stamped}")
assert plain == "1", "later keys are heard now"
assert stamped == KEYS
assert "timestamp" not in inspect.signature(CallSession.send_dtmf).parameters

took, markers, ends = asyncio.run(packets_of_one_key())
print(f"one key of 160 ms: sent within {took * 1000:.0f} ms; marker bits {markers}, end bits {ends}")
assert took < 0.1, "packets are paced now"
assert markers == [0] * 7 + [1, 0, 0] and ends == [0] * 7 + [1, 1, 1]

OFFER = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 18000 RTP/AVP 8 96\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\n"
)
answer = serialize_sdp(negotiate_sdp(parse_sdp(OFFER), "192.0.2.9", 20000)[0])
[line] = [line for line in answer.splitlines() if "telephone-event" in line]
print("offered a=rtpmap:96 telephone-event/8000, answered", line)
assert line == "a=rtpmap:101 telephone-event/8000"
PYTHON
