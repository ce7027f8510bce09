"""Whoever is at a browser's telephone, and the handing over of a telephone from its script to the browser."""

import asyncio
from dataclasses import replace

from exchange import messages
from exchange.messages import By, Gather, Holding, Other, Quiet, Recording, State
from exchange.parties.browser_telephones import Line, Lines
from exchange.parties.person import Handset, Party
from exchange.parties.recordings import Tape
from exchange.twiml.verbs import Beep, Pause, Play, Say, Utterance


class Browser:
    """A person at a telephone in the browser: hears, presses keys and speaks there."""

    def __init__(self, line: Line, other: Other) -> None:
        self._line = line
        self._other = other

    def dials(self, handset: Handset) -> None:
        """Hears it ring at the other end."""
        self._line.hold(handset)
        self._line.show(State(Holding.DIALLING, self._other, By.BROWSER))

    def picked_up(self, handset: Handset) -> None:
        """Is connected."""
        self._line.hold(handset)
        self._line.show(State(Holding.TALKING, self._other, By.BROWSER))

    def hears(self, utterance: Utterance | Beep, seconds: float) -> None:
        """Hears it from the page."""
        self._line.tell(_heard(utterance, seconds))

    def interrupted(self) -> None:
        """Hears no more of it."""
        self._line.tell(Quiet())

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """May press a key now."""
        self._line.tell(Gather(True))

    def asked_no_more(self) -> None:
        """Need not press a key any more."""
        self._line.tell(Gather(False))

    def waits(self) -> None:
        """Hears it ring at the other end."""
        self._line.show(State(Holding.DIALLING, self._other, By.BROWSER))

    def connected(self, handset: Handset, other: Other) -> None:
        """Is connected with somebody else."""
        self._line.show(State(Holding.TALKING, other, By.BROWSER))

    def parted(self) -> None:
        """Is connected with the service again."""
        self._line.show(State(Holding.TALKING, self._other, By.BROWSER))

    async def speak(self, tape: Tape) -> None:
        """Speaks into the browser's microphone, which delivers the sound to the tape after the end."""
        upload = f"/telephones/{self._line.number}/recordings/{tape.sid}"
        order = Recording(True, upload, tape.record.max_seconds, tape.record.silence_seconds)
        self._line.tell(order)
        try:
            await tape.delivered()
        finally:
            self._line.tell(replace(order, on=False))


class Holder:
    """Whoever holds a telephone during a call: its script, until at some question a browser's telephone is open."""

    def __init__(self, script: Party, number: str | None, other: Other, lines: Lines) -> None:
        self._script = script
        self._holder = script
        self._number = number
        self._other = other
        self._lines = lines

    def dials(self, handset: Handset) -> None:
        """A call made with a browser's telephone open is that telephone's from the beginning."""
        self._hand_over()
        self._holder.dials(self._handed(handset))

    def picked_up(self, handset: Handset) -> None:
        """Whoever holds it is connected."""
        self._hand_over()
        self._holder.picked_up(self._handed(handset))

    def hears(self, utterance: Utterance | Beep, seconds: float) -> None:
        """Is heard by whoever holds it."""
        self._holder.hears(utterance, seconds)

    def interrupted(self) -> None:
        """Is heard by whoever holds it."""
        self._holder.interrupted()

    def asked(self, handset: Handset, prompts_ended: asyncio.Event) -> None:
        """A question: from here on a browser's telephone holds the call, if one is open."""
        if self._hand_over():
            self._holder.picked_up(handset)
        self._holder.asked(self._handed(handset), prompts_ended)

    def asked_no_more(self) -> None:
        """Is told to whoever holds it."""
        self._holder.asked_no_more()

    def waits(self) -> None:
        """Is heard by whoever holds it."""
        self._holder.waits()

    def connected(self, handset: Handset, other: Other) -> None:
        """Whoever holds it is connected; from here on that is a browser's telephone, if one is open."""
        if self._hand_over():
            self._holder.picked_up(handset)
        self._holder.connected(self._handed(handset), other)

    def parted(self) -> None:
        """Is told to whoever holds it."""
        self._holder.parted()

    async def speak(self, tape: Tape) -> None:
        """Whoever holds it speaks."""
        await self._holder.speak(tape)

    def _hand_over(self) -> bool:
        """Gives the telephone to the browser, if there is one that has not got it yet; whether it did."""
        line = self._lines.find(self._number)
        if line is None or self._holder is not self._script:
            return False
        self._holder = Browser(line, self._other)
        return True

    def _handed(self, handset: Handset) -> Handset:
        return self._muted(handset) if self._holder is self._script else handset

    def _muted(self, handset: Handset) -> Handset:
        """A handset for the script, which is dead once the script does not hold the telephone any more."""

        def press(key: str, by: By) -> None:
            if self._holder is self._script:
                handset.press(key, by)

        def hang_up() -> None:
            if self._holder is self._script:
                handset.hang_up()

        def say(words: str, by: By) -> None:
            if self._holder is self._script:
                handset.say(words, by)

        return Handset(press, hang_up, say)


def _heard(utterance: Utterance | Beep, seconds: float) -> messages.Heard:
    match utterance:
        case Play():
            return messages.Play(utterance.url, seconds, utterance.loop)
        case Say():
            return messages.Say(utterance.text, utterance.language, seconds)
        case Pause():
            return messages.Pause(seconds)
        case Beep():
            return messages.Beep(seconds)
