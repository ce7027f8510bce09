"""Dispatch: calls placed per second beside a bare loop of the same requests, on either database.

The provider is another process and answers after 50 ms. The bare loop asks it for as many calls with the same forms
and as many threads; it claims, records and promises nothing.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import perf_counter, process_time

import requests
from sqlalchemy import func, select, update

from benchmarks.calls.stub_provider import stub_provider
from benchmarks.figures import Figure, at_least
from benchmarks.house import house, postgresql
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from core import actors, clock
from core.running import wakeups
from core.settings import Settings, Telephony
from core.storage.database import reading, unit_of_work, write
from ivr.dispatch import calls, prerender
from ivr.dispatch.dialler import SENDERS, Dialler
from ivr.models import Call, CallState
from zaoan.process import wiring

CALLS = 1500
WARM = 100
PATIENCE_SECONDS = 120.0
LEAST_RATIO = {"SQLite": 0.45, "PostgreSQL": 0.35}
ACCOUNT, TOKEN, NUMBER = "AC" + "1" * 32, "secret", "+8631186009001"
ACCOUNT_SETTINGS = {
    "telephony": Telephony.TWILIO, "twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_number": NUMBER,
    "line_calls_per_second": 1000, "line_calls_at_once": 10_000,
}  # fmt: skip


def figures() -> Sequence[Figure]:
    """Both databases."""
    with stub_provider() as url:
        found = [_figure("SQLite", url, None)]
        with postgresql() as database_url:
            found.append(_figure("PostgreSQL", url, database_url))
    return found


def _figure(name: str, url: str, database_url: str | None) -> Figure:
    more = {"database_url": database_url} if database_url else {}
    with house(CALLS + WARM, **ACCOUNT_SETTINGS, twilio_api_url=url, **more) as chosen:
        connected = wiring.connect(chosen, chosen.public_url, url)
        _queue_everybody()
        dialler = Dialler()
        try:
            _due(WARM)
            _dialled(dialler, CALLS)
            _due(CALLS)
            begun, worked = perf_counter(), process_time()
            _dialled(dialler, 0)
            seconds, busy = perf_counter() - begun, process_time() - worked
        finally:
            wakeups.carry_with(_nobody)
            dialler.close()
            connected.close()
        forms = _forms(chosen)
    bare_seconds, bare_busy = _bare(url, forms)
    placed, bare = CALLS / seconds, len(forms) / bare_seconds
    beside = (
        f"bare: {bare:.0f} a second; processor time {busy / CALLS * 1000:.2f} and "
        f"{bare_busy / len(forms) * 1000:.2f} ms a call"
    )
    bound = at_least(LEAST_RATIO[name], of_ratio=True)
    return Figure(f"calls placed, {name}", placed, "a second", beside, placed / bare, bound)


def _queue_everybody() -> None:
    with unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None)
        round_starts.start_now(session, actors.system(), campaign)
    while write(attempts.queue_due):
        pass
    with reading() as session:
        call = session.scalars(select(Call).limit(1)).one()
        prerender.prepare(prerender.lacking(calls.dialogue_of(call), calls.overlay_of(call)))


def _due(count: int) -> None:
    """So many of the calls that are not due become due, the others only later."""
    with unit_of_work() as session:
        waiting = select(Call.id).where(Call.state == CallState.QUEUED)
        session.execute(update(Call).where(Call.id.in_(waiting)).values(due_at=clock.now() + timedelta(hours=1)))
        session.execute(update(Call).where(Call.id.in_(waiting.limit(count))).values(due_at=clock.now()))


def _dialled(dialler: Dialler, left: int) -> None:
    """Dials as the service does, woken by whatever wakes it, until no more than so many calls wait for an answer."""
    awake = Event()
    wakeups.carry_with(lambda name, _: awake.set() if name == calls.DIALLING else None)
    until = perf_counter() + PATIENCE_SECONDS
    while _unplaced() > left:
        if perf_counter() > until:
            raise RuntimeError(f"{_unplaced()} calls were not placed in {PATIENCE_SECONDS:.0f} s")
        awake.clear()
        dialler.dial()
        awake.wait(0.05)


def _unplaced() -> int:
    with reading() as session:
        waiting = Call.state.in_((CallState.QUEUED, CallState.DIALLING))
        return session.scalar(select(func.count()).where(waiting)) or 0


def _forms(chosen: Settings) -> Sequence[dict[str, object]]:
    """The forms of the same calls as the adapter sends them."""
    with reading() as session:
        placed = session.scalars(select(Call).limit(CALLS)).all()
    return [
        {
            "To": call.number,
            "From": NUMBER,
            "Url": f"{chosen.public_url}/telephony/calls/{call.id}/turns/0",
            "FallbackUrl": f"{chosen.public_url}/telephony/calls/{call.id}/fallback",
            "StatusCallback": f"{chosen.public_url}/telephony/calls/{call.id}/status",
            "StatusCallbackEvent": ["completed"],
            "Timeout": call.ring_seconds,
            "MachineDetection": "DetectMessageEnd",
            "AsyncAmd": "true",
            "AsyncAmdStatusCallback": f"{chosen.public_url}/telephony/calls/{call.id}/machine",
        }
        for call in placed
    ]


def _bare(url: str, forms: Sequence[dict[str, object]]) -> tuple[float, float]:
    """Seconds, and seconds of processor time, of the bare loop; one session for all threads, as in the SDK."""
    with requests.Session() as session, ThreadPoolExecutor(SENDERS) as threads:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=SENDERS))
        address = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"

        def ask(form: dict[str, object]) -> str:
            answer = session.post(address, data=form, auth=(ACCOUNT, TOKEN), timeout=10)
            answer.raise_for_status()
            return str(answer.json()["sid"])

        list(threads.map(ask, forms[:WARM]))
        begun, worked = perf_counter(), process_time()
        list(threads.map(ask, forms))
        return perf_counter() - begun, process_time() - worked


def _nobody(_: str, __: float) -> None:
    pass
