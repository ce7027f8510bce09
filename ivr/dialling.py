"""Dialling: claims due calls in order of urgency and asks the provider for them, at the line's pace.

1. hold the line's lease; 2. claim what is due and still wanted: ``dialling`` is committed before anything is sent;
3. ask the provider outside any transaction; 4. record its answer.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.database import reading, unit_of_work
from core.wakeups import wake_now
from ivr import calls, line, queries, seam
from ivr.dialogue import Dialogue
from ivr.models import Call, CallState, Ending, Line, Urgency
from ivr.station import station
from ivr.telephony import CallOrder, RefusedForGoodError, RefusedForNowError, UncertainError

log = logging.getLogger(__name__)

SENDERS = 24
BATCH = 10
LOOK_AHEAD = 20
"""Due calls looked at for one claim; those whose prompts have no sound yet are passed over."""
REQUEST_MARGIN = timedelta(seconds=15)
"""A request ends within its timeout (10 s); only this long after its claim can a call count as "not placed"."""
BACK_OFF_SECONDS = 5.0


@dataclass(frozen=True)
class Claimed:
    """A call that this worker has committed to dial on a line."""

    call_id: UUID
    to: str
    from_: str
    ring_seconds: int
    lease_until: datetime
    dialogue: Dialogue
    machine_detection: bool


class Dialler:
    """This process's hand at every line. ``dial`` returns when nothing more can be dialled now."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._again = threading.Event()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="dial")
        self._voicing = {urgency: ThreadPoolExecutor(1, thread_name_prefix="voicing") for urgency in Urgency}
        self._being_voiced: dict[UUID, Future[object]] = {}
        self._paces: dict[UUID, line.Pace] = {}

    def dial(self) -> datetime | None:
        """Dials whatever is due on every line; returns when the next queued call is due.

        A wake-up that comes while another thread dials makes that thread look once more.
        """
        self._again.set()
        while self._again.is_set() and self._turn.acquire(blocking=False):
            try:
                self._again.clear()
                with reading() as session:
                    lines = queries.lines(session)
                for each in lines:
                    self._dial_on(each)
            finally:
                self._turn.release()
        with reading() as session:
            return queries.next_due(session)

    def close(self) -> None:
        """Lets requests under way finish."""
        self._senders.shutdown()
        for voicing in self._voicing.values():
            voicing.shutdown(cancel_futures=True)

    def _dial_on(self, each: Line) -> None:
        """Claims only what may leave at once, so that an alert never waits behind routine calls already claimed."""
        pace = self._paces.setdefault(each.id, line.Pace(each.calls_per_second))
        while claimed := self._claim(each, min(BATCH, pace.wait_for_turns())):
            for order in claimed:
                pace.take()
                self._senders.submit(self._place, order).add_done_callback(_report_failure)

    def _claim(self, each: Line, turns: int) -> Sequence[Claimed]:
        with unit_of_work() as session:
            real_now = clock.real_now()
            if not line.lease(session, each.id, station().worker, real_now):
                return ()
            in_use = queries.calls_in_use(session, each.id)
            alerts = self._claim_due(session, each, real_now, in_use, turns, Urgency.ALERT)
            in_use, turns = in_use + len(alerts), turns - len(alerts)
            return [*alerts, *self._claim_due(session, each, real_now, in_use, turns, Urgency.ROUTINE)]

    def _claim_due(
        self, session: Session, each: Line, real_now: datetime, in_use: int, turns: int, urgency: Urgency
    ) -> Sequence[Claimed]:
        limit = min(turns, line.places(each.calls_at_once, in_use, urgency))
        claimed: list[Claimed] = []
        for call in queries.due_calls(session, clock.now(), LOOK_AHEAD, urgency) if limit else ():
            if len(claimed) == limit:
                break
            dialogue = calls.dialogue_of(call)
            if call.not_after <= clock.now() or not seam.owner_of(call).still_wanted(session, call):
                calls.end(session, call.id, Ending.NOT_WANTED)
            elif self._is_voiced(call, dialogue):
                claimed.append(_committed(call, each, real_now, dialogue))
        session.flush()
        return claimed

    def _is_voiced(self, call: Call, dialogue: Dialogue) -> bool:
        """A routine call waits until everything it may say has a sound; an alert rings while that is made."""
        if station().speaker.is_ready(dialogue):
            self._being_voiced.pop(call.id, None)
            return True
        if call.id not in self._being_voiced:
            self._being_voiced[call.id] = self._voicing[Urgency(call.urgency)].submit(self._voice, dialogue)
        return call.urgency == Urgency.ALERT or self._being_voiced[call.id].done()

    def _voice(self, dialogue: Dialogue) -> None:
        for failure in station().speaker.prepare(dialogue):
            log.warning("the provider's voice will say it: %s", failure)
        wake_now(calls.DIALLING)

    def _place(self, order: Claimed) -> None:
        if clock.real_now() > order.lease_until - line.LEASE_MARGIN:
            _record(lambda session: calls.give_back(session, order.call_id, clock.now()))
            return
        try:
            provider_id = station().telephony.place(_request(order))
        except RefusedForGoodError as refusal:
            code = refusal.code
            _record(lambda session: calls.end(session, order.call_id, Ending.REFUSED, refusal_code=code))
        except RefusedForNowError:
            later = clock.now() + timedelta(seconds=BACK_OFF_SECONDS * clock.anchor().speed)
            _record(lambda session: calls.give_back(session, order.call_id, later))
        except UncertainError as doubt:
            log.warning("call %s may or may not have been placed: %s", order.call_id, doubt)
        else:
            self._placed(order, provider_id)

    def _placed(self, order: Claimed, provider_id: str) -> None:
        """A call that has ended for us while it was being placed (its resident rang us) is hung up at once."""
        with unit_of_work() as session:
            wanted = _adopted(session, order.call_id, provider_id)
        if not wanted:
            with suppress(RefusedForNowError, UncertainError):  # the sweep ends it otherwise
                station().telephony.cancel(provider_id)


def _committed(call: Call, each: Line, real_now: datetime, dialogue: Dialogue) -> Claimed:
    call.state = CallState.DIALLING
    call.line_id = each.id
    call.worker = station().worker
    call.request_deadline = real_now + REQUEST_MARGIN
    call.dialled_at = clock.now()
    call.overdue_at = calls.overdue_instant(call.ring_seconds)
    return Claimed(call.id, call.number, each.number, call.ring_seconds, real_now + line.LEASE, dialogue,
                   call.machine_detection)  # fmt: skip


def _request(order: Claimed) -> CallOrder:
    address = f"/telephony/calls/{order.call_id}"
    return CallOrder(
        to=order.to,
        from_=order.from_,
        ring_seconds=order.ring_seconds,
        answer_url=station().url(f"{address}/turns/0"),
        status_url=station().url(f"{address}/status"),
        machine_url=station().url(f"{address}/machine") if order.machine_detection else None,
    )


def _adopted(session: Session, call_id: UUID, provider_id: str) -> bool:
    """Whether the provider's call is the one we want; a callback may have adopted it, or reported its end, before."""
    call = session.get_one(Call, call_id)
    if not calls.adopt(session, call, provider_id):
        log.error("the provider placed call %s twice: %s and %s", call_id, call.provider_id, provider_id)
        return False
    return call.state != CallState.ENDED or call.ending != Ending.WITHDRAWN


def _report_failure(placing: Future[None]) -> None:
    """What could not be recorded is found by the sweep; here it is only said."""
    if failure := placing.exception():
        log.error("a call could not be placed or recorded", exc_info=failure)


def _record(fact: Callable[[Session], object]) -> None:
    with unit_of_work() as session:
        fact(session)
