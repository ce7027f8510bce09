"""Alert: from the key that says "unwell" to the request that rings the first responder's telephone.

Idle, while callbacks of other calls come in, and for several people at once while a morning holds every place that it
may have.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter, sleep
from uuid import UUID

import requests
from sqlalchemy import select, update

from benchmarks.calls import callbacks
from benchmarks.calls.callbacks import Callback
from benchmarks.calls.webhook import Sender, Serving, placed_calls
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.house import house
from contacts.community.community import the_community
from contacts.models import Responder
from core import clock
from core.running import wakeups
from core.settings import FirstVoice, Settings
from core.storage.database import reading, unit_of_work
from escalation import climbing
from escalation.cases.cases import ESCALATION
from escalation.models import Case, Page
from ivr.dispatch import calls
from ivr.dispatch.dialler import Dialler
from ivr.models import Call, CallState, Ending, Line
from ivr.ports.provider import CallOrder, ProviderCall
from ivr.provider.station import station
from zaoan.process import wiring
from zaoan.process.ports import any_free_port
from zaoan.web.app import web_app

ALERTS = 60
AT_ONCE, MORNING = 15, 60
VOLUNTEERS = 2 * AT_ONCE
LOAD = 300
PER_SECOND = 50.0
PROVIDER_SECONDS = 0.05
MOST_MS = 1000


def figures() -> list[Figure]:
    """The same alerts one after the other, idle and under load, and then many at once."""
    with house(2 * ALERTS + AT_ONCE + LOAD + MORNING) as chosen:
        port = any_free_port()
        address = {"port": port, "public_url": f"http://127.0.0.1:{port}"}
        chosen = chosen.model_copy(update=address | {"voice": FirstVoice.PROVIDER})
        connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")
        _settle_in()
        known = list(placed_calls())
        keys = [_key(chosen, *each) for each in known[: 2 * ALERTS + AT_ONCE]]
        others = known[2 * ALERTS + AT_ONCE :]
        load = [callbacks.call(chosen.public_url, wiring.account_of(chosen).token, str(call_id), sid, "1")
                for call_id, sid in others[:LOAD]]  # fmt: skip
        with Serving(web_app(connected.store), port), _dialling() as rung, Sender() as sender:
            idle = [_alert(chosen, each, rung) for each in keys[:ALERTS]]
            with ThreadPoolExecutor(1) as beside:
                loading = beside.submit(sender.measure, callbacks.at_random, chosen.public_url, load, PER_SECOND)
                busy = [_alert(chosen, each, rung) for each in keys[ALERTS : 2 * ALERTS]]
                loading.result()
            _take_all_but([call_id for call_id, _ in others[LOAD:]])
            together = _at_once(chosen, keys[2 * ALERTS :], rung)
        connected.close()
    found = f"{len(together)} of {AT_ONCE} were rung for at once"
    return [
        _figure("first ring after key 3, idle", idle),
        _figure(f"first ring after key 3, {PER_SECOND:.0f} callbacks a second", busy),
        _figure(f"first ring after key 3, {AT_ONCE} at once and {AT_ONCE} places kept", together, found),
    ]


def _figure(name: str, waited: Sequence[float], found: str = "") -> Figure:
    """The longest wait; half of them were not longer than the first that stands beside it."""
    beside = f"p50 {percentile(waited, 50):.0f} ms, p99 {percentile(waited, 99):.0f} ms"
    return Figure(name, max(waited), "ms", f"{beside}; {found}" if found else beside, bound=at_most(MOST_MS))


def _settle_in() -> None:
    with unit_of_work() as session:
        community_id = the_community(session).id
        session.add_all(Responder(community_id=community_id, name=f"志愿者{index}", role="volunteer", language="zh-CN",
                                  number=f"+86138{index:08d}") for index in range(VOLUNTEERS))  # fmt: skip
        session.execute(update(Line).values(calls_per_second=200, calls_at_once=MORNING + AT_ONCE))


def _key(chosen: Settings, call_id: UUID, provider_id: str) -> Sequence[Callback]:
    """Somebody picks up and presses 3."""
    told = callbacks.call(chosen.public_url, wiring.account_of(chosen).token, str(call_id), provider_id, "3")
    return told[0], told[2]


@contextmanager
def _dialling() -> Iterator[dict[UUID, float]]:
    """A dialler and the ladders in this process, and a provider that takes its time; yields when each call was asked
    for."""
    rung: dict[UUID, float] = {}
    woken = {calls.DIALLING: threading.Event(), ESCALATION: threading.Event()}
    over = threading.Event()

    def place(order: CallOrder) -> ProviderCall:
        call_id = UUID(order.answer_url.split("/")[-3])
        rung[call_id] = perf_counter()
        sleep(PROVIDER_SECONDS)
        return ProviderCall(f"CA{call_id.hex}", order.to, order.from_, clock.real_now(), None)

    def transport(name: str, _: float) -> None:
        if name in woken:
            woken[name].set()

    def run(name: str, work: object) -> None:
        while not over.is_set():
            woken[name].wait(wakeups.TICK_SECONDS)
            woken[name].clear()
            work()  # type: ignore[operator]

    dialler = Dialler()
    station().telephony.place = place  # type: ignore[method-assign]
    wakeups.carry_with(transport)
    works = {calls.DIALLING: dialler.dial, ESCALATION: climbing.climb_due}
    threads = [threading.Thread(target=run, args=each, daemon=True) for each in works.items()]
    for each in threads:
        each.start()
    yield rung
    over.set()
    for each in threads:
        each.join()
    dialler.close()
    wakeups.carry_with(lambda *_: None)


def _send(chosen: Settings, callback: Callback) -> None:
    headers = {"X-Twilio-Signature": callback.signature}
    requests.post(chosen.public_url + callback.path, data=callback.form, headers=headers, timeout=30).raise_for_status()


def _alert(chosen: Settings, key: Sequence[Callback], rung: dict[UUID, float]) -> float:
    """Milliseconds until the first telephone rings for one more who is unwell; then it is over for everybody."""
    [waited] = _at_once(chosen, [key], rung)
    return waited


def _at_once(chosen: Settings, keys: Sequence[Sequence[Callback]], rung: dict[UUID, float]) -> list[float]:
    for answered, _ in keys:
        _send(chosen, answered)
    rung.clear()
    begun = perf_counter()
    with ThreadPoolExecutor(len(keys)) as people:
        list(people.map(lambda key: _send(chosen, key[1]), keys))
    until = perf_counter() + 30
    while len(found := _first_rings(rung)) < len(keys) and perf_counter() < until:
        sleep(0.005)
    _all_is_over()
    return [(each - begun) * 1000 for each in found]


def _first_rings(rung: dict[UUID, float]) -> list[float]:
    with reading() as session:
        told = session.execute(select(Page.case_id, Page.call_id).join(Case).where(Case.is_unclosed)).all()
    first: dict[UUID, float] = {}
    for case_id, call_id in told:
        if at := rung.get(call_id):
            first[case_id] = min(at, first.get(case_id, at))
    return list(first.values())


def _all_is_over() -> None:
    """Every case is closed, and every telephone free."""
    with unit_of_work() as session:
        session.execute(update(Case).values(state="closed", look_at=None, closed_at=clock.now()))
        of_pages = select(Page.call_id)
        over = {"state": CallState.ENDED, "ending": Ending.NO_ANSWER, "ended_at": clock.now()}
        session.execute(update(Call).where(Call.id.in_(of_pages)).values(**over))
        session.execute(update(Page).values(state="unanswered"))


def _take_all_but(call_ids: Sequence[UUID]) -> None:
    """These calls take every place of the line that is not kept for alerts."""
    with unit_of_work() as session:
        line_id = session.scalars(select(Line.id)).first()
        session.execute(update(Call).where(Call.id.in_(call_ids)).values(line_id=line_id))
