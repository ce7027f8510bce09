"""A trunk for figures: its telephones, which note when what is heard, and a service that answers at once."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import cast
from uuid import uuid4

import aiohttp
import numpy as np
import soundfile
from aiohttp import web

from phones.messages import Address, Message, answer, new_tag, parsed, user_of
from phones.own_telephone import OwnTelephone, Send
from phones.sound import RATE, samples
from zaoan.process.ports import any_free_port
from zaoan.process.trunk_process import SECRET_VARIABLE, SPOKEN

HOST, OURS, SECRET = "127.0.0.1", "+8631186009001", "benchmark"
HERTZ = (400.0, 700.0)
"""What a conversation plays in turn: each key changes the pitch."""
PROMPT_SECONDS, WAIT_SECONDS = 60, 30
LEAST_STRENGTH = 0.02
FRAME_SECONDS = 0.02
RTP_PORTS = 900


class Telephone(OwnTelephone):
    """Picks up at once; ``pitches`` are the instants (monotonic) and pitches of every packet that was heard."""

    def __init__(self, call: str, number: str, here: Address, peer: Address, send: Send) -> None:
        super().__init__(call, number, here, peer, send)
        self.rung_at = monotonic()
        self.pitches: list[tuple[float, int]] = []

    def hears(self, payload: bytes, codec: int) -> None:
        """One packet of sound."""
        heard = samples(payload, codec)
        turns = -2j * np.pi * np.arange(len(heard)) / RATE
        strengths = [abs(heard @ np.exp(turns * hertz)) / max(len(heard), 1) for hertz in HERTZ]
        loudest = int(np.argmax(strengths))
        if strengths[loudest] > LEAST_STRENGTH:
            self.pitches.append((monotonic(), loudest))


class Phones(asyncio.DatagramProtocol):
    """Every number has a telephone at ``here``."""

    def __init__(self, here: Address) -> None:
        self.here = here
        self.by_number: dict[str, Telephone] = {}
        self._telephones: dict[str, Telephone] = {}
        self._working: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport of a datagram endpoint, which asyncio does not derive from its own class (3.11)."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, source: Address) -> None:
        """One message."""
        message = parsed(data)
        if message is None:
            return
        if (telephone := self._telephones.get(message.call_id)) is not None:
            telephone.takes(message)
        elif message.status is None and message.method == "INVITE":
            telephone = Telephone(message.call_id, user_of(message.target), self.here, source, self._send)
            self._telephones[message.call_id] = self.by_number[telephone.number] = telephone
            self._start(self._rings(message, telephone))
        elif message.status is None and message.method != "ACK":
            self._send(answer(message, 200, new_tag()), source)

    async def speak(self) -> None:
        """For ever: everybody is silent, or presses a key."""
        due = monotonic()
        while True:
            due = max(due + FRAME_SECONDS, monotonic() - FRAME_SECONDS)
            await asyncio.sleep(due - monotonic())
            for telephone in self._telephones.values():
                telephone.sound.send()

    async def _rings(self, message: Message, telephone: Telephone) -> None:
        await telephone.open()
        telephone.takes(message)
        telephone.ring()
        telephone.answer()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    def _send(self, message: Message, to: Address) -> None:
        self._transport.sendto(message.written(), to)


@dataclass
class Line:
    """A line whose process is ``process``; ``placed`` has when each number was asked for (monotonic)."""

    phones: Phones
    process: int
    dial: Callable[[str], Awaitable[None]]
    placed: dict[str, float] = field(default_factory=dict)

    async def place(self) -> None:
        """Places a call to a number of its own."""
        number = f"+861380000{len(self.placed) + 1:04d}"
        self.placed[number] = monotonic()
        await self.dial(number)

    async def talking(self, calls: int) -> list[Telephone]:
        """The telephones of so many calls, once in each of them something is heard."""
        while True:
            heard = [each for each in self.phones.by_number.values() if each.pitches]
            if len(heard) >= calls:
                return heard
            await asyncio.sleep(0.05)


@asynccontextmanager
async def telephones() -> AsyncIterator[Phones]:
    """At an address of their own, until the block ends."""
    phones = Phones((HOST, any_free_port(HOST)))
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: phones, local_addr=phones.here)
    speaking = asyncio.create_task(phones.speak())
    try:
        yield phones
    finally:
        speaking.cancel()


@asynccontextmanager
async def sip_line(folder: Path) -> AsyncIterator[Line]:
    """A trunk of its own in ``folder``, until the block ends."""
    port = any_free_port(HOST)
    service = f"http://{HOST}:{port}"
    runner = web.AppRunner(_service(service))
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    async with telephones() as phones:
        trunk = await asyncio.create_subprocess_exec(
            *_command(folder, service, phones.here), stdout=asyncio.subprocess.PIPE,
            env=os.environ | {SECRET_VARIABLE: SECRET},
        )  # fmt: skip
        try:
            assert trunk.stdout is not None
            url = (await trunk.stdout.readline()).decode().partition(SPOKEN)[2].strip()
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                yield Line(phones, trunk.pid, partial(_dial, session, url, service))
        finally:
            trunk.terminate()
            await trunk.wait()
            await runner.cleanup()


async def _dial(session: aiohttp.ClientSession, url: str, service: str, number: str) -> None:
    call = uuid4()
    turn = f"{service}/turn/{call}/0"
    order = {"to": number, "from_": OURS, "dialled": number, "ring_seconds": 60, "answer_url": turn,
             "status_url": f"{service}/over", "fallback_url": turn}  # fmt: skip
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with session.put(f"{url}/calls/{call}", json=order, headers=headers) as placed:
        placed.raise_for_status()


def _command(folder: Path, service: str, phones: Address) -> list[str]:
    first = any_free_port(HOST)
    return [
        *(sys.executable, "-m", "trunk", "--folder", str(folder), "--public-url", service),
        *("--inbound-url", f"{service}/inbound", "--speech-url", f"{service}/speech"),
        *("--proxy", f"{phones[0]}:{phones[1]}", "--caller", OURS),
        *("--listen", f"{HOST}:{any_free_port(HOST)}", "--rtp-ports", f"{first}-{first + RTP_PORTS - 1}"),
    ]


def _service(url: str) -> web.Application:
    tones = [tone_file(hertz, format="WAV", subtype="ULAW") for hertz in HERTZ]

    async def turn(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        following = f"{url}/turn/{request.match_info['call']}/{number + 1}"
        ask = {"url": following, "keys": 1, "seconds": WAIT_SECONDS, "also_silence": True}
        return web.json_response({"hear": [{"sound": f"{url}/tone/{number % len(HERTZ)}"}], "ask": ask})

    async def tone(request: web.Request) -> web.Response:
        return web.Response(body=tones[int(request.match_info["pitch"])], content_type="audio/wav")

    async def over(_: web.Request) -> web.Response:
        return web.Response(status=204)

    application = web.Application()
    application.add_routes(
        [web.post("/turn/{call}/{number}", turn), web.get("/tone/{pitch}", tone), web.post("/over", over)]
    )
    return application


def tone_file(hertz: float, **how: str) -> bytes:
    """What is played, as long as a prompt may be, in a file as soundfile writes it."""
    moments = np.arange(PROMPT_SECONDS * RATE) / RATE
    file = BytesIO()
    soundfile.write(file, 0.3 * np.sin(2 * np.pi * hertz * moments), RATE, **how)
    return file.getvalue()
