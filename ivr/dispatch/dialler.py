"""Dialling: claims due calls in order of urgency and asks the provider for them, at each line's pace.

1. hold the line's lease; 2. claim what is due and still wanted: ``dialling`` is committed before anything is sent;
3. ask the provider outside any transaction; 4. record its answer.
"""

import logging
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from core import clock
from core.running.wakeups import TICK_SECONDS, wake_now
from core.storage.database import reading, unit_of_work
from ivr import queries
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls, prerender
from ivr.dispatch import lines as line
from ivr.dispatch.claiming import REQUEST_MARGIN as REQUEST_MARGIN  # texts are requests too
from ivr.dispatch.claiming import Claimed, Claims, Room, claim, end
from ivr.dispatch.placing import place
from ivr.dispatch.rate_limit import Pace, window_of
from ivr.listener import Overlay
from ivr.models import Call, Line, Urgency, band
from ivr.provider.station import MOUTHS, station

log = logging.getLogger(__name__)

SENDERS = 64
SENDERS_FOR_ALERTS = 8
"""Routine requests that the provider does not answer never take the last threads."""
BATCH = 25
VOICE_WITHIN_SECONDS = 60.0
"""Real seconds that a routine call waits for our own voice; then the provider's speaks."""
FORGOTTEN_SECONDS = 3600.0
"""Real seconds after which nobody asks any more what became of the sounds of a call."""


class Dialler:
    """This process's hand at every line. ``dial`` returns when nothing more can be dialled now."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._again = threading.Event()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="dial")
        self._asking: Counter[UUID] = Counter()
        self._asked = threading.Condition()
        self._voices = _Voices()
        self._paces: dict[UUID, Pace] = {}
        self._noted: dict[UUID, datetime] = {}

    def dial(self) -> datetime | None:
        """Dials whatever is due on every line; returns when the next queued call is due.

        A wake-up that comes while another thread dials makes that thread look once more.
        """
        self._again.set()
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
                if self._next_turn(each) <= monotonic() and not self._dial_on(each):
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
        real_now, worker = clock.real_now(), station().worker
        slack = timedelta(seconds=window_of(each.calls_per_second))
        with unit_of_work() as session:
            held = line.lease(session, each.id, worker, real_now, slack)
            if held is None:
                self._paces.pop(each.id, None)
                return Claims()
            pace = self._pace_of(held)
            room = self._room(held, min(BATCH, pace.turns()), real_now)
            claims = claim(session, held, room, self._voices.is_ready) if room.any else Claims()
            for _ in claims.claimed:
                pace.take()
            self._noted[held.id] = held.next_turn_at = _instant(pace.next_turn())
        return claims

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
        """
        with self._asked:
            idle, asking = SENDERS - self._asking.total(), self._asking[held.id]
        if held.rests:
            turns = min(turns, 1 - asking)
        turns = max(0, turns)
        if line.is_resting(held, real_now):
            return Room(min(turns, idle), 0)
        return Room(min(turns, idle), min(turns, max(0, idle - SENDERS_FOR_ALERTS)))

    def _answered(self, order: Claimed, asking: Future[None]) -> None:
        """What could not be recorded is found by the sweep; here it is only said."""
        with self._asked:
            was_full = self._asking.total() >= SENDERS - SENDERS_FOR_ALERTS
            self._asking[order.line_id] -= 1
        if was_full:
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


class _Voices:
    """Makes the sounds of calls that wait, routine ones apart from alerts."""

    def __init__(self) -> None:
        self._makers = {urgency: ThreadPoolExecutor(MOUTHS, thread_name_prefix="voicing") for urgency in Urgency}
        self._made: dict[UUID, _Making] = {}

    def is_ready(self, call: Call, dialogue: Dialogue) -> bool:
        """A routine call waits until everything it may say has a sound; an alert rings while that is made.

        It waits for ``VOICE_WITHIN_SECONDS`` at most, and not at all for a voice that was silent when last asked: then
        the provider's speaks, and ours is tried beside that.
        """
        overlay = calls.overlay_of(call)
        if station().speaker.is_ready(dialogue, overlay):
            self._made.pop(call.id, None)
            return True
        making = self._made.get(call.id) or self._begin(call, dialogue, overlay)
        if band(call.urgency) is Urgency.ALERT or making.result.done() or prerender.own_voice.is_silent:
            return True
        quiet = station().speaker.seconds_quiet()
        if monotonic() - making.since <= VOICE_WITHIN_SECONDS:
            return False
        log.warning("call %s does not wait any longer for our own voice", call.id)
        if quiet > VOICE_WITHIN_SECONDS:
            prerender.own_voice.failed(f"no sound within {VOICE_WITHIN_SECONDS:.0f} s")
        return True

    def close(self) -> None:
        """Makes no more sounds."""
        for maker in self._makers.values():
            maker.shutdown(cancel_futures=True)

    def _begin(self, call: Call, dialogue: Dialogue, overlay: Overlay) -> "_Making":
        self._made = {call_id: each for call_id, each in self._made.items() if not each.is_forgotten}
        maker = self._makers[band(call.urgency)]
        self._made[call.id] = making = _Making(maker.submit(self._make, dialogue, overlay), monotonic())
        return making

    def _make(self, dialogue: Dialogue, overlay: Overlay) -> None:
        prerender.prepare(dialogue, overlay)
        wake_now(calls.DIALLING)


@dataclass(frozen=True)
class _Making:
    """The sounds of one call, asked for at ``since`` (monotonic)."""

    result: Future[None]
    since: float

    @property
    def is_forgotten(self) -> bool:
        """Whether its call has long been placed."""
        return self.result.done() and monotonic() - self.since > FORGOTTEN_SECONDS


def _instant(turn: float) -> datetime:
    """The real instant of a monotonic one."""
    return clock.real_now() + timedelta(seconds=turn - monotonic())
