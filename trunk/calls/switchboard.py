"""The switchboard: calls are placed, followed, ended and told of."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from trunk.calls.bridging import Bridging
from trunk.calls.conversation import NOTHING, Around, Conversation, Question
from trunk.calls.live import Live
from trunk.calls.machines import MachineEar
from trunk.calls.records import Direction, Kept, Order, Record
from trunk.calls.replies import Connect, Reply
from trunk.calls.service import RefusedError, UnansweredError
from trunk.calls.waiting import first_of
from trunk.routing.figures import ANSWERED, RINGING, Figures
from trunk.routing.routes import NotNowError, NotOursError, Route, Routes
from trunk.sip.engine import Engine, EngineError
from trunk.sip.line import Line
from trunk.sip.outcomes import Outcome, outcome_of
from trunk.sip.peering import Peer
from trunk.sound.handset import Handset, Pump

log = logging.getLogger(__name__)
END_WITHIN_SECONDS = 3.0
"""How long the far side is waited for to confirm an end before the call is over for us."""
FIRST_RESPONSE_SECONDS = 4.0
"""A peer that has the INVITE says at once that it tries (RFC 3261, 17.2.1: within 200 ms), and four repetitions of one
that was lost have left by then. The engine itself waits for 32 s (Timer B), longer than most telephones ring."""
LEG_WAIT_SECONDS = 20.0
"""Whoever is to be connected is on the telephone, and nobody asks for it again."""
NO_RESPONSE = "no response to the INVITE"
LAST_SOUND_SECONDS = 0.2
"""What was sent last is still on its way."""


@dataclass(frozen=True)
class Limits:
    """Our numbers, and how many calls there may be at once, whoever carries them."""

    callers: tuple[str, ...]
    calls_at_once: int


class Switchboard:
    """Every call under way, by its id."""

    def __init__(self, engine: Engine, around: Around, pump: Pump, routes: Routes, limits: Limits) -> None:
        self._engine, self._around, self._pump = engine, around, pump
        self._routes, self._limits = routes, limits
        self._live: dict[str, Live] = {}
        self.figures = Figures()

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
        route = await self._admitted(order)
        record, is_new = self._around.registry.order(call_id, order)
        if not is_new:
            return record, False
        if (live := await self._dialled(record, route)) is not None:
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

    def takes(self, record: Record, line: Line, route: Route | None = None) -> Live:
        """The call is under way from now on."""
        live = self._live[record.id] = Live(record, route, line, Handset(line))
        line.on_early_sound = lambda: self._listen(live)
        if line.has_early_sound:
            self._listen(live)
        return live

    async def come_in(self, record: Record, line: Line, first: Reply) -> None:
        """A call that somebody makes to us, which begins with what ``first`` says."""
        live = self.takes(record, line)
        self._engine.follow(line, partial(self._around.registry.has_dialog, record.id))
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

    async def _admitted(self, order: Order) -> Route:
        if order.from_ not in self._limits.callers:
            raise NotOursError(f"{order.from_} is no number of ours")
        route = await self._routes.first_soon(order.from_)
        if len(self._live) >= self._limits.calls_at_once:
            raise NotNowError(f"there are {len(self._live)} calls already", 1.0)
        return route

    async def _dialled(self, record: Record, route: Route) -> Live | None:
        """None where nothing has left by any peer: the call has ended then."""
        failure = ""
        next_one: Route | None = route
        while next_one is not None:
            self._around.registry.carried_by(record.id, next_one.peer.proxy)
            next_one.pace.begun()
            next_one.calls += 1
            try:
                dialled, from_ = numbers_for(next_one.peer, record.order)
                keep = partial(self._around.registry.has_dialog, record.id)
                line = await self._engine.dial(next_one.peer, dialled, from_, session_of(record.id), keep)
            except EngineError as why:
                log.error("call %s could not be dialled by %s: %s", record.id, next_one.peer.proxy, why)
                next_one.gateway.fails()
                next_one.calls -= 1
                next_one, failure = self._routes.after(next_one, record.order.from_), str(why)
            else:
                return self.takes(record, line, next_one)
        self._around.registry.ended(record.id, Outcome.NETWORK, failure)
        return None

    async def _follow(self, live: Live) -> None:
        """From the first ringing to the report of the end."""
        try:
            await self._ring(live)
            while (elsewhere := await self._elsewhere(live)) is not None:
                live = elsewhere
                await self._ring(live)
            if live.line.is_answered:
                await self._talk(live)
        finally:
            await self._finish(live)

    async def _elsewhere(self, live: Live) -> Live | None:
        """The same call by the next peer, where this one could not carry it and no telephone has rung for it."""
        if not self._failed_unheard(live) or live.route is None or self._live.get(live.record.id) is not live:
            return None
        if (route := self._routes.after(live.route, live.record.order.from_)) is None:
            return None
        live.route.gateway.fails()
        log.warning("call %s is carried on by %s: %s", live.record.id, route.peer.proxy, _reason(live))
        live.route.calls -= 1
        live.route = None
        again = await self._dialled(live.record, route)
        if again is not None:
            again.bridging, again.intended = live.bridging, live.intended
            if live.intended is not None:  # it was ended meanwhile
                await self._closed(again)
        return again

    def _failed_unheard(self, live: Live) -> bool:
        line = live.line
        if live.intended is not None or line.is_answered or not line.is_closed or line.rung:
            return False
        return live.is_unanswered or outcome_of(line.closed.result(), rung=False) is Outcome.NETWORK

    def _listen(self, live: Live) -> None:
        """To what the network says instead of an answer."""
        if not live.was_answered and live.announcement not in live.handset.listeners:
            live.handset.listeners.append(live.announcement)
            self._pump.add(live.handset)

    async def _ring(self, live: Live) -> None:
        line, seconds = live.line, live.record.order.ring_seconds
        await first_of(line.responded, line.closed, seconds=min(FIRST_RESPONSE_SECONDS, seconds))
        if not (line.responded.done() or line.is_closed):
            live.is_unanswered = True
            await self._closed(live)
            return
        waited = asyncio.get_running_loop().time() - line.begun_at
        await first_of(line.answered, line.closed, seconds=max(0.0, seconds - waited))
        self._count(live)
        if not (line.is_answered or line.is_closed):
            live.intended = live.intended or Outcome.NO_ANSWER
            await self._closed(live)

    def _count(self, live: Live) -> None:
        if live.route is None:
            return
        proxy, line = live.route.peer.proxy, live.line
        for name, at in ((RINGING, line.rung_at), (ANSWERED, line.answered_at)):
            if at is not None:
                self.figures.observe(name, proxy, at - line.begun_at)

    async def _talk(self, live: Live, first: Reply | None = None) -> None:
        record = live.record
        live.was_answered = True
        if live.announcement in live.handset.listeners:
            live.handset.listeners.remove(live.announcement)
        if live.route is not None:
            live.route.gateway.works()
        self._around.registry.answered(record.id)
        self._pump.add(live.handset)
        if machine_url := record.order.machine_url:
            MachineEar(live.handset, lambda: self._heard_machine(record.id, machine_url))
        party = record.order.from_ if record.order.direction is Direction.IN else record.order.to

        async def connect(order: Connect, handset: Handset) -> Mapping[str, Any]:
            return await self._connect(record, order, handset)

        live.conversation = Conversation(record, party, live.handset, self._around, connect, live.bridge())
        await live.conversation.run(Question(record.order.answer_url, NOTHING), first)
        await first_of(live.line.closed, seconds=LAST_SOUND_SECONDS)

    async def _connect(self, parent: Record, order: Connect, waiting: Handset) -> Mapping[str, Any]:
        """Somebody else is rung and connected with whoever waits: how that call ended, and whether they talked."""
        record, is_new = self._around.registry.order(order.leg, leg_order(parent, order))
        bridging = Bridging(waiting, order.talk_seconds)
        live = await self._leg(record) if is_new else None
        if live is not None:
            live.bridging = bridging
            try:
                await bridging.while_ringing(self._around.tasks.start(self._follow(live)))
            finally:
                await self.hang_up(record.id)
        return {"leg": order.leg, "leg_outcome": self._known(order.leg).outcome, "talked": bridging.talked}

    async def _leg(self, record: Record) -> Live | None:
        """None where nobody carries it now: it has ended then."""
        try:
            return await self._dialled(record, await self._routes.first_soon(record.order.from_, LEG_WAIT_SECONDS))
        except (NotNowError, NotOursError) as refusal:
            self._around.registry.ended(record.id, Outcome.NETWORK, str(refusal))
            return None

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
        if live.route is not None:
            live.route.calls -= 1
        reason = _reason(live) if live.line.is_closed and live.intended is None else ""
        outcome = self._outcome(live, reason)
        record = self._around.registry.ended(live.record.id, outcome, reason, self._announced(live))
        self.report(record)

    def _announced(self, live: Live) -> Kept | None:
        """What was said before the far side gave up; where it is we who do, it was music, or nothing of importance."""
        if live.was_answered or live.intended is not None or not (words := live.announcement.kept()):
            return None
        return self._around.recordings.keep(words)

    def _outcome(self, live: Live, reason: str) -> Outcome:
        if live.was_answered:
            return Outcome.COMPLETED
        if live.intended is not None:
            return live.intended
        outcome = Outcome.NETWORK if live.is_unanswered else outcome_of(reason, rung=live.line.rung)
        if live.route is not None:
            (live.route.gateway.fails if outcome is Outcome.NETWORK else live.route.gateway.works)()
        return outcome

    def report(self, record: Record) -> None:
        """Tells how a call has ended."""
        told = {"call": record.id, **record.end_told()}
        self._around.tasks.start(self._reported(record.order.status_url, told))

    def _heard_machine(self, call_id: str, url: str) -> None:
        """A machine has answered, has finished its greeting, and takes a message."""
        self._around.registry.heard_machine(call_id)
        self._around.tasks.start(self._reported(url, {"call": call_id, "machine": True, "listening": True}))

    async def _reported(self, url: str, told: Mapping[str, Any]) -> None:
        try:
            await self._around.service.tell(url, told)
        except (RefusedError, UnansweredError) as failure:
            log.warning("the service could not be told of call %s at %s: %s", told["call"], url, failure)

    def _known(self, call_id: str) -> Record:
        record = self._around.registry.find(call_id)
        assert record is not None
        return record


def _reason(live: Live) -> str:
    return NO_RESPONSE if live.is_unanswered else live.line.closed.result()


def numbers_for(peer: Peer, order: Order) -> tuple[str, str]:
    """What this peer is told: the number to be rung, and ours."""
    return (order.to if peer.dials_e164 else order.dialled), peer.caller_for(order.from_)


def session_of(call_id: str) -> str:
    """The ``Session-ID`` of a call (RFC 7989), nothing known of the other side: its own id where that is a UUID."""
    try:
        known = UUID(call_id)
    except ValueError:
        known = uuid5(NAMESPACE_URL, call_id)
    return f"{known.hex};remote={'0' * 32}"


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
