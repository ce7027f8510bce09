#!/usr/bin/env bash
# Calls placed and taken by voip-utils 0.5.0 (the SIP of Home Assistant's voice over IP), against a peer of our own on the loopback.
#
# Guess before running: 200 is an answer whatever its phrase says; busy, declined and "no such number" end the call, so on_hangup
#   is called; each final answer to an INVITE gets its ACK (RFC 3261 section 17.1.1.3). An incoming call rings with any name.
# Seen: the phrase is compared, too: a call answered with "200 Answered" or "200 Ok" is not answered; no ACK goes out and on_call
#   is not called. After 486, 603, 404 and 480 nothing happens: no ACK, neither on_call nor on_hangup, and no way to ask; the
#   call looks as if it still rang. An incoming call with an empty name ("" <sip:…>), with a name of two words without quotes, or
#   with a quoted name that has quotes in it, is dropped with a line in the log, and its caller gets no answer.
# What it means: the next in the ladder is called when a timer of one's own runs out, not when the first is busy; and with an
#   exchange that has its own phrase for 200 every answered alarm counts as unanswered. Keep the time of each call oneself, and
#   try with the exchange that will be used.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install voip-utils==0.5.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import asyncio
import logging

from voip_utils.sip import SdpInfo, SipDatagramProtocol, get_sip_endpoint

logging.disable(logging.CRITICAL)
LOOPBACK = ("127.0.0.1", 0)
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 18000 RTP/AVP 123\r\na=rtpmap:123 opus/48000/2\r\n"


class Desk(SipDatagramProtocol):
    def __init__(self):
        super().__init__(SdpInfo("desk", 1, "-", "1"))
        self.told = []

    def on_call(self, call_info):
        self.told.append("call")

    def on_hangup(self, call_info):
        self.told.append("hangup")


class Peer(asyncio.DatagramProtocol):
    """Answers an INVITE with one status line, and keeps the methods it was sent."""

    def __init__(self, status=None):
        self.status, self.sent = status, []

    def datagram_received(self, data, address):
        first, *lines = data.decode().split("\r\n")
        self.sent.append(first.split()[0])
        if self.sent[-1] != "INVITE":
            return
        kept = [line for line in lines if line.startswith(("Via", "From", "Call-ID", "CSeq"))]
        [to] = [f"{line};tag=peer" for line in lines if line.startswith("To")]
        body = SDP if self.status.startswith("2") else ""
        answer = [f"SIP/2.0 {self.status}", *kept, to, f"Content-Length: {len(body)}", "", body]
        self.transport.sendto("\r\n".join(answer).encode(), address)

    def connection_made(self, transport):
        self.transport = transport


async def both(peer):
    loop = asyncio.get_running_loop()
    there, _ = await loop.create_datagram_endpoint(lambda: peer, local_addr=LOOPBACK)
    here, desk = await loop.create_datagram_endpoint(Desk, local_addr=LOOPBACK)
    return there, here, desk


async def placed(status):
    there, here, desk = await both(peer := Peer(status))
    ports = [one.get_extra_info("sockname")[1] for one in (here, there)]
    desk.outgoing_call(*(get_sip_endpoint("127.0.0.1", port=port, username="line") for port in ports), rtp_port=19000)
    await asyncio.sleep(0.5)
    here.close(), there.close()
    return peer.sent, desk.told


async def taken(caller):
    there, here, desk = await both(peer := Peer())
    port = there.get_extra_info("sockname")[1]
    lines = [
        "INVITE sip:desk@127.0.0.1 SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK1", "Max-Forwards: 70",
        f"From: {caller};tag=caller", "To: <sip:desk@127.0.0.1>", "Call-ID: one", "CSeq: 1 INVITE",
        f"Contact: <sip:line@127.0.0.1:{port}>", "Content-Type: application/sdp", f"Content-Length: {len(SDP)}", "", SDP,
    ]  # fmt: skip
    there.sendto("\r\n".join(lines).encode(), here.get_extra_info("sockname"))
    await asyncio.sleep(0.5)
    here.close(), there.close()
    return peer.sent, desk.told


ANSWERED, UNHEARD = (["INVITE", "ACK"], ["call"]), (["INVITE"], [])
PLACED = {"200 OK": ANSWERED}
PLACED |= dict.fromkeys(
    ["200 Answered", "200 Ok", "486 Busy Here", "603 Decline", "404 Not Found", "480 Temporarily Unavailable"], UNHEARD
)
for status, expected in PLACED.items():
    seen = asyncio.run(placed(status))
    print(f"placed, {status}: the peer was sent {seen[0]}, the program was told {seen[1]}")
    assert seen == expected, status

URI = "<sip:+8631186010101@127.0.0.1>"
TAKEN = {URI: ["call"], f'"Wang Guilan" {URI}': ["call"]}
TAKEN |= dict.fromkeys([f"Wang Guilan {URI}", f'"" {URI}', f'"Wang \\"Mama\\" Guilan" {URI}'], [])
for caller, expected in TAKEN.items():
    seen = asyncio.run(taken(caller))
    print(f"taken, from {caller}: the peer was sent {seen[0]}, the program was told {seen[1]}")
    assert seen == ([], expected), caller
PYTHON
