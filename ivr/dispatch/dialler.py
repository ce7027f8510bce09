"""Dialling: claims due calls in order of urgency and asks the provider for them, at each line's pace.

1. hold the line's lease; 2. claim what is due and still wanted: ``dialling`` is committed before anything is sent;
3. ask the provider outside any transaction; 4. record its answer.
"""

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from core import clock
from core.running.wakeups import TICK_SECONDS, wake_now
from core.storage.database import reading, unit_of_work
from ivr import queries
from ivr.dispatch import calls
from ivr.dispatch import lines as line
from ivr.dispatch.claiming import REQUEST_MARGIN as REQUEST_MARGIN  # texts are requests too
from ivr.dispatch.claiming import Claimed, Claims, Room, claim, end
from ivr.dispatch.placing import place
from ivr.dispatch.rate_limit import Pace, window_of
from ivr.dispatch.voicing import Voices
from ivr.models import Line
from ivr.provider.station import station
from ivr.queries import Waiting

log = logging.getLogger(__name__)

SENDERS = 64
SENDERS_FOR_ALERTS = 8
"""Routine requests that the provider does not answer never take the last threads."""
BATCH = 25
WORTH_A_CLAIM = SENDERS_FOR_ALERTS + BATCH
LOOK_AHEAD = 50
"""Due calls among which those of a line are chosen for one claim."""
ROOM_WITHIN_SECONDS = 0.25
"""Threads come free one by one; so long (real seconds) they are waited for until they are worth a claim."""


class Dialler:
    """This process's hand at every line. ``dial`` returns when nothing more can be dialled now."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._again = threading.Event()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="dial")
        self._asking: Counter[UUID] = Counter()
        self._asked = threading.Condition()
        self._voices = Voices()
        self._is_starved = False
        self._paces: dict[UUID, Pace] = {}
        self._noted: dict[UUID, datetime] = {}

    def dial(self) -> datetime | None:
        """Dials whatever is due on every line; returns when the next queued call is due.

        A wake-up that comes while another thread dials makes that thread look once more.
        """
        self._again.set()
        with self._asked:
            self._asked.notify_all()
        while self._again.is_set() and self._turn.acquire(blocking=False):
            try:
                self._dial_all()
            finally:
                self._turn.release()
        with reading() as session:
            return queries.next_due(session, clock.now())

    def close(self) -> None:
        """Lets requests under way finish."""
        self._senders.shutdown()
        self._voices.close()

    def _dial_all(self) -> None:
        """The line whose turn is next goes on; a wake-up or a second brings back those that had nothing to dial."""
        ready: dict[UUID, Line] = {}
        looked_at = monotonic()
        try:
            while True:
                if self._again.is_set() or (ready and monotonic() > looked_at + TICK_SECONDS):
                    self._again.clear()
                    ready, looked_at = self._lines(), monotonic()
                if not ready:
                    return
                each = min(ready.values(), key=self._next_turn)
                self._again.wait(max(0.0, self._next_turn(each) - monotonic()))
                if self._next_turn(each) > monotonic():
                    continue
                if self._dial_on(each):
                    self._wait_for_room()
                else:
                    del ready[each.id]
        finally:
            self._release()

    def _lines(self) -> dict[UUID, Line]:
        """The lines that could dial now; none while no call is due, and one that rests only for an alert."""
        with reading() as session:
            if not queries.is_waiting(session, clock.now()):
                return {}
            known = queries.lines(session)
            resting = {each.id for each in known if line.is_resting(each, clock.real_now())}
            is_urgent = bool(resting) and queries.is_alert_waiting(session, clock.now())
            return {each.id: each for each in known if is_urgent or each.id not in resting}

    def _next_turn(self, each: Line) -> float:
        """Monotonic seconds; the pace of a line that we do not hold is seen when we do."""
        pace = self._paces.get(each.id)
        return pace.next_turn() if pace else 0.0

    def _dial_on(self, each: Line) -> bool:
        """Claims only what may leave at once, so that an alert never waits behind routine calls already claimed."""
        claims = self._claim(each)
        for order in claims.claimed:
            with self._asked:
                self._asking[each.id] += 1
            asking = self._senders.submit(place, order, self._paces[each.id])
            asking.add_done_callback(partial(self._answered, order))
        end(claims.over)
        return bool(claims.claimed or claims.over) or self._next_turn(each) > monotonic()

    def _claim(self, each: Line) -> Claims:
        waiting = self._waiting()
        real_now, worker = clock.real_now(), station().worker
        slack = timedelta(seconds=window_of(each.calls_per_second))
        with unit_of_work() as session:
            held = line.lease(session, each.id, worker, real_now, slack)
            if held is None:
                self._paces.pop(each.id, None)
                return Claims()
            pace = self._pace_of(held)
            room = self._room(held, min(BATCH, pace.turns()), real_now)
            claims = claim(session, held, room, waiting, self._voices.is_ready) if room.any else Claims()
            for _ in claims.claimed:
                pace.take()
            self._noted[held.id] = held.next_turn_at = _instant(pace.next_turn())
        return claims

    def _waiting(self) -> Sequence[Waiting]:
        """What is due, and read and looked at before the transaction that claims it."""
        with reading() as session:
            waiting = queries.waiting_calls(session, clock.now(), LOOK_AHEAD)
            self._voices.look([each.call_id for each in waiting], partial(queries.unvoiced, session))
        return waiting

    def _wait_for_room(self) -> None:
        """Unless somebody wants to be dialled besides: an alert needs one thread, and there is one."""
        with self._asked:
            self._asked.wait_for(lambda: self._again.is_set() or self._idle() >= WORTH_A_CLAIM, ROOM_WITHIN_SECONDS)

    def _idle(self) -> int:
        """Threads that no request keeps; whoever asks holds ``_asked``."""
        return SENDERS - self._asking.total()

    def _pace_of(self, held: Line) -> Pace:
        """Our own pace as long as nobody else has dialled; otherwise it goes on where whoever did has stopped."""
        if held.id not in self._paces or self._noted.get(held.id) != held.next_turn_at:
            ahead = (held.next_turn_at - clock.real_now()).total_seconds() if held.next_turn_at else 0.0
            within = max(0.0, min(window_of(held.calls_per_second), ahead))  # a real clock may be set back
            self._paces[held.id] = Pace(held.calls_per_second, monotonic() + within)
        return self._paces[held.id]

    def _room(self, held: Line, turns: int, real_now: datetime) -> Room:
        """A line that has failed is tried with one call at a time, and threads are kept for alerts.

        While it rests it is tried with alerts only: each is put off for a while when it fails, so it is asked seldom.
        While it is kept for whoever was cut off, routine calls wait.
        """
        with self._asked:
            idle, asking = self._idle(), self._asking[held.id]
            self._is_starved = idle <= SENDERS_FOR_ALERTS
        if held.rests:
            turns = min(turns, 1 - asking)
        turns = max(0, turns)
        if line.is_resting(held, real_now) or line.is_kept(held, real_now):
            return Room(min(turns, idle), 0)
        return Room(min(turns, idle), min(turns, max(0, idle - SENDERS_FOR_ALERTS)))

    def _answered(self, order: Claimed, asking: Future[None]) -> None:
        """What could not be recorded is found by the sweep; here it is only said."""
        with self._asked:
            self._asking[order.line_id] -= 1
            self._asked.notify_all()
            was_starved, self._is_starved = self._is_starved, False
        if was_starved:
            wake_now(calls.DIALLING)
        if failure := asking.exception():
            log.error("call %s could not be placed or recorded", order.call_id, exc_info=failure)

    def _release(self) -> None:
        """Gives the lines to whichever worker is woken next; its pace goes on from ours."""
        for line_id, pace in list(self._paces.items()):
            free_at = _instant(pace.free_at())
            del self._paces[line_id]
            with unit_of_work() as session:
                line.release(session, line_id, station().worker, free_at)


def _instant(turn: float) -> datetime:
    """The real instant of a monotonic one."""
    return clock.real_now() + timedelta(seconds=turn - monotonic())
