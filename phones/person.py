"""A person at a SIP telephone, or a machine: follows a script, and knows nothing but what is heard.

Scripts are the exchange's own. Ringing takes ``RINGING`` times as long as they say; everything after picking up takes
as long as it takes, because sound cannot be hurried.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from exchange.subscribers import Deed, Pick, Reception, Response, Since
from phones.ear import PAUSE_SECONDS
from phones.log import Log
from phones.telephone import By, Telephone

RINGING = 1 / 3
BUSY, NO_LINE, NOT_THERE, NO_ANSWER = 486, 503, 404, 480
NETWORK_RINGS_SECONDS = 26.0
"""So long the network lets it ring; the service may give up before."""
LOOK_SECONDS = 0.04
ASKED_SECONDS = 3.5
"""After words, so much quiet means that somebody waits for a key."""
UNHEARD_SECONDS = 7.0
"""Whoever hears the question again so long after a key presses it again: nobody has heard it."""
TIRED_SECONDS = 30.0
"""Whoever hears nothing at all for so long hangs up."""
MACHINE_LISTENS_SECONDS = 25.0


class Person:
    """Whoever is at ``telephone`` in one call; writes down what happens."""

    def __init__(self, telephone: Telephone, reception: Reception, log: Log) -> None:
        self._telephone, self._reception, self._log = telephone, reception, log
        self._responses: Iterator[Response] = iter(reception.responses)
        self._ear = telephone.ear
        self._heard = 0
        self._answered_at = 0.0

    async def is_rung(self, *, refused: bool) -> None:
        """From the first ringing to the end of the call."""
        telephone, reception = self._telephone, self._reception
        if refused:
            telephone.refuse(NOT_THERE)
        elif reception.pick in {Pick.BUSY, Pick.FAIL}:
            telephone.refuse(BUSY if reception.pick is Pick.BUSY else NO_LINE)
        else:
            telephone.ring()
            await self._rings()
        await self.talks()

    async def talks(self) -> None:
        """From when somebody has answered, if anybody does, to the end."""
        telephone = self._telephone
        either: set[asyncio.Future[Any]] = {telephone.answered, telephone.closed}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if telephone.answered.done():
            self._answered_at = self._now()
            is_machine = self._reception.pick is Pick.MACHINE
            self._write("answered", by="machine" if is_machine else "person")
            await (self._plays() if is_machine else self._listens())
        self._write("ended", by=await telephone.closed, status=telephone.status)

    async def _rings(self) -> None:
        telephone, reception = self._telephone, self._reception
        never = reception.pick is Pick.NO_ANSWER
        await self._until_closed(NETWORK_RINGS_SECONDS if never else reception.after * RINGING)
        if never and not telephone.closed.done():
            telephone.refuse(NO_ANSWER)
        elif not telephone.closed.done():
            telephone.answer()

    async def _plays(self) -> None:
        self._telephone.say(self._reception.say_seconds)
        await self._until_closed(self._reception.say_seconds + MACHINE_LISTENS_SECONDS)
        self._hangs_up("machine")

    async def _listens(self) -> None:
        """Gives one response to each question, then is silent."""
        while await self._next_words():
            response = next(self._responses, None)
            if response is None or response.do is Deed.SILENCE:
                await self._is_silent()
            elif response.do is Deed.PRESS:
                await self._presses(response)
            elif await self._time_for(response):
                self._hangs_up("person")

    async def _presses(self, response: Response) -> None:
        """Whoever is asked again, because nobody has heard the key, presses it again."""
        while await self._time_for(response):
            pressed_at = self._now()
            for key in response.key:
                self._ear.expects()
                self._telephone.press(key)
                self._write("key", key=key)
            if not await self._until(self._words_begin) or self._ear.began - pressed_at < UNHEARD_SECONDS:
                return
            await self._next_words()

    async def _next_words(self) -> bool:
        """Waits for them; whether there were any before the end of the call."""
        if not await self._until(self._words_begin):
            return False
        self._heard = self._ear.times
        self._write("words")
        return True

    async def _is_silent(self) -> None:
        """Until the question is over: something else is said, or the service hangs up."""
        if not await self._until(lambda: self._quiet() >= ASKED_SECONDS):
            return
        await self._until(self._words_begin)
        if not self._telephone.closed.done() or self._telephone.closed.result() is By.SERVICE:
            self._write("silent")

    async def _time_for(self, response: Response) -> bool:
        if response.since is Since.START:
            return await self._until(lambda: self._now() - self._ear.began >= response.after)
        return await self._until(lambda: self._quiet() >= max(response.after, PAUSE_SECONDS))

    def _words_begin(self) -> bool:
        return self._ear.times > self._heard

    def _quiet(self) -> float:
        return min(self._ear.quiet_for(self._now()), self._now() - self._answered_at)

    def _hangs_up(self, who: str) -> None:
        if not self._telephone.closed.done():
            self._write("hangs up", who=who)
            self._telephone.hang_up()

    async def _until(self, fact: Callable[[], bool]) -> bool:
        """Whether it became true before the call ended; whoever hears nothing at all any more hangs up."""
        while not self._telephone.closed.done():
            if fact():
                return True
            if self._quiet() > TIRED_SECONDS:
                self._hangs_up("tired")
            await self._until_closed(LOOK_SECONDS)
        return False

    async def _until_closed(self, seconds: float) -> None:
        await asyncio.wait({self._telephone.closed}, timeout=seconds)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _write(self, event: str, **fields: object) -> None:
        self._log.write(event, self._telephone.call, self._telephone.number, **fields)
