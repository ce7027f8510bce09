"""Who is at a telephone: a person who follows a script, or an answering machine."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from exchange.messages import By, Other
from exchange.parties.recordings import Tape, silence
from exchange.subscribers import Deed, Pick, Reception, Response, Since
from exchange.tasks import Tasks
from exchange.tempo import Tempo
from exchange.twiml.verbs import Beep, Utterance

MACHINE_LISTENS_SECONDS = 25.0
BETWEEN_KEYS_SECONDS = 0.5


@dataclass(frozen=True)
class Handset:
    """What somebody in a call can do; keys come with who pressed them, and words with who said them."""

    press: Callable[[str, By], None]
    hang_up: Callable[[], None]
    say: Callable[[str, By], None]


class Party(Protocol):
    """Whoever is at the other end."""

    def dials(self, handset: Handset) -> None:
        """The service is being rung and has not answered."""

    def picked_up(self, handset: Handset) -> None:
        """The call has begun."""

    def hears(self, utterance: Utterance | Beep, seconds: float) -> None:
        """Something begins to be heard, for ``seconds`` in all."""

    def interrupted(self) -> None:
        """What is being heard stops."""

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """Somebody begins to ask for a key; the event says when the asking has been heard to its end."""

    def asked_no_more(self) -> None:
        """Nobody waits for a key any more."""

    def waits(self) -> None:
        """Hears it ring at another telephone, with which the service connects this one."""

    def connected(self, handset: Handset, other: Other) -> None:
        """Is heard by another subscriber, and hears them; nobody listens for keys."""

    def parted(self) -> None:
        """Nobody else is in the call any more: the service speaks again."""

    async def speak(self, tape: Tape) -> None:
        """Speaks onto a tape and returns when all is said; is cancelled when the tape is over.

        Either way the tape gets what was said, some time.
        """


class Scripted:
    """Somebody to whom it makes no difference what exactly is said."""

    def dials(self, handset: Handset) -> None:
        """Waits."""

    def picked_up(self, handset: Handset) -> None:
        """Listens."""

    def hears(self, utterance: Utterance | Beep, seconds: float) -> None:
        """Listens."""

    def interrupted(self) -> None:
        """Listens."""

    def asked_no_more(self) -> None:
        """Listens."""

    def waits(self) -> None:
        """Listens."""

    def connected(self, handset: Handset, other: Other) -> None:
        """Listens."""

    def parted(self) -> None:
        """Listens."""


class Person(Scripted):
    """Gives one response each time a key is asked for, then is silent. What a person has begun goes on afterwards.

    When recorded, a person makes no sound for ``say_seconds``. Being connected with somebody asks for a response, too;
    whoever has none left says what there is to say, for ``say_seconds``, and hangs up.
    """

    def __init__(self, responses: Sequence[Response], say_seconds: float, tempo: Tempo, tasks: Tasks) -> None:
        self._responses = iter(responses)
        self._say_seconds = say_seconds
        self._tempo = tempo
        self._tasks = tasks

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """Responds as the script says next."""
        response = next(self._responses, None)
        if response is not None and response.do is not Deed.SILENCE:
            self._tasks.start(self._respond(response, handset, prompts_ended))

    def connected(self, handset: Handset, other: Other) -> None:
        """Talks."""
        goodbye = Response(Deed.HANG_UP, after=self._say_seconds)
        response = next(self._responses, goodbye)
        if response.do is not Deed.SILENCE:
            begun = asyncio.Event()
            begun.set()
            self._tasks.start(self._respond(response, handset, begun))

    async def speak(self, tape: Tape) -> None:
        """Moves the lips."""
        begun = self._tempo.now()
        try:
            await self._tempo.sleep(self._say_seconds)
        finally:
            tape.keep(silence(min(self._tempo.now() - begun, self._say_seconds)))

    async def _respond(self, response: Response, handset: Handset, prompts_ended: asyncio.Event) -> None:
        if response.since is Since.END:
            await prompts_ended.wait()
        await self._tempo.sleep(response.after)
        if response.do is Deed.HANG_UP:
            handset.hang_up()
            return
        if response.do is Deed.SAY:
            handset.say(response.words, By.SCRIPT)
            return
        for position, key in enumerate(response.key):
            if position:
                await self._tempo.sleep(BETWEEN_KEYS_SECONDS)
            handset.press(key, By.SCRIPT)


class AnsweringMachine(Scripted):
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

    async def speak(self, tape: Tape) -> None:
        """Says nothing, until that is taken for the end."""
        try:
            await self._tempo.sleep(tape.record.silence_seconds)
        finally:
            tape.keep(None)

    async def _run(self, handset: Handset) -> None:
        await self._tempo.sleep(self._seconds)
        handset.hang_up()


def party(reception: Reception, tempo: Tempo, tasks: Tasks) -> Party:
    """Whoever picks up a call that is received like this."""
    if reception.pick is Pick.MACHINE:
        return AnsweringMachine(reception.say_seconds, tempo, tasks)
    return Person(reception.responses, reception.say_seconds, tempo, tasks)
