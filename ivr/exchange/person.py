"""Who picks up: a person who follows a script, or an answering machine."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ivr.exchange.subscribers import Deed, Pick, Reception, Response, Since
from ivr.exchange.tasks import Tasks
from ivr.exchange.tempo import Tempo

MACHINE_LISTENS_SECONDS = 25.0
BETWEEN_KEYS_SECONDS = 0.5


@dataclass(frozen=True)
class Handset:
    """What somebody in a call can do."""

    press: Callable[[str], None]
    hang_up: Callable[[], None]


class Party(Protocol):
    """Whoever is at the other end."""

    def picked_up(self, handset: Handset) -> None:
        """The call has begun."""

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """Somebody begins to ask for a key; the event says when the asking has been heard to its end."""


class Person:
    """Gives one response each time a key is asked for, then is silent. What a person has begun goes on afterwards."""

    def __init__(self, responses: Sequence[Response], tempo: Tempo, tasks: Tasks) -> None:
        self._responses = iter(responses)
        self._tempo = tempo
        self._tasks = tasks

    def picked_up(self, handset: Handset) -> None:
        """Listens."""

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """Responds as the script says next."""
        response = next(self._responses, None)
        if response is not None and response.do is not Deed.SILENCE:
            self._tasks.start(self._respond(response, handset, prompts_ended))

    async def _respond(self, response: Response, handset: Handset, prompts_ended: asyncio.Event) -> None:
        if response.since is Since.END:
            await prompts_ended.wait()
        await self._tempo.sleep(response.after)
        if response.do is Deed.HANG_UP:
            handset.hang_up()
            return
        for position, key in enumerate(response.key):
            await self._tempo.sleep(BETWEEN_KEYS_SECONDS if position else 0)
            handset.press(key)


class AnsweringMachine:
    """Plays its greeting, records what it hears for a while and hangs up. It never presses a key."""

    def __init__(self, greeting_seconds: float, tempo: Tempo, tasks: Tasks) -> None:
        self._seconds = greeting_seconds + MACHINE_LISTENS_SECONDS
        self._tempo = tempo
        self._tasks = tasks

    def picked_up(self, handset: Handset) -> None:
        """Starts its tape."""
        self._tasks.start(self._run(handset))

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """Goes on recording."""

    async def _run(self, handset: Handset) -> None:
        await self._tempo.sleep(self._seconds)
        handset.hang_up()


def party(reception: Reception, tempo: Tempo, tasks: Tasks) -> Party:
    """Whoever picks up a call that is received like this."""
    if reception.pick is Pick.MACHINE:
        return AnsweringMachine(reception.say_seconds, tempo, tasks)
    return Person(reception.responses, tempo, tasks)
