"""A telephone rings until somebody picks up: the script, or whoever opened the telephone in a browser."""

from dataclasses import dataclass

from exchange.calls.calls import Call
from exchange.messages import Other
from exchange.parties.browser_telephones import Line, Lines, Picked
from exchange.parties.directory import Directory
from exchange.subscribers import RINGS_OUT, Pick, Reception
from exchange.tempo import Tempo


@dataclass(frozen=True)
class Reply:
    """What came of the ringing: how the call is received, and whether a person in the browser decided that."""

    reception: Reception
    in_browser: bool


BROWSER_ANSWERS = Reply(Reception(Pick.ANSWER), in_browser=True)
BROWSER_DECLINES = Reply(Reception(Pick.BUSY), in_browser=True)


class Bell:
    """Rings telephones."""

    def __init__(self, tempo: Tempo, directory: Directory, lines: Lines) -> None:
        self._tempo = tempo
        self._directory = directory
        self._lines = lines

    def reception(self, call: Call) -> Reception:
        """How a call begins to be received; the script is not asked while a browser's telephone is open."""
        return RINGS_OUT if self._lines.find(call.to) else self._directory.receive(call.to)

    async def ring(self, call: Call, reception: Reception) -> Reply:
        """Rings until it is picked up or declined. Raises ``TimeoutError`` when it has rung out."""
        async with self._tempo.timeout(call.orders.ring_seconds):
            while True:
                line = self._lines.find(call.to)
                reply = await (self._in_browser(call, line) if line else self._at_home(call, reception))
                if reply is not None:
                    return reply
                reception = self._directory.receive(call.to) if line else reception

    def other(self, call: Call) -> Other:
        """The service, as a subscriber sees it."""
        return Other(call.service_number, self._directory.label(call.service_number))

    def behind(self, leg: Call, call: Call) -> Other:
        """The subscriber of ``call`` as the other one sees them: by name, behind the number that a Dial shows."""
        return Other(leg.service_number, "" if call.number is None else self._directory.label(call.number))

    async def _in_browser(self, call: Call, line: Line) -> Reply | None:
        """None: whoever was there has left, and the script has the telephone again."""
        picked = await line.ring(self.other(call))
        return {Picked.ANSWERED: BROWSER_ANSWERS, Picked.DECLINED: BROWSER_DECLINES}.get(picked)

    async def _at_home(self, call: Call, reception: Reception) -> Reply | None:
        """None: somebody has opened the telephone in a browser."""
        answers = reception.pick in {Pick.ANSWER, Pick.MACHINE} and reception.after < call.orders.ring_seconds
        try:
            async with self._tempo.timeout(reception.after if answers else call.orders.ring_seconds + 1):
                await self._lines.opened(call.to)
        except TimeoutError:
            return Reply(reception, in_browser=False)
        return None
