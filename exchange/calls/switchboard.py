"""The switchboard: carries calls from their request to their end, in both directions."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from exchange.calls.bridging import leg_of
from exchange.calls.calls import WITHHELD, Call, CallStatus, Detection, EndedBy, Orders, Progress, Register
from exchange.calls.conversation import Conversation, Surroundings
from exchange.calls.detecting import found
from exchange.calls.reporting import Account, Reporter
from exchange.calls.ringing import Bell, Reply
from exchange.errors import TelephoneInUseError
from exchange.log import Direction
from exchange.messages import By, Ended
from exchange.parties.browser import Holder
from exchange.parties.browser_telephones import Lines
from exchange.parties.directory import Directory, Telephones
from exchange.parties.person import Handset, Party, Person, party
from exchange.subscribers import CallBack, Pick, Reception, Response
from exchange.tasks import Tasks
from exchange.tempo import Pace
from exchange.twiml.verbs import Dial
from exchange.webhooks.callbacks import Kind, Webhook

_TURNED_AWAY = {Pick.BUSY: CallStatus.BUSY, Pick.FAIL: CallStatus.FAILED}


class Switchboard:
    """All calls of the exchange. A call ends exactly once, through ``end``."""

    def __init__(
        self, account: Account, around: Surroundings, directory: Directory, lines: Lines, pace: Pace, tasks: Tasks
    ) -> None:
        self._account = account
        self._around = around
        self._directory = directory
        self._lines = lines
        self._bell = Bell(around.tempo, directory, lines)
        self._pace = pace
        self._tasks = tasks
        self._reporter = Reporter(account, around.callbacks)
        self._telephones = Telephones()
        self._current: dict[str, Call] = {}
        self._conversations: dict[str, Conversation] = {}
        self.register = Register()

    def place(self, to: str, from_: str, orders: Orders) -> Call:
        """Queues a call from the service to ``to``."""
        call = Call(Direction.OUT, to, from_, orders, CallStatus.QUEUED)
        self.register.add(call)
        self._write(call, "call.requested", **{"to": to, "from": from_, "url": orders.voice and orders.voice.url})
        call.tasks.start(self._carry_out(call))
        return call

    def dial(self, from_: str | None, responses: Sequence[Response], to: str | None = None) -> Call:
        """A subscriber (None: number withheld) rings a number of the service (None: the first) now.

        Raises ``TelephoneInUseError``.
        """
        if from_ is not None and not self._telephones.take(from_):
            raise TelephoneInUseError(f"the telephone of {from_} is in another call")
        return self._ring_the_service(from_, responses, to or self._account.numbers[0])

    def current(self, number: str) -> Call | None:
        """The call that a subscriber's telephone is in, ringing included."""
        return self._current.get(number)

    def redirect(self, call: Call, voice: Webhook) -> None:
        """A call in progress goes on with what ``voice`` says, whatever is being said, recorded or asked in it now."""
        self._write(call, "call.redirected", url=voice.url)
        self._conversations[call.sid].redirect(voice)

    def end(self, call: Call, status: CallStatus, by: EndedBy) -> None:
        """Ends a call, whatever it is doing, frees the telephone and reports; a call that has ended stays as it is."""
        if call.status.is_final:
            return
        if call.leg is not None:
            self._end_leg(call.leg, by)
        call.status, call.ended_at = status, datetime.now(UTC)
        call.duration = self._seconds_talked(call)
        self._write(call, "call.ended", status=status, by=by, seconds=call.duration)
        call.tasks.cancel()
        call.settled.set()
        call.over.set()
        self._reporter.progress(call, Progress.COMPLETED)
        if call.number is not None and call.on_telephone:
            self._free(call, call.number, by)

    def _free(self, call: Call, number: str, by: EndedBy) -> None:
        del self._current[number]
        self._telephones.release(number)
        if line := self._lines.find(number):
            line.ended(Ended(call.status, by))
        if call.then_call is not None:
            self._tasks.start(self._call_back(number, call.then_call))

    async def _carry_out(self, call: Call) -> None:
        await self._pace.turn()
        await self._reach(call)

    async def _reach(self, call: Call) -> None:
        call.started_at = datetime.now(UTC)
        self._reporter.progress(call, Progress.INITIATED)
        call.on_telephone = self._telephones.take(call.to)
        if not call.on_telephone:
            self._write(call, "call.busy", why="in another call")
            self.end(call, CallStatus.BUSY, EndedBy.NETWORK)
            return
        self._current[call.to] = call
        reception = self._bell.reception(call)
        call.then_call = reception.then_call
        if reception.pick in _TURNED_AWAY:
            await self._turn_away(call, reception)
        else:
            await self._ring(call, reception)

    async def _connect(self, parent: Call, dial: Dial, party: Party, handset: Handset) -> Call:
        """Carries out a Dial: another subscriber is rung and connected with the one of ``parent``; the call it made."""
        leg = parent.leg = leg_of(parent, dial, self._account.numbers)
        self.register.add(leg)
        about = {"to": leg.to, "from": leg.from_, "url": leg.orders.voice and leg.orders.voice.url}
        self._write(leg, "call.dialled", parent=parent.sid, **about)
        party.waits()
        leg.tasks.start(self._reach_by_dial(leg))
        try:
            await leg.settled.wait()
            if leg.is_bridged:
                party.connected(handset, self._bell.behind(leg, leg))
                await self._talk_for(leg, dial.talk_seconds)
        except asyncio.CancelledError:  # the parent has ended, or goes on with something else
            self._end_leg(leg, EndedBy.SERVICE)
            raise
        party.parted()
        return leg

    def _end_leg(self, leg: Call, by: EndedBy) -> None:
        self.end(leg, CallStatus.COMPLETED if leg.answered_at else CallStatus.CANCELED, by)

    async def _reach_by_dial(self, leg: Call) -> None:
        """What would be refused over REST ends a Dial as failed."""
        callee = self._directory.find(leg.to)
        if callee is not None and callee.refuse is not None:
            self._write(leg, "call.refused", code=callee.refuse)
            self.end(leg, CallStatus.FAILED, EndedBy.NETWORK)
        else:
            await self._reach(leg)

    async def _talk_for(self, leg: Call, seconds: float) -> None:
        try:
            async with self._around.tempo.timeout(seconds):
                await leg.over.wait()
        except TimeoutError:
            self.end(leg, CallStatus.COMPLETED, EndedBy.NETWORK)

    async def _let_through(self, leg: Call, parent: Call, conversation: Conversation) -> None:
        """The leg's subscriber has heard the whisper: both hear each other until either call ends."""
        leg.is_bridged = True
        self._write(leg, "call.bridged", parent=parent.sid)
        conversation.connected(self._bell.behind(leg, parent))
        leg.settled.set()
        await leg.over.wait()

    async def _turn_away(self, call: Call, reception: Reception) -> None:
        await self._around.tempo.sleep(reception.after)
        if reception.pick is Pick.BUSY:
            self._write(call, "call.busy", why="script")
        self.end(call, _TURNED_AWAY[reception.pick], EndedBy.NETWORK)

    async def _ring(self, call: Call, reception: Reception) -> None:
        call.status = CallStatus.RINGING
        self._write(call, "call.ringing")
        self._reporter.progress(call, Progress.RINGING)
        try:
            reply = await self._bell.ring(call, reception)
        except TimeoutError:
            self.end(call, CallStatus.NO_ANSWER, EndedBy.NETWORK)
            return
        call.then_call = reply.reception.then_call
        if reply.reception.pick is Pick.BUSY:
            self._write(call, "call.busy", why="declined", by=By.BROWSER)
            self.end(call, CallStatus.BUSY, EndedBy.SUBSCRIBER)
        else:
            await self._talk(call, reply)

    async def _talk(self, call: Call, reply: Reply) -> None:
        is_machine = reply.reception.pick is Pick.MACHINE
        self._answer(call, By.BROWSER if reply.in_browser else "machine" if is_machine else "human")
        reception = reply.reception
        if call.orders.detection is not None:
            listening = call.tasks.start(self._detect(call, call.orders.detection, reception))
            if not call.orders.detection.is_async:
                heard = await listening
                reception = replace(reception, say_seconds=max(0.0, reception.say_seconds - heard))
        await self._converse(call, party(reception, self._around.tempo, call.tasks), Kind.VOICE)

    async def _detect(self, call: Call, detection: Detection, reception: Reception) -> float:
        """Finds out who picked up; returns how long the line was listened to."""
        by, seconds = found(detection, reception)
        await self._around.tempo.sleep(seconds)
        call.answered_by = by
        self._reporter.detected(call, by, seconds)
        return seconds

    async def _call_back(self, number: str, then_call: CallBack) -> None:
        await self._around.tempo.sleep(then_call.after)
        await self._telephones.wait_for(number)
        self._ring_the_service(number, then_call.responses, self._account.numbers[0])

    def _ring_the_service(self, from_: str | None, responses: Sequence[Response], to: str) -> Call:
        """An inbound call; the caller's telephone is already taken into use."""
        account = self._account
        orders = Orders(Webhook(account.voice_url), status=Webhook(account.status_url))
        call = Call(Direction.IN, to, from_ or WITHHELD, orders, CallStatus.RINGING)
        call.started_at, call.on_telephone = call.created_at, from_ is not None
        if from_ is not None:
            self._current[from_] = call
        self.register.add(call)
        self._write(call, "call.inbound", by=By.BROWSER if self._lines.find(from_) else By.SCRIPT)
        caller = Person(responses, Reception.say_seconds, self._around.tempo, call.tasks)
        call.tasks.start(self._converse(call, caller, Kind.INBOUND))
        return call

    async def _converse(self, call: Call, script: Party, first: Kind) -> None:
        conversation = Conversation(
            call,
            Holder(script, call.number, self._bell.other(call), self._lines),
            self._around,
            params=lambda: self._reporter.params(call),
            answer=lambda: self._answer(call, "service"),
            hang_up=lambda: self._hang_up(call),
            connect=lambda dial, party, handset: self._connect(call, dial, party, handset),
        )
        self._conversations[call.sid] = conversation
        try:
            async with self._around.tempo.timeout(call.orders.longest_seconds):
                ending = await conversation.run(first)
                if call.parent is not None and ending.is_open:
                    await self._let_through(call, call.parent, conversation)
        except TimeoutError:
            self.end(call, CallStatus.COMPLETED, EndedBy.NETWORK)
        else:
            self.end(call, ending.status, ending.by)
        finally:
            del self._conversations[call.sid]

    def _hang_up(self, call: Call) -> None:
        was_answered = call.status is CallStatus.IN_PROGRESS
        self.end(call, CallStatus.COMPLETED if was_answered else CallStatus.NO_ANSWER, EndedBy.SUBSCRIBER)

    def _answer(self, call: Call, by: str) -> None:
        call.status, call.answered_at = CallStatus.IN_PROGRESS, datetime.now(UTC)
        call.answered_after = self._around.tempo.now()
        self._write(call, "call.answered", by=by)
        self._reporter.progress(call, Progress.ANSWERED)

    def _seconds_talked(self, call: Call) -> int:
        """People's seconds from the answer to now."""
        return 0 if call.answered_after is None else round(self._around.tempo.now() - call.answered_after)

    def _write(self, call: Call, event: str, **fields: object) -> None:
        self._around.log.write(event, call.subject, **fields)
