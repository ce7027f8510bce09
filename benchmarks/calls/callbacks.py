"""The provider's side of a benchmark: whole calls, reported by signed requests from a process of its own."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import aiohttp
from twilio.request_validator import RequestValidator

KEYS = ("1",) * 17 + ("3", "2", "")
"""What is pressed: of twenty people seventeen are well, one is unwell, one needs something, one says nothing."""
TALKING = 20
"""Calls that are going on side by side while callbacks arrive at random."""


@dataclass(frozen=True)
class Callback:
    """One request: path with query, form, and its signature."""

    path: str
    form: dict[str, str]
    signature: str


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each callback, and how many were answered each second."""

    waits: Sequence[float]
    per_second: float


def call(public_url: str, token: str, call_id: str, provider_id: str, key: str) -> Sequence[Callback]:
    """The callbacks of one call, in their order: answered, a person, a key, the end."""
    told = {"CallSid": provider_id, "From": "+8631120000000", "To": "+8631186009999", "Direction": "outbound-api"}
    position = "step=ask-0&play=1&language=zh-CN"
    steps = [
        ("/turns/0", {"CallStatus": "in-progress"}),
        ("/machine", {"AnsweredBy": "human", "MachineDetectionDuration": "2300"}),
        (f"/turns/1?{position}", {"CallStatus": "in-progress", **({"Digits": key} if key else {})}),
        ("/status", {"CallStatus": "completed", "CallDuration": "21", "SequenceNumber": "0"}),
    ]
    return [signed(public_url, token, f"/telephony/calls/{call_id}{path}", told | form) for path, form in steps]


def signed(public_url: str, token: str, path: str, form: dict[str, str]) -> Callback:
    """A request as the provider signs it."""
    return Callback(path, form, RequestValidator(token).compute_signature(public_url + path, form))


def at_random(public_url: str, calls: Sequence[Sequence[Callback]], per_second: float) -> Measured:
    """Callbacks that arrive at random instants (Poisson), each of a call that is going on, whoever still waits."""
    return asyncio.run(_with_client(public_url, lambda send: _at_random(send, calls, per_second)))


def all_waiting(public_url: str, calls: Sequence[Sequence[Callback]], clients: int) -> Measured:
    """So many clients, each of which sends the next callback when the last is answered."""
    return asyncio.run(_with_client(public_url, lambda send: _all_waiting(send, calls, clients)))


Send = Callable[[Callback], Awaitable[None]]


async def _with_client(public_url: str, work: Callable[[Send], Awaitable[None]]) -> Measured:
    waits: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:

        async def send(callback: Callback) -> None:
            begun = perf_counter()
            headers = {"X-Twilio-Signature": callback.signature}
            async with client.post(public_url + callback.path, data=callback.form, headers=headers) as answer:
                await answer.read()
                answer.raise_for_status()
            waits.append((perf_counter() - begun) * 1000)

        begun = perf_counter()
        await work(send)
        return Measured(waits, len(waits) / (perf_counter() - begun))


async def _at_random(send: Send, calls: Sequence[Sequence[Callback]], per_second: float) -> None:
    chance = random.Random(7)
    waiting = [list(reversed(each)) for each in reversed(calls)]
    talking = [waiting.pop() for _ in range(min(TALKING, len(waiting)))]
    under_way: list[asyncio.Task[None]] = []

    async def report(one: list[Callback]) -> None:
        await send(one.pop())
        if one:
            talking.append(one)
        elif waiting:
            talking.append(waiting.pop())

    for _ in range(sum(map(len, calls))):
        await asyncio.sleep(chance.expovariate(per_second))
        while not talking:
            await asyncio.sleep(0.001)
        under_way.append(asyncio.create_task(report(talking.pop(chance.randrange(len(talking))))))
    await asyncio.gather(*under_way)


async def _all_waiting(send: Send, calls: Sequence[Sequence[Callback]], clients: int) -> None:
    waiting = list(calls)

    async def client() -> None:
        while waiting:
            for callback in waiting.pop():
                await send(callback)

    await asyncio.gather(*(client() for _ in range(clients)))
