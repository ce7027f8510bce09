"""The service: requests to it under our seal, repeated while nobody is there, and the sounds that it has."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from trunk.calls.replies import Heard, Quiet, Reply, ReplyError, Sound, reply_of
from trunk.sound.g711 import pcm_of, quiet

log = logging.getLogger(__name__)
SEAL = "Trunk-Seal"
TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
PAUSES = (0.3, 0.7, 1.0, 2.0)
"""Seconds before a request is repeated; the last for all further ones."""
PATIENCE_SECONDS = 60.0
"""How long the service may be away in a call: a restart takes less."""
KEPT_BYTES = 64 << 20


class UnansweredError(Exception):
    """Nobody of the service was there for as long as could be waited."""


class RefusedError(Exception):
    """The service has answered, and not with what was asked for: ``reason``."""


def seal(secret: str, url: str, body: bytes) -> str:
    """What proves that a request to ``url`` is ours."""
    return hmac.new(secret.encode(), url.encode() + b"\n" + body, hashlib.sha256).hexdigest()


class Service:
    """Its addresses begin with ``public_url`` and are asked at ``local_url``; ``speech_url`` turns words into sound."""

    def __init__(
        self, session: aiohttp.ClientSession, secret: str, public_url: str, local_url: str, speech_url: str
    ) -> None:
        self._session, self._secret = session, secret
        self._public_url, self._local_url, self._speech_url = public_url.rstrip("/"), local_url.rstrip("/"), speech_url
        self._sounds: OrderedDict[Heard, bytes] = OrderedDict()
        self._kept = 0

    async def reply(self, url: str, told: Mapping[str, Any], *, patience: float = PATIENCE_SECONDS) -> Reply:
        """What it says to this. Raises ``UnansweredError`` and ``RefusedError``."""
        body = await self._patiently(url, told, patience)
        try:
            return reply_of(body)
        except ReplyError as failure:
            raise RefusedError(str(failure)) from failure

    async def tell(self, url: str, told: Mapping[str, Any]) -> None:
        """Tells it something to which nothing is answered. Raises ``UnansweredError`` and ``RefusedError``."""
        await self._patiently(url, told, PATIENCE_SECONDS)

    async def sound(self, heard: Heard) -> bytes:
        """As PCM. Raises ``RefusedError`` where it cannot be had."""
        if isinstance(heard, Quiet):
            return quiet(heard.seconds)
        if (known := self._sounds.get(heard)) is not None:
            self._sounds.move_to_end(heard)
            return known
        try:
            content = await self._content(heard)
            pcm = await asyncio.to_thread(pcm_of, content)
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            raise RefusedError(f"a sound cannot be had: {failure!r}") from failure
        self._keep(heard, pcm)
        return pcm

    async def _content(self, heard: Heard) -> bytes:
        if isinstance(heard, Sound):
            async with self._session.get(self._address(heard.url), timeout=TIMEOUT) as answer:
                answer.raise_for_status()
                return await answer.read()
        assert not isinstance(heard, Quiet)
        return await self._asked(self._speech_url, {"text": heard.text, "language": heard.language})

    async def _patiently(self, url: str, told: Mapping[str, Any], patience: float) -> bytes:
        loop, tries = asyncio.get_running_loop(), 0
        until = loop.time() + patience
        while True:
            try:
                return await self._asked(url, told)
            except (aiohttp.ClientConnectionError, TimeoutError) as failure:
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                if loop.time() + pause > until:
                    raise UnansweredError(f"{failure!r}") from failure
                if not tries:
                    log.warning("the service is not there and is asked again (%s)", type(failure).__name__)
            tries += 1
            await asyncio.sleep(pause)

    async def _asked(self, url: str, told: Mapping[str, Any]) -> bytes:
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {SEAL: seal(self._secret, url, body), "Content-Type": "application/json"}
        async with self._session.post(
            self._address(url), data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ) as answer:
            content = await answer.read()
            if not 200 <= answer.status < 300:
                raise RefusedError(f"HTTP {answer.status}")
            return content

    def _address(self, url: str) -> URL:
        """Its public address may lead through half the world; the service is on this machine."""
        if url.startswith(f"{self._public_url}/"):
            url = self._local_url + url.removeprefix(self._public_url)
        return URL(url, encoded=True)

    def _keep(self, heard: Heard, pcm: bytes) -> None:
        self._sounds[heard] = pcm
        self._kept += len(pcm)
        while self._kept > KEPT_BYTES and len(self._sounds) > 1:
            self._kept -= len(self._sounds.popitem(last=False)[1])
