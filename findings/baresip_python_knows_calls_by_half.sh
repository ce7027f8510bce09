#!/usr/bin/env bash
# Calls of an embedded SIP engine: baresip-python 0.5.2a3, on loopback, against a few lines of SIP over UDP.
#
# Guess before running: a call that comes in says which of our numbers was called (``StackEvent.to``) and who calls
#   (``StackEvent.from_``); a call that goes out has its Call-ID (``Call.call_id``) when ``dial()`` returns, since the
#   INVITE has left; a far side that says BYE is told apart from a broken connection.
# Seen: ``to`` and ``from_`` are None in every event, only ``peer`` is known: with several numbers on one account nobody
#   can tell which was called. ``call_id`` is None when ``dial()`` returns: the event that carried it came before the
#   object. The clean BYE closes the call with the text "Connection reset by peer [104]".
# What it means: what a journal or a report needs of a call has to be read from the SIP messages themselves.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install baresip-python==0.5.2a3
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import re
import socket

from baresip import Account, BaresipError, Config, Event, Runtime, UserAgent

HOST = "127.0.0.1"
SDP = "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


OURS, THEIRS, SOUND = free_port(), free_port(), free_port()


def field(message, name):
    return re.search(rf"^{name}: *(.*?)\r$", message, re.MULTILINE | re.IGNORECASE)[1]


class FarSide(asyncio.DatagramProtocol):
    """Is busy for whoever calls ``busy``; picks up and says BYE for everybody else. Calls us when told to."""

    def connection_made(self, transport):
        self.transport = transport

    def send(self, text, sdp=""):
        body = f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}" if sdp else "Content-Length: 0\r\n\r\n"
        self.transport.sendto((text + body).encode(), (HOST, OURS))

    def answer(self, request, status, tag=";tag=far", sdp=""):
        vias = "".join(f"Via: {each}\r\n" for each in re.findall(r"^Via: *(.*?)\r$", request, re.MULTILINE))
        self.send(f"SIP/2.0 {status}\r\n{vias}From: {field(request, 'From')}\r\nTo: {field(request, 'To')}{tag}\r\n"
                  f"Call-ID: {field(request, 'Call-ID')}\r\nCSeq: {field(request, 'CSeq')}\r\n"
                  f"Contact: <sip:far@{HOST}:{THEIRS}>\r\n", sdp)

    def datagram_received(self, data, address):
        message = data.decode()
        if message.startswith("INVITE sip:busy@"):
            self.answer(message, "486 Busy Here")
        elif message.startswith("INVITE"):
            self.invitation = message
            self.answer(message, "200 OK", sdp=SDP.format(HOST, SOUND))
        elif message.startswith("ACK") and "sip:busy@" not in message:
            asyncio.get_running_loop().call_later(0.3, self.bye)

    def bye(self):
        invitation = self.invitation
        contact = re.search(r"<(.*?)>", field(invitation, "Contact"))[1]
        self.send(f"BYE {contact} SIP/2.0\r\nVia: SIP/2.0/UDP {HOST}:{THEIRS};branch=z9hG4bKbye\r\nMax-Forwards: 70\r\n"
                  f"From: {field(invitation, 'To')};tag=far\r\nTo: {field(invitation, 'From')}\r\n"
                  f"Call-ID: {field(invitation, 'Call-ID')}\r\nCSeq: 2 BYE\r\n")

    def ring_us(self):
        self.send(f"INVITE sip:87654321@{HOST}:{OURS} SIP/2.0\r\nVia: SIP/2.0/UDP {HOST}:{THEIRS};branch=z9hG4bKin\r\n"
                  f"Max-Forwards: 70\r\nFrom: <sip:13800138001@{HOST}>;tag=in\r\nTo: <sip:87654321@{HOST}>\r\n"
                  f"Call-ID: in@{HOST}\r\nCSeq: 1 INVITE\r\nContact: <sip:13800138001@{HOST}:{THEIRS}>\r\n",
                  SDP.format(HOST, SOUND))


async def until(condition):
    for _ in range(1000):
        if (found := condition()) is not None:
            return found
        await asyncio.sleep(0.02)
    raise SystemExit("it did not happen in twenty seconds")


async def main():
    _, far = await asyncio.get_running_loop().create_datagram_endpoint(FarSide, (HOST, THEIRS))
    runtime, events = Runtime(), []
    await runtime.start(Config(net_interface=HOST, extra_config_text=f"sip_listen {HOST}:{OURS}\n"))
    runtime.subscribe(events.append)
    agent = await UserAgent.create(runtime, Account("ours", f"{HOST}:{THEIRS}", "", reg_interval=0, audio_codecs=("pcma",),
                                                    extra_params=("catchall=yes",)))

    async def closed(number):
        return await until(lambda: ([e for e in events if e.event is Event.CALL_CLOSED] + [None] * number)[number - 1])

    busy = await agent.dial(f"sip:busy@{HOST}:{THEIRS}")
    id_after_dialling = busy.call_id
    refused = await closed(1)
    await agent.dial(f"sip:well@{HOST}:{THEIRS}")
    over = await closed(2)
    far.ring_us()
    coming = await until(lambda: next((e for e in events if e.event is Event.CALL_INCOMING), None))
    outgoing = next(e for e in events if e.event is Event.CALL_OUTGOING)
    try:
        await runtime.close()
    except BaresipError:
        pass
    return coming, outgoing, id_after_dialling, refused, over


coming, outgoing, id_after_dialling, refused, over = asyncio.run(main())
print(f"a call comes in: to {coming.to}, from {coming.from_}, peer {coming.peer}")
print(f"a call goes out: its event has the Call-ID {bool(outgoing.call_id)}, the call after dial() {id_after_dialling}")
print(f"refused: {refused.text!r}; ended by a clean BYE: {over.text!r}")
assert coming.to is None and coming.from_ is None, "who was called is known"
assert outgoing.call_id and id_after_dialling is None, "the Call-ID is known when dial() returns"
assert over.text.startswith("Connection reset by peer"), "a BYE is told apart from a broken connection"
PYTHON
