"""The switchboard: calls are placed, followed, ended and told of."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from trunk.calls.bridging import Bridging
from trunk.calls.conversation import NOTHING, Around, Conversation, Question
from trunk.calls.gateway import Gateway
from trunk.calls.live import Live
from trunk.calls.records import Direction, Order, Record
from trunk.calls.replies import Connect, Reply
from trunk.calls.service import RefusedError, UnansweredError
from trunk.calls.waiting import first_of
from trunk.sip.engine import Engine, EngineError
from trunk.sip.line import Line
from trunk.sip.outcomes import Outcome, outcome_of
from trunk.sound.handset import Handset, Pump

log = logging.getLogger(__name__)
END_WITHIN_SECONDS = 3.0
"""How long the far side is waited for to confirm an end before the call is over for us."""
LAST_SOUND_SECONDS = 0.2
"""What was sent last is still on its way."""


class NotNowError(Exception):
    """Nothing is dialled now; it may be in ``seconds``."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class NotOursError(Exception):
    """Nothing is dialled until an operator mends the settings."""


@dataclass(frozen=True)
class Limits:
    """Our numbers, and how many calls there may be at once."""

    callers: tuple[str, ...]
    calls_at_once: int


class Switchboard:
    """Every call under way, by its id."""

    def __init__(self, engine: Engine, around: Around, pump: Pump, gateway: Gateway, limits: Limits) -> None:
        self._engine, self._around, self._pump = engine, around, pump
        self._gateway, self._limits = gateway, limits
        self._live: dict[str, Live] = {}

    @property
    def under_way(self) -> int:
        """How many calls there are."""
        return len(self._live)

    async def place(self, call_id: str, order: Order) -> tuple[Record, bool]:
        """The call of this id, rung now unless there is one already, ended or not; and whether it is new.

        Raises ``NotNowError`` and ``NotOursError``, where nothing is kept of it.
        """
        if known := self._around.registry.find(call_id):
            return known, False
        self._admit(order)
        record, is_new = self._around.registry.order(call_id, order)
        if not is_new:
            return record, False
        if (live := await self._dialled(record)) is not None:
            self._around.tasks.start(self._follow(live))
        return self._known(call_id), True

    async def cancel(self, call_id: str) -> None:
        """Ends a call that nobody has answered."""
        live = self._live.get(call_id)
        if live is not None and not live.was_answered:
            await self._end(live)

    async def hang_up(self, call_id: str) -> None:
        """Ends a call."""
        if live := self._live.get(call_id):
            await self._end(live)

    def redirect(self, call_id: str, url: str) -> None:
        """A conversation goes on with what ``url`` says."""
        live = self._live.get(call_id)
        if live is not None and live.conversation is not None:
            live.conversation.redirect(url)

    def takes(self, record: Record, line: Line) -> Live:
        """The call is under way from now on."""
        live = self._live[record.id] = Live(record, line, Handset(line))
        line.on_dialog = lambda dialog: self._around.registry.has_dialog(record.id, dialog)
        if line.dialog is not None:
            line.on_dialog(line.dialog)
        return live

    async def come_in(self, record: Record, line: Line, first: Reply) -> None:
        """A call that somebody makes to us, which begins with what ``first`` says."""
        live = self.takes(record, line)
        await line.answer()
        await first_of(line.answered, line.closed, seconds=END_WITHIN_SECONDS)
        try:
            if line.is_answered:
                await self._talk(live, first)
        finally:
            await self._finish(live)

    async def close(self) -> None:
        """Ends every call."""
        await asyncio.gather(*(self._end(live) for live in tuple(self._live.values())))

    def _admit(self, order: Order) -> None:
        if order.from_ not in self._limits.callers:
            raise NotOursError(f"{order.from_} is no number of ours")
        if not self._engine.is_registered:
            raise NotOursError("the telephone company has not registered us")
        if refusal := self._gateway.refusal():
            raise NotNowError(*refusal)
        if len(self._live) >= self._limits.calls_at_once:
            raise NotNowError(f"there are {len(self._live)} calls already", 1.0)

    async def _dialled(self, record: Record) -> Live | None:
        """None where nothing has left: the call has ended then."""
        try:
            line = await self._engine.dial(record.order.dialled, record.order.from_, session_of(record.id))
        except EngineError as failure:
            log.error("call %s could not be dialled: %s", record.id, failure)
            self._gateway.fails()
            self._around.registry.ended(record.id, Outcome.NETWORK, str(failure))
            return None
        return self.takes(record, line)

    async def _follow(self, live: Live) -> None:
        """From the first ringing to the report of the end."""
        try:
            await self._ring(live)
            if live.line.is_answered:
                await self._talk(live)
        finally:
            await self._finish(live)

    async def _ring(self, live: Live) -> None:
        line = live.line
        await first_of(line.answered, line.closed, seconds=live.record.order.ring_seconds)
        if not (line.is_answered or line.is_closed):
            live.intended = live.intended or Outcome.NO_ANSWER
            await self._closed(live)

    async def _talk(self, live: Live, first: Reply | None = None) -> None:
        record = live.record
        live.was_answered = True
        self._gateway.works()
        self._around.registry.answered(record.id)
        self._pump.add(live.handset)
        party = record.order.from_ if record.order.direction is Direction.IN else record.order.to

        async def connect(order: Connect, handset: Handset) -> Mapping[str, Any]:
            return await self._connect(record, order, handset)

        live.conversation = Conversation(record, party, live.handset, self._around, connect, live.bridge)
        await live.conversation.run(Question(record.order.answer_url, NOTHING), first)
        await first_of(live.line.closed, seconds=LAST_SOUND_SECONDS)

    async def _connect(self, parent: Record, order: Connect, waiting: Handset) -> Mapping[str, Any]:
        """Somebody else is rung and connected with whoever waits: how that call ended, and whether they talked."""
        record, is_new = self._around.registry.order(order.leg, leg_order(parent, order))
        bridging = Bridging(waiting, order.talk_seconds)
        live = await self._dialled(record) if is_new else None
        if live is not None:
            live.bridge = bridging.between(live.handset)
            try:
                await bridging.while_ringing(self._around.tasks.start(self._follow(live)))
            finally:
                await self._end(live)
        return {"leg": order.leg, "leg_outcome": self._known(order.leg).outcome, "talked": bridging.talked}

    async def _end(self, live: Live) -> None:
        """It is over for whoever asks when this returns."""
        if not live.was_answered:
            live.intended = live.intended or Outcome.CANCELLED
        await self._closed(live)
        await self._finish(live)

    async def _closed(self, live: Live) -> None:
        if not live.line.is_closed:
            await live.line.hang_up()
            await first_of(live.line.closed, seconds=END_WITHIN_SECONDS)

    async def _finish(self, live: Live) -> None:
        """The call is over, once."""
        if self._live.get(live.record.id) is not live:
            return
        await self._closed(live)
        if self._live.pop(live.record.id, None) is None:
            return
        reason = live.line.closed.result() if live.line.is_closed else ""
        outcome = self._outcome(live, reason)
        record = self._around.registry.ended(live.record.id, outcome, reason)
        self.report(record)

    def _outcome(self, live: Live, reason: str) -> Outcome:
        if live.was_answered:
            return Outcome.COMPLETED
        if live.intended is not None:
            return live.intended
        outcome = outcome_of(reason, rung=live.line.rung)
        if live.record.order.direction is not Direction.IN:
            (self._gateway.fails if outcome is Outcome.NETWORK else self._gateway.works)()
        return outcome

    def report(self, record: Record) -> None:
        """Tells how a call has ended."""
        told = {"call": record.id, "outcome": record.outcome, "by_machine": record.by_machine}
        self._around.tasks.start(self._reported(record.order.status_url, told))

    async def _reported(self, url: str, told: Mapping[str, Any]) -> None:
        try:
            await self._around.service.tell(url, told)
        except (RefusedError, UnansweredError) as failure:
            log.warning("the end of call %s could not be told of: %s", told["call"], failure)

    def _known(self, call_id: str) -> Record:
        record = self._around.registry.find(call_id)
        assert record is not None
        return record


def session_of(call_id: str) -> str:
    """The ``Session-ID`` of a call (RFC 7989): its own id where that is a UUID, nothing known of the other side."""
    try:
        return f"{UUID(call_id).hex};remote={'0' * 32}"
    except ValueError:
        return ""


def leg_order(parent: Record, order: Connect) -> Order:
    """The call to whoever is connected: what is said in it is asked of the service as in any other."""
    return Order(
        to=order.number,
        from_=order.from_,
        dialled=order.dialled,
        ring_seconds=order.ring_seconds,
        answer_url=order.whisper_url,
        status_url=order.status_url,
        fallback_url=order.whisper_url,
        direction=Direction.LEG,
        parent=parent.id,
    )
