"""A line that Asterisk carries, driven by ARI: the same telephones and the same work as the trunk's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from uuid import uuid4

import aiohttp

from benchmarks.asterisk.ari import Answered, Ari, NotPlayed, Pressed
from benchmarks.asterisk.private import PrivateAsterisk
from benchmarks.calls.sip_bench import HERTZ, HOST, OURS, RTP_PORTS, Line, telephones, tone_file
from phones.messages import Address
from zaoan.process.ports import any_free_port

USER = PASSWORD = "figures"
RING_SECONDS, LONGEST_SECONDS, BETWEEN_LOOKS_SECONDS = 60, 60.0, 0.05
MODULES = (
    "res_http_websocket", "res_stasis", "res_stasis_playback", "res_stasis_answer", "res_stasis_snoop",
    "res_stasis_recording", "res_ari_model", "res_ari", "res_ari_applications", "res_ari_channels", "res_ari_events",
    "res_ari_playbacks", "app_stasis", "format_pcm",
)  # fmt: skip
_CODECS = {"alaw": "ALAW", "ulaw": "ULAW"}
_PJSIP = """[line]
type=transport
protocol=udp
bind={here}

[line]
type=endpoint
transport=line
disallow=all
allow=alaw,ulaw
dtmf_mode=rfc4733
direct_media=no
aors=line

[line]
type=aor
contact=sip:{telephones}
"""


@asynccontextmanager
async def ari_line(root: Path, folder: Path) -> AsyncIterator[Line]:
    """An Asterisk of its own in ``folder``, unpacked in ``root``, until the block ends."""
    tones = _tones(folder)
    async with telephones() as phones, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        port = any_free_port(HOST)
        asterisk = _asterisk(root, folder, port, phones.here)
        ari = Ari(session, f"http://{HOST}:{port}/ari", USER, PASSWORD)
        asterisk.start()
        driver = _Driver(ari, tones)
        try:
            await _until_ready(ari)
            driving = asyncio.create_task(driver.drive())
            await _until_ready(ari, listening=1)
            yield Line(phones, asterisk.process.pid, partial(_dial, ari, driving))
            driving.cancel()
        finally:
            asterisk.kill()


class _Driver:
    """Plays a prompt to everybody who picks up, and at each key the other one instead."""

    def __init__(self, ari: Ari, tones: list[str]) -> None:
        self._ari, self._tones = ari, tones
        self._prompts: dict[str, tuple[str, int]] = {}

    async def drive(self) -> None:
        """As long as Asterisk lives; calls do not wait for each other. Raises what goes wrong in any of them."""
        async with asyncio.TaskGroup() as calls:
            async for event in self._ari.events():
                match event:
                    case Answered(channel):
                        calls.create_task(self._plays(channel, 0))
                    case Pressed(channel):
                        calls.create_task(self._plays_another(channel))
                    case NotPlayed(prompt):
                        raise RuntimeError(f"Asterisk could not play {prompt}")

    async def _plays(self, channel: str, turn: int) -> None:
        prompt = uuid4().hex
        self._prompts[channel] = prompt, turn
        await self._ari.play(channel, prompt, self._tones[turn % len(self._tones)])

    async def _plays_another(self, channel: str) -> None:
        prompt, turn = self._prompts[channel]
        await self._ari.stop(prompt)
        await self._plays(channel, turn + 1)


async def _dial(ari: Ari, driving: asyncio.Task[None], number: str) -> None:
    if driving.done():
        driving.result()
    await ari.place(uuid4().hex, f"PJSIP/{number}@line", OURS, RING_SECONDS)


async def _until_ready(ari: Ari, listening: int = 0) -> None:
    due = monotonic() + LONGEST_SECONDS
    while monotonic() < due:
        try:
            if await ari.applications() >= listening:
                return
        except aiohttp.ClientError:
            pass  # it is still loading what answers
        await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
    raise TimeoutError("Asterisk is not ready")


def _asterisk(root: Path, folder: Path, port: int, phones: Address) -> PrivateAsterisk:
    first = any_free_port(HOST)
    here = f"{HOST}:{any_free_port(HOST)}"
    files = {
        "pjsip": _PJSIP.format(here=here, telephones=f"{phones[0]}:{phones[1]}"),
        "http": f"[general]\nenabled=yes\nbindaddr={HOST}\nbindport={port}\n",
        "ari": f"[general]\nenabled=yes\n\n[{USER}]\ntype=user\npassword={PASSWORD}\n",
    }
    return PrivateAsterisk(root, folder, files, sound_ports=(first, first + RTP_PORTS - 1), modules=MODULES)


def _tones(folder: Path) -> list[str]:
    """The files of the prompts, without their endings: each codec has one, so that nothing is computed in a call."""
    folder.mkdir(parents=True)
    for index, hertz in enumerate(HERTZ):
        for ending, subtype in _CODECS.items():
            (folder / f"{index}.{ending}").write_bytes(tone_file(hertz, format="RAW", subtype=subtype))
    return [str(folder / str(index)) for index in range(len(HERTZ))]
