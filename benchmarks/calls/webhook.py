"""Webhook: signed callbacks per second, their latency and processor time, beside a bare route that checks the same
signature and commits one row.

Whole calls are reported, as they really are: answered, a person, a key, the end. The provider is another process.
"""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from time import process_time
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp
from twilio.request_validator import RequestValidator

from benchmarks.calls import callbacks
from benchmarks.calls.callbacks import KEYS, Callback, Measured
from benchmarks.figures import Figure, at_least, at_most, percentile
from benchmarks.house import house
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from core import actors, clock
from core.running import events
from core.settings import Settings
from core.storage.database import unit_of_work
from ivr.models import Call, CallState
from zaoan.process import wiring
from zaoan.process.ports import any_free_port
from zaoan.process.service import settle
from zaoan.web.app import web_app

CALLS = 300
CLIENTS = 50
PER_SECOND = 50.0
RANDOM_P99_MS, WAITING_P99_MS, LEAST_RATIO = 50, 200, 0.6
"""The bounds of the replies (two cores)."""


def figures() -> list[Figure]:
    """A first few calls warm everything up; then the same load is put on a bare route."""
    with house(2 * CALLS + CLIENTS) as chosen:
        port = any_free_port()
        chosen = chosen.model_copy(update={"port": port, "public_url": f"http://127.0.0.1:{port}"})
        connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")
        calls = _calls(chosen)
        warm, at_random, waiting = calls[:CLIENTS], calls[CLIENTS:-CALLS], calls[-CALLS:]
        with Sender() as provider:
            with Serving(web_app(connected.store), port):
                provider.measure(callbacks.all_waiting, chosen.public_url, warm, CLIENTS)
                one = provider.measure(callbacks.at_random, chosen.public_url, at_random, PER_SECOND)
                all_, ours = spent(provider, callbacks.all_waiting, chosen.public_url, waiting, CLIENTS)
            with Serving(_bare(chosen), port):
                provider.measure(callbacks.all_waiting, chosen.public_url, _bare_calls(chosen, CLIENTS), CLIENTS)
                bare_one = provider.measure(
                    callbacks.at_random, chosen.public_url, _bare_calls(chosen, CALLS), PER_SECOND
                )
                bare, theirs = spent(
                    provider, callbacks.all_waiting, chosen.public_url, _bare_calls(chosen, CALLS), CLIENTS
                )
        connected.close()
    ratio = all_.per_second / bare.per_second
    waiting_beside = f"{all_.per_second:.0f} a second, {_latency(all_)}; bare route {_latency(bare)}"
    return [
        Figure(f"callbacks at random, {PER_SECOND:.0f} a second, p99", percentile(one.waits, 99), "ms",
               f"{_latency(one)}; bare route {_latency(bare_one)}", bound=at_most(RANDOM_P99_MS)),
        Figure(f"callbacks, {CLIENTS} clients that wait, p99", percentile(all_.waits, 99), "ms", waiting_beside,
               bound=at_most(WAITING_P99_MS)),
        Figure("callbacks beside a bare route, by rate", all_.per_second, "a second", f"{bare.per_second:.0f} a second",
               ratio, at_least(LEAST_RATIO, of_ratio=True)),
        Figure("callbacks beside a bare route, by processor time", ours, "ms", f"{theirs:.2f} ms", theirs / ours,
               at_least(LEAST_RATIO, of_ratio=True)),
    ]  # fmt: skip


class Sender:
    """A process of its own that sends callbacks."""

    def __init__(self) -> None:
        self._process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown()

    def measure(self, load: Callable[..., Measured], *given: object) -> Measured:
        """What the load has measured."""
        return self._process.submit(load, *given).result()


def spent(provider: Sender, load: Callable[..., Measured], *given: object) -> tuple[Measured, float]:
    """What the load has measured, and the processor time (ms) that this process, which serves, has spent on each."""
    before = process_time()
    measured = provider.measure(load, *given)
    return measured, 1000 * (process_time() - before) / len(measured.waits)


class Serving:
    """A web server in a thread."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        while not self._server.started:
            threading.Event().wait(0.01)
        settle()

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


def _calls(chosen: Settings) -> Sequence[Sequence[Callback]]:
    token = wiring.account_of(chosen).token
    return [
        callbacks.call(chosen.public_url, token, str(call_id), provider_id, KEYS[index % len(KEYS)])
        for index, (call_id, provider_id) in enumerate(placed_calls())
    ]


def placed_calls() -> Sequence[tuple[UUID, str]]:
    """Everybody is rung and has picked up; returns our id and the provider's of each call."""
    with unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None)
        round_starts.start_now(session, actors.system(), campaign)
    while True:
        with unit_of_work() as session:
            if not attempts.queue_due(session):
                break
    return all_picked_up()


def all_picked_up() -> Sequence[tuple[UUID, str]]:
    """Whoever was to be rung is rung and has picked up; returns our id and the provider's of each call."""
    with unit_of_work() as session:
        calls = session.scalars(select(Call).where(Call.state == CallState.QUEUED)).all()
        for call in calls:
            call.state, call.provider_id, call.dialled_at = CallState.PLACED, f"CA{call.id.hex}", clock.now()
        return [(call.id, call.provider_id or "") for call in calls]


def _bare_calls(chosen: Settings, count: int) -> Sequence[Sequence[Callback]]:
    form = {"CallSid": "CA", "From": "+8631120000000", "To": "+8631186009999", "CallStatus": "in-progress"}
    one = callbacks.signed(chosen.public_url, wiring.account_of(chosen).token, "/bare", form)
    return [[one] * 4] * count


def _bare(chosen: Settings) -> FastAPI:
    """The least that any webhook must do: check the signature and commit one row."""
    app = FastAPI()
    validator = RequestValidator(wiring.account_of(chosen).token)

    async def form_of(request: Request) -> dict[str, str]:
        return {name: str(value) for name, value in (await request.form()).items()}

    @app.post("/bare")
    async def bare(request: Request) -> Response:
        form = await form_of(request)
        if not validator.validate(f"{chosen.public_url}/bare", form, request.headers["X-Twilio-Signature"]):
            return Response(status_code=403)
        await asyncio.to_thread(_commit_one_row)
        return Response("<Response/>", media_type="application/xml")

    return app


def _commit_one_row() -> None:
    with unit_of_work() as session:
        events.append(session, actors.system(), "bench")


def _latency(measured: Measured) -> str:
    return f"p50 {percentile(measured.waits, 50):.0f} ms, p99 {percentile(measured.waits, 99):.0f} ms"
