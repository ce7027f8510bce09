"""Requests to the service, as Twilio makes them: signed forms, bounded in real time, repeated if a connection fails."""

import time
from asyncio import Task
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urldefrag, urlencode, urlsplit
from uuid import uuid4

import aiohttp
from yarl import URL

from ivr.exchange.log import Log, Subject
from ivr.exchange.signing import signature
from ivr.exchange.tasks import Tasks
from ivr.exchange.verbs import Method

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
_ATTEMPTS = 2


class Kind(StrEnum):
    """What a request to the service is about."""

    VOICE = "voice"
    GATHER = "gather"
    STATUS = "status"
    AMD = "amd"
    TEXT = "text"
    INBOUND = "inbound"
    RECORDING = "recording"
    DIAL = "dial"
    TEMPO = "tempo"


@dataclass(frozen=True)
class Webhook:
    """An address of the service and how it is asked."""

    url: str
    method: Method = Method.POST


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` is None when nothing did, and ``failure`` then says why."""

    status: int | None
    content_type: str = ""
    body: bytes = b""
    failure: str | None = None


class Callbacks:
    """Sends requests to the service and logs each when it is over."""

    def __init__(self, session: aiohttp.ClientSession, auth_token: str, log: Log, tasks: Tasks) -> None:
        self._session = session
        self._auth_token = auth_token
        self._log = log
        self._tasks = tasks

    def send(self, kind: Kind, webhook: Webhook, params: Mapping[str, str], subject: Subject) -> Task[Answer]:
        """Sends at once. The request goes on even when the call that made it has ended."""
        return self._tasks.start(self._send(kind, webhook, params, subject))

    async def _send(self, kind: Kind, webhook: Webhook, params: Mapping[str, str], subject: Subject) -> Answer:
        sent_at, begun = datetime.now(UTC), time.monotonic()
        answer = await self._ask(webhook, params)
        self._log.write(
            "webhook",
            subject,
            kind=kind,
            path=urlsplit(webhook.url).path,
            params=params,
            sent_at=sent_at.isoformat(timespec="microseconds"),
            seconds=round(time.monotonic() - begun, 6),
            status=answer.status,
            failure=answer.failure,
        )
        return answer

    async def _ask(self, webhook: Webhook, params: Mapping[str, str]) -> Answer:
        """Tries again once if the connection fails; the second request carries the same idempotency token."""
        token = str(uuid4())
        answer = Answer(None)
        for _ in range(_ATTEMPTS):
            try:
                return await self._request(webhook, params, token)
            except aiohttp.ClientConnectionError as failure:
                answer = Answer(None, failure=repr(failure))
            except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
                return Answer(None, failure=repr(failure))
        return answer

    async def _request(self, webhook: Webhook, params: Mapping[str, str], token: str) -> Answer:
        url, form = _addressed(webhook, params)
        headers = {
            "X-Twilio-Signature": signature(self._auth_token, url, form),
            "I-Twilio-Idempotency-Token": token,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        async with self._session.request(
            webhook.method,
            URL(url, encoded=True),
            data=urlencode(form).encode(),
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        ) as response:
            return Answer(response.status, response.content_type, await response.read())


def _addressed(webhook: Webhook, params: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Address and form; what is asked with GET carries the parameters, and their signature, in its address."""
    url = urldefrag(webhook.url).url
    if webhook.method is Method.POST:
        return url, params
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}", {}
