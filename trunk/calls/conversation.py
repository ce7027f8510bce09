"""A conversation: one party hears what the service says, and the service what comes from them.

A key that was pressed is told to the service also when the call ends in the same moment, and when no service is there
just then: it is told again until one is, while the party hears that it takes a moment, as it does while a sound is
awaited. One that is pressed while nothing is asked, because the service still works out its answer, say, waits for the
next question; what was typed before a message is recorded, or two people are connected, answers nothing that is asked
afterwards.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from trunk.calls.gather import FINISH, Gather
from trunk.calls.keys import Keys
from trunk.calls.recordings import Recordings
from trunk.calls.records import Asked, Direction, Record
from trunk.calls.registry import Registry
from trunk.calls.replies import Ask, Bridge, Connect, End, GoOn, Heard, Reply
from trunk.calls.replies import Tape as TapeOrder
from trunk.calls.service import RefusedError, Service, UnansweredError
from trunk.calls.waiting import first_of
from trunk.sound.handset import Handset
from trunk.sound.tape import Tape
from trunk.sound.tones import beep, patience
from trunk.tasks import Tasks

log = logging.getLogger(__name__)
HURRY_SECONDS = 1.5
"""After so long without an answer the party hears that it takes a moment."""
Told = Mapping[str, Any]
NOTHING: Told = {"keys": ""}
_T = TypeVar("_T")


class CallOverError(Exception):
    """Nobody listens any more."""


@dataclass(frozen=True)
class Question:
    """What the service is told, and where; it answers with what comes next."""

    url: str
    told: Told


@dataclass(frozen=True)
class Around:
    """What a conversation needs of the trunk."""

    service: Service
    registry: Registry
    recordings: Recordings
    tasks: Tasks


class Conversation:
    """The conversation of the call ``record``. ``connect`` rings somebody else and connects them; what came of it."""

    def __init__(
        self,
        record: Record,
        party: str,
        handset: Handset,
        around: Around,
        connect: Callable[[Connect, Handset], Awaitable[Told]],
        bridge: Callable[[], Awaitable[None]],
    ) -> None:
        self._record, self._party, self._handset, self._around = record, party, handset, around
        self._connect, self._bridge = connect, bridge
        self._course: asyncio.Task[None] | None = None
        self._redirected: str | None = None
        self._keys = Keys()
        handset.on_key = self._keys.press

    async def run(self, question: Question, first: Reply | None = None) -> None:
        """Until nothing more is said, or the call is over; ``first`` is an answer that is there already."""
        while True:
            self._course = self._around.tasks.start(self._follow(question, first))
            await asyncio.wait({self._course})
            if self._redirected is None:
                return self._course.result()
            question, first, self._redirected = Question(self._redirected, NOTHING), None, None
            self._keys.forget()

    def redirect(self, url: str) -> None:
        """Leaves everything and goes on with what ``url`` says."""
        self._redirected = url
        if self._course is not None:
            self._course.cancel()

    async def _follow(self, question: Question | None, reply: Reply | None) -> None:
        try:
            while question is not None:
                question = await self._turn(question, reply)
                reply = None
        except CallOverError:
            return
        except (RefusedError, UnansweredError) as failure:
            log.error("call %s cannot go on: %s", self._record.id, failure)

    async def _turn(self, question: Question, reply: Reply | None) -> Question | None:
        """What the service says, carried out; where that fails it is asked at its fallback address what to say."""
        try:
            return await self._carry_out(reply or await self._answer(question.url, question.told))
        except RefusedError as failure:
            log.error("call %s: %s", self._record.id, failure)
            told = {**question.told, "failed": question.url, "why": str(failure)}
            return await self._carry_out(await self._answer(self._record.order.fallback_url, told))

    async def _answer(self, url: str, told: Told) -> Reply:
        """The request goes on when the call is over: what was pressed is told in any case.

        So is what was typed ahead by somebody who has hung up since: the answer is waited for, as it may ask for that.
        """
        request = self._around.tasks.start(self._ask(url, told))
        holding = self._around.tasks.start(self._hold())
        try:
            return await self._while_talking(asyncio.shield(request), unless=lambda: self._keys.are_waiting)
        finally:
            holding.cancel()

    async def _ask(self, url: str, told: Told) -> Reply:
        registry, call_id = self._around.registry, self._record.id
        try:
            reply = await self._around.service.reply(
                url, {"call": call_id, "party": self._party, **rung_by(self._record), **told}
            )
        except (RefusedError, UnansweredError):
            registry.asked(call_id, Asked(url, told, was_answered=False))
            raise
        registry.asked(call_id, Asked(url, told, was_answered=True))
        return reply

    async def _hold(self) -> None:
        await asyncio.sleep(HURRY_SECONDS)
        await self._handset.play(patience(), repeats=True)

    async def _carry_out(self, reply: Reply) -> Question | None:
        then = reply.then
        if isinstance(then, Ask):
            return await self._gather(reply.heard, then)
        await self._say(reply.heard)
        match then:
            case TapeOrder():
                return await self._without_keys(self._record_message(then))
            case Connect():
                self._handset.is_past_greeting = True
                told = await self._without_keys(self._while_talking(self._connect(then, self._handset)))
                return Question(then.url, told)
            case Bridge():
                await self._without_keys(self._while_talking(self._bridge()))
            case GoOn():
                return Question(then.url, NOTHING)
            case End():
                return None
        return None

    async def _say(self, heard: Sequence[Heard]) -> None:
        """Everything is fetched at once, and heard in its order."""
        sounds = [self._around.tasks.start(self._around.service.sound(each)) for each in heard]
        for sound in sounds:
            await self._while_talking(self._handset.play(await self._had(sound)))

    async def _had(self, sound: asyncio.Task[bytes]) -> bytes:
        """A sound that is fetched; meanwhile the party hears that it takes a moment."""
        holding = self._around.tasks.start(self._hold())
        try:
            return await self._while_talking(sound)
        finally:
            holding.cancel()
            await asyncio.wait({holding})  # or it would cut off what is said next

    async def _gather(self, heard: Sequence[Heard], ask: Ask) -> Question | None:
        gather = Gather(ask.keys)
        with self._keys.given_to(gather):
            try:
                await self._ask_aloud(heard, gather)
                await self._while_talking(gather.wait(ask.seconds), unless=lambda: gather.is_complete)
            except CallOverError:
                if not gather.is_complete:
                    raise
        if not gather.keys and not ask.also_silence:
            return None
        return Question(ask.url, {"keys": gather.keys})

    async def _ask_aloud(self, heard: Sequence[Heard], gather: Gather) -> None:
        """The first key ends the words; one that was pressed before leaves nothing of them to be heard."""
        if gather.has_begun:
            return
        saying, begun = self._around.tasks.start(self._say(heard)), self._around.tasks.start(gather.begun())
        try:
            await first_of(saying, begun)
            if saying.done():
                saying.result()
        finally:
            begun.cancel()
            if not saying.done():
                saying.cancel()
                self._handset.cut()

    async def _without_keys(self, work: Awaitable[_T]) -> _T:
        """What is pressed meanwhile, or was before, answers no later question."""
        try:
            return await work
        finally:
            self._keys.forget()

    async def _record_message(self, order: TapeOrder) -> Question:
        self._handset.is_past_greeting = True
        await self._while_talking(self._handset.play(beep()))
        tape, ended = Tape(order.max_seconds, order.silence_seconds), Gather(1)
        self._handset.on_key = lambda key: ended.press(key) if key == FINISH else None
        self._handset.listeners.append(tape)
        try:
            await self._while_talking(_full(tape, ended))
        finally:
            self._handset.listeners.remove(tape)
            self._handset.on_key = self._keys.press
            told = self._keep(tape, order)
        return Question(order.url, told)

    def _keep(self, tape: Tape, order: TapeOrder) -> Told:
        """What was said until the end of the call is kept and told, too."""
        if not (pcm := tape.kept()):
            return NOTHING
        told = asdict(self._around.recordings.keep(pcm))
        self._around.tasks.start(self._tell(order.status_url, told))
        return told

    async def _tell(self, url: str, told: Told) -> None:
        try:
            await self._around.service.tell(url, {"call": self._record.id, "party": self._party, **told})
        except (RefusedError, UnansweredError) as failure:
            log.error("call %s: a recording could not be told of: %s", self._record.id, failure)

    async def _while_talking(self, work: Awaitable[_T], unless: Callable[[], bool] = lambda: False) -> _T:
        """The result; raises ``CallOverError`` where the call ends before it, ``unless`` that makes no difference."""
        doing = asyncio.ensure_future(work)
        try:
            await first_of(doing, self._handset.line.closed)
            if doing.done() or unless():
                return await doing
            raise CallOverError
        finally:
            if not doing.done():
                doing.cancel()


def rung_by(record: Record) -> Told:
    """Who rings which of our numbers, in a call that comes in: the service may not have kept it yet."""
    if record.order.direction is not Direction.IN:
        return {}
    return {"caller": record.order.from_, "number": record.order.to}


async def _full(tape: Tape, ended: Gather) -> None:
    while not (tape.is_full or ended.is_complete):
        await asyncio.sleep(0.02)
