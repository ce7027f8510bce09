#!/usr/bin/env bash
# An alarm rings three neighbours by RingGroup of genesis 2026.10.18 (PyPI), a client of FreeSWITCH's event socket. FreeSWITCH is
# played here: `api originate` takes 0.3 s, and while an api command runs, the events of the same connection wait, as in
# mod_event_socket.
#
# Guess before running: who answers first is returned ("return the first one that answers"), a busy line is passed over at once, and
#   None means that nobody answered.
# Seen: in RingMode.PARALLEL the first neighbour is busy: their dead channel is returned as the one that answered, and the
#   telephones of the two others stop ringing. If the first answers while the third is still being called, nobody is noticed: the
#   result is None, and who answered is hung up on. RingMode.SEQUENTIAL finds both, but a busy line costs the whole timeout, which
#   is 30 s unless one says otherwise.
# What it means: the alarm is "taken over" by a busy line, and nobody comes; or a neighbour picks up at the first ring, hears
#   nothing, and is cut off. Ring one at a time with a short timeout, and believe an answer only if channel.state is EXECUTE.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install genesis==2026.10.18
cat > "$folder/ring.py" <<'PYTHON'
import asyncio
import time

from genesis import Inbound
from genesis.group import RingGroup, RingMode

TIMEOUT = 4


def event(name, call, **headers):
    lines = {"Event-Name": name, "Unique-ID": call, **headers}
    body = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in lines.items()) + "\n"
    return f"Content-Length: {len(body)}\nContent-Type: text/event-plain\n\n{body}".encode()


def answer(text):
    return f"Content-Type: api/response\nContent-Length: {len(text)}\n\n{text}".encode()


async def read(reader):
    try:
        return (await reader.readuntil(b"\n\n")).decode().strip()
    except asyncio.IncompleteReadError:
        return None


class Switch:
    """Play FreeSWITCH. Each neighbour is "busy", "never" answers, or answers after so many seconds."""

    def __init__(self, neighbours):
        self.neighbours, self.calls, self.hung_up = neighbours, {}, []
        self.command = asyncio.Lock()  # one command at a time, and no event meanwhile

    async def run(self, reader, writer):
        self.writer, self.later = writer, []
        writer.write(b"Content-Type: auth/request\n\n")
        while command := (await read(reader)):
            async with self.command:
                writer.write(await self.reply(command))

    async def reply(self, command):
        if command == "api create_uuid":
            call = f"00000000-0000-4000-8000-00000000000{len(self.calls) + 1}"
            self.calls[call] = None
            return answer(call)
        call = next((known for known in self.calls if known in command), None)
        if command.startswith("api originate"):
            self.calls[call] = name = command.split("}")[1].split()[0]
            await asyncio.sleep(0.3)
            self.later.append(asyncio.create_task(self.happens(call, self.neighbours[name])))
            return answer("-ERR USER_BUSY\n" if self.neighbours[name] == "busy" else f"+OK {call}\n")
        if command.startswith("api uuid_kill"):
            self.hung_up.append(self.calls[call])
            return answer("+OK\n")
        return b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"

    async def happens(self, call, what):
        if what == "busy":
            await self.tell(event("CHANNEL_STATE", call, Channel_State="CS_HANGUP"))
        elif what != "never":
            await asyncio.sleep(what)
            if self.calls[call] not in self.hung_up:
                await self.tell(event("CHANNEL_ANSWER", call) + event("CHANNEL_STATE", call, Channel_State="CS_EXECUTE"))

    async def tell(self, events):
        async with self.command:
            self.writer.write(events)


async def ring(mode, first, second, third):
    switch = Switch({"neighbour/1": first, "neighbour/2": second, "neighbour/3": third})
    server = await asyncio.start_server(switch.run, "127.0.0.1", 0)
    began = time.monotonic()
    async with Inbound("127.0.0.1", server.sockets[0].getsockname()[1], "invented") as client:
        taken = await RingGroup.ring(client, list(switch.neighbours), mode, timeout=TIMEOUT)
    seconds = time.monotonic() - began
    server.close()
    taken = taken and f"{taken.dial_path} ({taken.state.name})"
    print(f"{mode.value}, {switch.neighbours}: {taken} after {seconds:.1f} s, hung up: {switch.hung_up}")
    return taken, switch.hung_up, seconds


async def main():
    taken, hung_up, _ = await ring(RingMode.PARALLEL, 1.5, "never", "never")
    assert (taken, hung_up) == ("neighbour/1 (EXECUTE)", ["neighbour/2", "neighbour/3"])
    taken, hung_up, seconds = await ring(RingMode.PARALLEL, "busy", 1, "never")
    assert (taken, hung_up) == ("neighbour/1 (HANGUP)", ["neighbour/2", "neighbour/3"]) and seconds < TIMEOUT / 2
    taken, hung_up, seconds = await ring(RingMode.PARALLEL, 0.05, "never", "never")
    assert taken is None and hung_up[0] == "neighbour/1" and seconds > TIMEOUT
    taken, _, seconds = await ring(RingMode.SEQUENTIAL, 0.05, "never", "never")
    assert taken == "neighbour/1 (EXECUTE)" and seconds < TIMEOUT / 2
    taken, _, seconds = await ring(RingMode.SEQUENTIAL, "busy", 1, "never")
    assert taken == "neighbour/2 (EXECUTE)" and seconds > TIMEOUT


asyncio.run(main())
PYTHON
timeout 60 "$folder/venv/bin/python" -W ignore "$folder/ring.py" 2>&1
