#!/usr/bin/env bash
# Keys (RFC 4733 telephone events) that baresip-python 0.5.2a3 (libre 4.10.0) hears on loopback from a few lines of SIP and RTP.
#
# Guess before running: a press is known by its RTP timestamp, which all of its packets share. A packet that the network
#   delivers late is still of the old press; two timestamps are two presses, even if the three end packets of the first are
#   lost; a press of which only the end packets arrive is heard too, since they say which key it was.
# Seen: presses are told apart by the key and the end bit alone. One press of 1 whose last packet before the end is overtaken
#   by the end is 1, 1 in the events (CALL_DTMF_START), the second without an end. Of 1, 1 with the end of the first lost,
#   one press is told. Of 1, 2 with only the end packets of 2 arriving, 1 is told. Call.on_dtmf(), which waits for the end
#   of each key, knows no doubled press, but loses the same two, and of 1, 2 with the end of the first lost the 1 as well.
#   Where nothing is lost or reordered both tell 1, 1, 2.
# What it means: on a network that reorders, "1" becomes "11"; on one that loses packets in bursts keys are swallowed, and
#   nothing marks a key as doubtful. Take on_dtmf() against the first and the packets themselves against the second.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install baresip-python==0.5.2a3
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import re
import socket
import struct

from baresip import Account, BaresipError, Config, Event, Runtime, UserAgent, __version__

HOST, EVENTS, PRESS = "127.0.0.1", 101, 800  # a press of 100 ms, in the clock of 8000 Hz
BEGIN, MIDDLE, END = (PRESS // 2, False), (PRESS, False), (PRESS, True)
WHOLE = [BEGIN, MIDDLE, END, END, END]
LINES = {  # presses as (key, packets in the order in which they are sent, packets that arrive, in their order)
    "nothing lost": [("1", WHOLE, range(5)), ("1", WHOLE, range(5)), ("2", WHOLE, range(5))],
    "one press, overtaken by its end": [("1", WHOLE, (0, 2, 3, 4, 1))],
    "1, 1, the end of the first lost": [("1", WHOLE, (0, 1)), ("1", WHOLE, range(5))],
    "1, 2, of the second only the end": [("1", WHOLE, range(5)), ("2", WHOLE, (2, 3, 4))],
    "1, 2, the end of the first lost": [("1", WHOLE, (0, 1)), ("2", WHOLE, range(5))],
}
SHOULD_BE = dict(zip(LINES, ("112", "1", "11", "12", "12"), strict=True))
SEEN = dict(zip(LINES, (("112", "112"), ("11", "1"), ("1", "1"), ("1", "1"), ("12", "2")), strict=True))


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


OURS, THEIRS, SOUND = free_port(), free_port(), free_port()
SDP = (
    f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\nm=audio {SOUND} RTP/AVP 0 {EVENTS}\r\n"
    f"a=rtpmap:0 PCMU/8000\r\na=rtpmap:{EVENTS} telephone-event/8000\r\na=fmtp:{EVENTS} 0-15\r\na=sendonly\r\n"
)


def field(message, name):
    return re.search(rf"^{name}: *(.*?)\r$", message, re.MULTILINE | re.IGNORECASE)[1]


class FarSide(asyncio.DatagramProtocol):
    """Answers each INVITE; knows then where the caller wants the sound."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        message = data.decode()
        if message.startswith("INVITE"):
            self.sound_to = HOST, int(re.search(r"^m=audio (\d+)", message, re.MULTILINE)[1])
            self.answer(message, SDP)
        elif message.startswith("BYE"):
            self.answer(message, "")

    def answer(self, request, sdp):
        vias = "".join(f"Via: {each}\r\n" for each in re.findall(r"^Via: *(.*?)\r$", request, re.MULTILINE))
        tag = "" if ";tag=" in field(request, "To") else ";tag=far"
        kind = "Content-Type: application/sdp\r\n" if sdp else ""
        self.transport.sendto(
            f"SIP/2.0 200 OK\r\n{vias}From: {field(request, 'From')}\r\nTo: {field(request, 'To')}{tag}\r\n"
            f"Call-ID: {field(request, 'Call-ID')}\r\nCSeq: {field(request, 'CSeq')}\r\n"
            f"Contact: <sip:far@{HOST}:{THEIRS}>\r\n{kind}Content-Length: {len(sdp)}\r\n\r\n{sdp}".encode(), (HOST, OURS)
        )


def arriving(presses):
    """The RTP packets: numbered as they are sent, in the order in which they arrive."""
    number, packets = 0, []
    for n, (key, sent, order) in enumerate(presses):
        made = []
        for which, (duration, is_end) in enumerate(sent):
            number += 1
            head = struct.pack("!BBHII", 0x80, EVENTS | (0x80 if which == 0 else 0), number, 8000 + 4000 * n, 4711)
            made.append(head + struct.pack("!BBH", int(key), 10 | (0x80 if is_end else 0), duration))
        packets += [made[each] for each in order]
    return packets


async def told(agent, far, sound, events, presses):
    begun, released = len(events), []
    call = await asyncio.wait_for(agent.dial(f"sip:keys@{HOST}:{THEIRS}"), 10)
    call.on_dtmf(released.append)
    await until(events, begun, Event.CALL_ESTABLISHED)
    await asyncio.sleep(0.3)
    for packet in arriving(presses):
        sound.sendto(packet, far.sound_to)
        await asyncio.sleep(0.04)
    await asyncio.sleep(0.3)
    begins = "".join(each.text for each in events[begun:] if each.event is Event.CALL_DTMF_START)
    await call.hangup()
    await until(events, begun, Event.CALL_CLOSED)
    return begins, "".join(each.digit for each in released)


async def until(events, begun, wanted):
    for _ in range(500):
        if any(each.event is wanted for each in events[begun:]):
            return
        await asyncio.sleep(0.02)
    raise SystemExit(f"no {wanted} in ten seconds")


async def main():
    _, far = await asyncio.get_running_loop().create_datagram_endpoint(FarSide, (HOST, THEIRS))
    runtime, events = Runtime(), []
    await runtime.start(Config(net_interface=HOST, extra_config_text=f"sip_listen {HOST}:{OURS}\n"))
    runtime.subscribe(events.append)
    agent = await UserAgent.create(runtime, Account("ours", f"{HOST}:{THEIRS}", "", reg_interval=0, audio_codecs=("pcmu",)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sound:
        sound.bind((HOST, SOUND))
        found = {name: await told(agent, far, sound, events, presses) for name, presses in LINES.items()}
    try:
        await runtime.close()
    except BaresipError:
        pass
    return found


found = asyncio.run(main())
print(f"baresip-python {__version__}")
for name, (begins, released) in found.items():
    print(f"{name}: pressed {SHOULD_BE[name]}, CALL_DTMF_START tells {begins}, on_dtmf() {released}")
assert found == SEEN, "keys are told otherwise now"
PYTHON
