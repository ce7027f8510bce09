"""The WebSocket of a telephone in the browser, and the sound that it delivers after a beep."""

import asyncio

from aiohttp import WSMsgType, web

from exchange.calls.calls import CallStatus
from exchange.calls.presence import Presence
from exchange.calls.reporting import Account
from exchange.calls.switchboard import Switchboard
from exchange.calls.texts import Mailroom, Text
from exchange.errors import ScriptError, TelephoneInUseError
from exchange.log import Direction
from exchange.messages import (
    By,
    Holding,
    Message,
    Other,
    Owner,
    Refused,
    ShortText,
    State,
    Superseded,
    written,
)
from exchange.parties.browser_telephones import Line
from exchange.parties.directory import Directory
from exchange.parties.recordings import Recordings
from exchange.reading import Fields
from exchange.rest.json_documents import read_document
from exchange.sound import wav_seconds
from exchange.subscribers import E164, KEYS
from exchange.tasks import Tasks

HEARTBEAT_SECONDS = 10.0
SUPERSEDED = 4001


class Telephone:
    """One page's connection: what is told is sent in order, never awaited by whoever tells it."""

    def __init__(self) -> None:
        self.socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()

    def tell(self, message: Message) -> None:
        """Sends a message soon."""
        self._outbox.put_nowait(message)

    async def send(self) -> None:
        """Sends what is told, until the page has been superseded or is gone."""
        while not self.socket.closed:
            message = await self._outbox.get()
            try:
                await self.socket.send_str(written(message))
            except ConnectionError:
                return
            if isinstance(message, Superseded):
                await self.socket.close(code=SUPERSEDED)


class Telephones:
    """The handlers of all telephones."""

    def __init__(
        self,
        account: Account,
        directory: Directory,
        switchboard: Switchboard,
        mailroom: Mailroom,
        recordings: Recordings,
        presence: Presence,
        tasks: Tasks,
    ) -> None:
        self._account = account
        self._directory = directory
        self._switchboard = switchboard
        self._mailroom = mailroom
        self._recordings = recordings
        self._presence = presence
        self._tasks = tasks
        mailroom.tell(self._show_text)

    def routes(self) -> list[web.RouteDef]:
        """Where a telephone's page is connected."""
        return [
            web.get("/telephones/{number}/line", self._line),
            web.put("/telephones/{number}/recordings/{sid}", self._take_recording),
        ]

    async def _line(self, request: web.Request) -> web.WebSocketResponse:
        number = telephone_number(request)
        telephone = Telephone()
        await telephone.socket.prepare(request)
        sending = self._tasks.start(telephone.send())
        line = self._open(number, telephone)
        try:
            async for message in telephone.socket:
                if message.type is WSMsgType.TEXT and line.page is telephone:
                    self._obey(line, str(message.data))
        finally:
            self._presence.lines.close(line, telephone)
            sending.cancel()
        return telephone.socket

    def _open(self, number: str, telephone: Telephone) -> Line:
        owner = self._directory.meet(number)
        telephone.tell(Owner(number, owner.label, owner.note, owner.refuse, owner.habits()))
        for text in self._mailroom.box(number):
            telephone.tell(shown(text))
        was_open = self._presence.lines.find(number) is not None
        line = self._presence.lines.open(number, telephone)
        if was_open:
            telephone.tell(self._presence.speed())
        else:
            self._show_call_of_the_script(line)
        for message in line.snapshot():
            telephone.tell(message)
        return line

    def _show_call_of_the_script(self, line: Line) -> None:
        """A call that the script has begun; one that rings will ring here in a moment of its own accord."""
        call = self._switchboard.current(line.number)
        if call is None or (call.direction is Direction.OUT and call.status is not CallStatus.IN_PROGRESS):
            return
        other = Other(call.service_number, self._directory.label(call.service_number))
        doing = Holding.TALKING if call.status is CallStatus.IN_PROGRESS else Holding.DIALLING
        line.show(State(doing, other, By.SCRIPT))

    def _obey(self, line: Line, message: str) -> None:
        try:
            self._carry_out(line, read_document(message))
        except ScriptError as error:
            line.page.tell(Refused(str(error)))
        except TelephoneInUseError:
            line.page.tell(Refused("busy"))

    def _carry_out(self, line: Line, message: object) -> None:
        fields = Fields(message, "message", {"type", "key", "to", "body"})
        match fields.text("type"):
            case "answer":
                line.answer()
            case "hang_up" | "decline":
                line.hang_up()
            case "press":
                line.press(_key(fields))
            case "dial":
                self._dial(line, fields.text("to", self._account.numbers[0]))
            case "text":
                self._tasks.start(self._mailroom.receive(line.number, fields.text("body"), By.BROWSER))
            case unknown:
                raise ScriptError(f"message.type: {unknown!r} is none of answer, decline, hang_up, press, dial, text")

    def _dial(self, line: Line, to: str) -> None:
        if to in self._account.numbers:
            self._switchboard.dial(line.number, (), to)
        else:
            line.page.tell(Refused("unknown_number"))

    def _show_text(self, text: Text) -> None:
        if line := self._presence.lines.find(text.number):
            line.page.tell(shown(text))

    async def _take_recording(self, request: web.Request) -> web.Response:
        """Takes a WAV file for a tape that runs; an empty body says that nothing was said."""
        tape = self._recordings.running(request.match_info["sid"])
        if tape is None:
            return web.json_response({"error": "nobody waits for this recording"}, status=404)
        sound = await request.read()
        try:
            tape.keep(sound if sound and wav_seconds(sound) else None)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.Response(status=204)


def telephone_number(request: web.Request) -> str:
    """The number in an address. Raises ``ScriptError``."""
    number = request.match_info["number"]
    if not E164.fullmatch(number):
        raise ScriptError(f"{number!r} is no E.164 number such as +8631186012345")
    return number


def shown(text: Text) -> ShortText:
    """A text as a telephone shows it."""
    other = text.from_ if text.direction is Direction.OUT else text.to
    at = (text.sent_at or text.created_at).isoformat()
    return ShortText(text.sid, other, text.body, at, text.direction)


def _key(fields: Fields) -> str:
    key = fields.text("key")
    if len(key) != 1 or not KEYS.fullmatch(key):
        raise ScriptError(f"message.key: {key!r} is not one of 0-9*#")
    return key
