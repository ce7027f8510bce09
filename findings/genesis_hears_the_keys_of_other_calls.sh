#!/usr/bin/env bash
# Two residents called at the same time by genesis 2026.10.18 (PyPI), a client of FreeSWITCH's event socket, over one connection.
# FreeSWITCH is played here: it answers as mod_event_socket does, and sends the events of both calls, as each Channel asks for its
# own by a filter, and filters of one connection add up.
#
# Guess before running: what is asked of a Channel is told of that call: Channel.on_dtmf and Channel.wait("DTMF") hear its keys
#   only, as Channel.wait("CHANNEL_ANSWER") hears its answer only.
# Seen: one key is pressed in one call, and the handlers of both calls get it. Channel.wait("DTMF") of the second call returns the
#   event of the first, whose Unique-ID is not its own. wait("CHANNEL_HANGUP") is the same; states and answers are told apart.
# What it means: Wang presses 1 for "I am fine", and Li, who lies on the floor beside the telephone, is fine too. With one call at a
#   time all is well, so no test shows it. Compare event["Unique-ID"] with channel.uuid in each handler, or use one connection a
#   call.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install genesis==2026.10.18
cat > "$folder/keys.py" <<'PYTHON'
import asyncio

from genesis import Channel, Inbound

WANG, LI = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))
NAMES = {WANG: "Wang", LI: "Li"}


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


async def switch(reader, writer):
    """Play FreeSWITCH: both calls are answered; `api press CALL KEY` stands for a key pressed on that line."""
    calls = iter(NAMES)
    writer.write(b"Content-Type: auth/request\n\n")
    while command := (await read(reader)):
        call = next((known for known in NAMES if known in command), None)
        if command == "api create_uuid":
            writer.write(answer(next(calls)))
        elif command.startswith("api originate"):
            writer.write(answer(f"+OK {call}\n") + event("CHANNEL_STATE", call, Channel_State="CS_EXECUTE"))
        elif command.startswith("api press"):
            writer.write(answer("+OK\n") + event("DTMF", call, DTMF_Digit=command[-1]))
        elif command.startswith("api leave"):
            writer.write(answer("+OK\n") + event("CHANNEL_ANSWER", call) + event("CHANNEL_HANGUP", call))
        else:
            writer.write(b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n")


async def told(client, channel, name, command):
    """The name of the call whose event the channel is told of, or None."""
    waiting = asyncio.create_task(channel.wait(name, timeout=2))
    await asyncio.sleep(0.2)
    await client.send(command)
    try:
        return NAMES[(await waiting)["Unique-ID"]]
    except Exception as late:
        assert "not received" in str(late)


async def main():
    server = await asyncio.start_server(switch, "127.0.0.1", 0)
    async with Inbound("127.0.0.1", server.sockets[0].getsockname()[1], "invented") as client:
        wang = await Channel.create(client, "sofia/gateway/trunk/13800138001")
        li = await Channel.create(client, "sofia/gateway/trunk/13800138002")
        fine = []
        for channel in (wang, li):

            @channel.on_dtmf("1")
            async def is_fine(key, name=NAMES[channel.uuid]):
                fine.append(name)

        li_was_told = await told(client, li, "DTMF", f"api press {WANG} 1")
        print("Wang pressed 1. Fine are:", fine, "- Li's channel was told of the key of:", li_was_told)
        assert sorted(fine) == ["Li", "Wang"] and li_was_told == "Wang"
        gone = await told(client, li, "CHANNEL_HANGUP", f"api leave {WANG}")
        answered = await told(client, li, "CHANNEL_ANSWER", f"api leave {WANG}")
        print("Wang hung up. Li's channel was told of the end of:", gone, "- and of the answer of:", answered)
        assert (gone, answered) == ("Wang", None)
    server.close()


asyncio.run(main())
PYTHON
timeout 60 "$folder/venv/bin/python" -W ignore "$folder/keys.py" 2>&1
