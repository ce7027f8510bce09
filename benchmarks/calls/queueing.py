"""Queueing: what it costs to queue a check-in, and how long a resident's key waits while a round is being queued."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread
from time import perf_counter, process_time, sleep
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks.calls.webhook import all_picked_up
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.house import house
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import CheckIn
from campaigns.rounds import attempts
from contacts.models import Resident
from core import actors, clock
from core.storage.database import store, unit_of_work, write
from ivr.dialogue.engine import Heard, Sound
from ivr.dispatch import calls
from ivr.turns import turns
from zaoan.process import wiring

RESIDENTS, KEYS = 1500, 60
NAMES = [
    f"{surname}{form}" for surname in "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗" for form in ("奶奶", "爷爷", "阿姨")
]
MOST_MS, MOST_KEY_MS = 1.7, 150
KEY_P50 = at_most(30)
PAUSE_SECONDS = 0.02


def figures() -> list[Figure]:
    """People are called in sixty ways; then all of them but some are due again while those press their keys."""
    with house(RESIDENTS) as chosen:
        connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")
        _call_them_differently()
        with unit_of_work() as session:
            round_starts.start_now(
                session, actors.system(), new_campaigns.create_campaign(session, actors.system(), "bench", flags=None)
            )
        begun = process_time()
        _queue_all()
        spent = (process_time() - begun) / RESIDENTS * 1000
        answering = [call_id for call_id, _ in all_picked_up()][:KEYS]
        for call_id in answering:
            _hear(call_id, 0, Heard(Sound.ANSWERED))
        alone = _waits(answering[: KEYS // 3])
        with _all_due_again():
            beside = _waits(answering[KEYS // 3 :])
        connected.close()
    idle = f"while nothing is queued: p50 {percentile(alone, 50):.1f} ms, most {max(alone):.1f} ms"
    return [
        Figure("a check-in queued", spent, "ms of processor time", bound=at_most(MOST_MS)),
        Figure("a key while a round is queued, p50", percentile(beside, 50), "ms", idle, bound=KEY_P50),
        Figure("a key while a round is queued, most", max(beside), "ms", bound=at_most(MOST_KEY_MS)),
    ]


def _call_them_differently() -> None:
    with unit_of_work() as session:
        for resident, called in zip(session.scalars(select(Resident)), cycle(NAMES), strict=False):
            resident.called = called


def _queue_all() -> None:
    while write(attempts.queue_due):
        pass


@contextmanager
def _all_due_again() -> Iterator[None]:
    """A thread queues one call after the other until whoever waits beside it is done."""
    over = Event()
    queueing = Thread(target=_queue_until, args=(over,), daemon=True)
    queueing.start()
    sleep(PAUSE_SECONDS)
    yield
    over.set()
    queueing.join()


def _queue_until(over: Event) -> None:
    while not over.is_set():
        with unit_of_work() as session:
            session.execute(update(CheckIn).where(CheckIn.outcome.is_(None)).values(next_attempt_at=clock.now()))
        while not over.is_set() and write(attempts.queue_due):
            pass


def _waits(call_ids: Sequence[UUID]) -> Sequence[float]:
    """Milliseconds until what was pressed is stored, one key after the other."""
    waited = []
    for call_id in call_ids:
        begun = perf_counter()
        _hear(call_id, 1, Heard(Sound.KEY, "1"))
        waited.append((perf_counter() - begun) * 1000)
        sleep(PAUSE_SECONDS)
    return waited


def _hear(call_id: UUID, number: int, heard: Heard) -> None:
    def turn(session: Session) -> None:
        call = calls.held(session, call_id)
        assert call is not None
        turns.reply(session, call, number, heard)

    store(turn)
