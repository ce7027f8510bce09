"""How long a sound lasts, from its file, fetched as a telephone network would fetch it."""

import asyncio
import struct

import aiohttp
from yarl import URL

from exchange.errors import WEBHOOK_FAILED, WRONG_CONTENT_TYPE, CallError
from exchange.tasks import Tasks

_RIFF_HEADER = 12
_CHUNK_HEADER = 8
_FORMAT = struct.Struct("<HHIIHH")


class Sounds:
    """Lengths of sounds by address. A sound is immutable, so each is fetched once."""

    def __init__(self, session: aiohttp.ClientSession, tasks: Tasks) -> None:
        self._session = session
        self._tasks = tasks
        self._lengths: dict[str, asyncio.Task[float]] = {}

    async def seconds(self, url: str) -> float:
        """The sound's length. Raises ``CallError`` when it cannot be fetched or is not a WAV sound."""
        length = self._lengths.get(url)
        if length is None or (length.done() and (length.cancelled() or length.exception() is not None)):
            length = self._lengths[url] = self._tasks.start(self._measure(url))
        return await asyncio.shield(length)

    async def content(self, url: str) -> bytes:
        """The file itself. Raises ``CallError`` when it cannot be fetched or is no sound."""
        try:
            async with self._session.get(URL(url, encoded=True)) as response:
                if response.status != 200:
                    raise CallError(WEBHOOK_FAILED, f"{url} answered {response.status}")
                if not response.content_type.startswith("audio/"):
                    raise CallError(WRONG_CONTENT_TYPE, f"{url} is {response.content_type}, not a sound")
                return await response.read()
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise CallError(WEBHOOK_FAILED, f"{url} cannot be fetched: {failure!r}") from failure

    async def _measure(self, url: str) -> float:
        try:
            return wav_seconds(await self.content(url))
        except ValueError as failure:
            raise CallError(WRONG_CONTENT_TYPE, f"{url}: {failure}") from failure


def wav_seconds(content: bytes) -> float:
    """The length of a WAV file of any encoding, from its header. Raises ``ValueError`` when it is none."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    byte_rate, position = 0, _RIFF_HEADER
    while position + _CHUNK_HEADER <= len(content):
        name, size = content[position : position + 4], int.from_bytes(content[position + 4 : position + 8], "little")
        position += _CHUNK_HEADER
        if name == b"fmt " and position + _FORMAT.size <= len(content):
            byte_rate = _FORMAT.unpack_from(content, position)[3]
        elif name == b"data" and byte_rate:
            return min(size, len(content) - position) / byte_rate
        position += size + size % 2
    raise ValueError("a WAV file without a format and data")
