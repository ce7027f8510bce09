"""Webhook: signed callbacks per second and their latency, beside a bare route that checks the same signature."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from statistics import quantiles
from time import perf_counter

import aiohttp
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp
from twilio.request_validator import RequestValidator

from benchmarks.figures import Figure
from benchmarks.house import house
from campaigns import attempts, schedule
from core import clock, events
from core.database import unit_of_work
from core.settings import Settings
from ivr.models import Call, CallState
from zaoan import wiring
from zaoan.ports import any_free_port
from zaoan.web import web_app

CALLS = 400
CLIENTS = 16
Sender = Callable[[int], Awaitable[float]]


def figures() -> list[Figure]:
    """Every call is answered and a key pressed in it: two callbacks, of which the second decides a check-in."""
    with house(CALLS) as chosen:
        port = any_free_port()
        chosen = chosen.model_copy(update={"port": port, "public_url": f"http://127.0.0.1:{port}"})
        connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")
        paths = [f"/telephony/calls/{call_id}/turns" for call_id in _placed_calls()]
        with _Serving(web_app(connected.store), port):
            asyncio.run(_load(chosen, [f"{path}/0" for path in paths], {}))
            rate, waits = asyncio.run(_load(chosen, [f"{path}/1" for path in paths], {"Digits": "1"}))
        with _Serving(_bare(chosen), port):
            bare, bare_waits = asyncio.run(_load(chosen, ["/bare"] * CALLS, {"Digits": "1"}))
        connected.close()
    value = f"{rate:.0f} a second, p50 {_percentile(waits, 50):.0f} ms, p99 {_percentile(waits, 99):.0f} ms"
    beside = f"bare route {bare:.0f} a second, p99 {_percentile(bare_waits, 99):.0f} ms; ratio {rate / bare:.2f}"
    return [Figure("signed callbacks", value, beside)]


class _Serving:
    """A web server in a thread."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        while not self._server.started:
            threading.Event().wait(0.01)

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


def _placed_calls() -> Sequence[object]:
    with unit_of_work() as session:
        campaign = schedule.create_campaign(session, "bench", flags=None)
        schedule.start_now(session, campaign)
    while True:
        with unit_of_work() as session:
            if not attempts.queue_due(session):
                break
    with unit_of_work() as session:
        calls = session.scalars(select(Call)).all()
        for call in calls:
            call.state, call.provider_id, call.dialled_at = CallState.PLACED, f"CA{call.id.hex}", clock.now()
        return [call.id for call in calls]


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
        events.append(session, "bench")


async def _load(chosen: Settings, paths: Sequence[str], extra: dict[str, str]) -> tuple[float, list[float]]:
    """Requests per second, and the milliseconds of each."""
    validator = RequestValidator(wiring.account_of(chosen).token)
    todo = list(paths)
    waits: list[float] = []
    async with aiohttp.ClientSession() as client:

        async def work() -> None:
            while todo:
                path = todo.pop()
                form = {"CallSid": _sid(path), "From": "+8631186009999", "To": "+8631120000000", **extra}
                headers = {"X-Twilio-Signature": validator.compute_signature(chosen.public_url + path, form)}
                begun = perf_counter()
                async with client.post(chosen.public_url + path, data=form, headers=headers) as answer:
                    await answer.read()
                    answer.raise_for_status()
                waits.append((perf_counter() - begun) * 1000)

        begun = perf_counter()
        await asyncio.gather(*(work() for _ in range(CLIENTS)))
        return len(paths) / (perf_counter() - begun), waits


def _sid(path: str) -> str:
    parts = path.split("/")
    return f"CA{parts[3].replace('-', '')}" if len(parts) > 3 else "CA"


def _percentile(waits: Sequence[float], percent: int) -> float:
    return quantiles(waits, n=100)[percent - 1]
