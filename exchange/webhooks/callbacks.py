"""Requests to the service, as Twilio makes them: signed forms, bounded in real time, repeated if a connection fails."""

import asyncio
import time
from asyncio import Task
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urldefrag, urlencode, urlsplit
from uuid import uuid4

import aiohttp
from yarl import URL

from exchange.faults import Fault, Faults
from exchange.log import Log, Subject
from exchange.tasks import Tasks
from exchange.twiml.verbs import Method
from exchange.webhooks.fates import Fate, Forgery, Loss, fate, is_report
from exchange.webhooks.fates import Kind as Kind
from exchange.webhooks.requests import Request, Requests
from exchange.webhooks.signing import signature

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
OVERTAKEN_WITHIN_SECONDS = 5.0
FOREIGN_TOKEN = "somebody else's token"


@dataclass(frozen=True)
class Webhook:
    """An address of the service and how it is asked; with ``document``, what it says is there already."""

    url: str
    method: Method = Method.POST
    document: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` is None when nothing did, and ``failure`` then says why."""

    status: int | None
    content_type: str = ""
    body: bytes = b""
    failure: str | None = None
    connection_failed: bool = False


AWAY_SECONDS = (1.0, 4.0)
NOBODY_THERE = Answer(None, failure="a fault: nobody is there")
BROKEN_OFF = Answer(None, failure="a fault: the connection broke off")


class Callbacks:
    """Sends requests to the service and logs each when it is over, unless a fault befalls it on the way."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        auth_token: str,
        log: Log,
        tasks: Tasks,
        faults: Faults,
        requests: Requests,
    ) -> None:
        self._session = session
        self._auth_token = auth_token
        self._log = log
        self._tasks = tasks
        self._faults = faults
        self.requests = requests
        self._away_until = 0.0
        self._overtaken: dict[str | None, asyncio.Event] = {}

    def send(self, kind: Kind, webhook: Webhook, params: Mapping[str, str], subject: Subject) -> Task[Answer]:
        """Sends at once. The request goes on even when the call that made it has ended."""
        self._go_away(kind, subject)
        befalls = fate(self._faults, kind, params, subject)
        return self._tasks.start(self._carry(_Errand(kind, webhook, params, subject), befalls))

    def _go_away(self, kind: Kind, subject: Subject) -> None:
        """From now on for a while nobody answers at the service, if that fault strikes."""
        if kind is Kind.TEMPO or (chance := self._faults.draw(Fault.SERVICE_AWAY, subject.number)) is None:
            return
        seconds = chance.uniform(*AWAY_SECONDS)
        self._away_until = max(self._away_until, time.monotonic() + seconds)
        self._faults.strike(Fault.SERVICE_AWAY, subject, kind=kind, how="away", seconds=round(seconds, 3))

    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until and Fault.SERVICE_AWAY in self._faults.plan.rates

    async def _carry(self, errand: "_Errand", befalls: Fate) -> Answer:
        if befalls.forgery is not None:
            self._tasks.start(self._forge(errand, befalls.forgery))
        for seconds in befalls.copies:
            self._tasks.start(self._repeat(errand, befalls.delay + seconds))
        await asyncio.sleep(befalls.delay)
        if befalls.is_overtaken:
            await self._wait_for_the_next(errand.subject.call)
        if befalls.loss is not None:
            return await self._lose(errand, befalls.loss)
        answer = await self._deliver(errand)
        if errand.is_report and (overtaken := self._overtaken.get(errand.subject.call)):
            overtaken.set()
        return answer

    async def _wait_for_the_next(self, call: str | None) -> None:
        overtaken = self._overtaken[call] = asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(OVERTAKEN_WITHIN_SECONDS):
                await overtaken.wait()
        self._overtaken.pop(call, None)

    async def _repeat(self, errand: "_Errand", after: float) -> None:
        await asyncio.sleep(after)
        await self._deliver(errand, is_copy=True)

    async def _lose(self, errand: "_Errand", loss: Loss) -> Answer:
        """A report is simply never sent; a request for words breaks off, and is then made once more as Twilio does."""
        if errand.is_report:
            return BROKEN_OFF
        if loss is Loss.REQUEST:
            self._note(errand, BROKEN_OFF, datetime.now(UTC), 0.0, never_sent=True)
            return BROKEN_OFF
        await self._deliver(errand, reply_is_lost=True)
        answer = await self._deliver(errand, is_copy=True, reply_is_lost=loss is Loss.REPLY)
        return BROKEN_OFF if loss is Loss.REPLY else answer

    async def _forge(self, errand: "_Errand", forgery: Forgery) -> None:
        """Somebody else says that key 1 was pressed and that the call is over."""
        webhook = Webhook(errand.webhook.url)
        params = {**errand.params, "Digits": "1", "CallStatus": "completed", "CallDuration": "30"}
        signed = {
            Forgery.WRONG_KEY: signature(FOREIGN_TOKEN, urldefrag(webhook.url).url, params),
            Forgery.OTHER_ADDRESS: signature(self._auth_token, f"{webhook.url}/", params),
            Forgery.NONE: "",
        }[forgery]
        answer = await self._once(webhook, params, str(uuid4()), signed)
        path = urlsplit(webhook.url).path
        self._log.write("forgery", errand.subject, kind=errand.kind, path=path, how=forgery, status=answer.status)

    async def _deliver(self, errand: "_Errand", *, is_copy: bool = False, reply_is_lost: bool = False) -> Answer:
        sent_at, begun = datetime.now(UTC), time.monotonic()
        is_away = errand.kind is not Kind.TEMPO and self._is_away()
        answer = NOBODY_THERE if is_away else await self._ask(errand.webhook, errand.params, errand.token)
        about = {"is_copy": is_copy, "reply_is_lost": reply_is_lost}
        self._note(errand, answer, sent_at, time.monotonic() - begun, **{name: True for name in about if about[name]})
        return answer

    def _note(self, errand: "_Errand", answer: Answer, sent_at: datetime, seconds: float, **more: bool) -> None:
        status = None if more.get("reply_is_lost") else answer.status
        webhook, call = errand.webhook, errand.subject.call
        self.requests.note(call, Request(webhook.url, webhook.method, errand.params, status, sent_at, seconds))
        self._log.write(
            "webhook",
            errand.subject,
            kind=errand.kind,
            path=urlsplit(errand.webhook.url).path,
            params=errand.params,
            keys=errand.params.get("Digits", ""),
            sent_at=sent_at.isoformat(timespec="microseconds"),
            seconds=round(seconds, 6),
            status=answer.status,
            failure=answer.failure,
            **more,
        )

    async def _ask(self, webhook: Webhook, params: Mapping[str, str], token: str) -> Answer:
        """Tries again once if the connection fails; the second request carries the same idempotency token."""
        url, form = _addressed(webhook, params)
        signed = signature(self._auth_token, url, form)
        answer = await self._once(webhook, params, token, signed)
        return await self._once(webhook, params, token, signed) if answer.connection_failed else answer

    async def _once(self, webhook: Webhook, params: Mapping[str, str], token: str, signed: str) -> Answer:
        url, form = _addressed(webhook, params)
        headers = {
            "X-Twilio-Signature": signed,
            "I-Twilio-Idempotency-Token": token,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        try:
            async with self._session.request(
                webhook.method,
                URL(url, encoded=True),
                data=urlencode(form).encode(),
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as response:
                return Answer(response.status, response.content_type, await response.read())
        except aiohttp.ClientConnectionError as failure:
            return Answer(None, failure=repr(failure), connection_failed=True)
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            return Answer(None, failure=repr(failure))


@dataclass(frozen=True)
class _Errand:
    """One request to be made; whatever is made again of it carries the same idempotency token."""

    kind: Kind
    webhook: Webhook
    params: Mapping[str, str]
    subject: Subject
    token: str = field(default_factory=lambda: str(uuid4()))

    @property
    def is_report(self) -> bool:
        return is_report(self.kind, self.subject)


def _addressed(webhook: Webhook, params: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Address and form; what is asked with GET carries the parameters, and their signature, in its address."""
    url = urldefrag(webhook.url).url
    if webhook.method is Method.POST:
        return url, params
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}", {}
