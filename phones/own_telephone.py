"""A telephone of our own: one call's SIP dialog and its sound (RFC 3261, chapters 9, 12 to 15, 17)."""

import asyncio
from collections.abc import Callable

from phones import sdp
from phones.messages import Address, Message, address_of, answer, new_branch, new_tag, request, uri_of
from phones.rtp import Sound
from phones.sound import greeting_frames, level
from phones.telephone import By, Telephone

REPEAT_SECONDS, LONGEST_REPEAT_SECONDS, GIVE_UP_SECONDS = 0.5, 4.0, 32.0
"""RFC 3261's T1, T2 and 64 times T1."""
Send = Callable[[Message, Address], None]


class OwnTelephone(Telephone):
    """One call. ``send`` puts a message on the line; ``here`` is where the telephones are reached."""

    def __init__(self, call: str, number: str, here: Address, peer: Address, send: Send) -> None:
        super().__init__(call, number)
        self._here, self._peer, self._send = here, peer, send
        self._tag = new_tag()
        self._invite: Message | None = None
        self._local, self._remote, self._target = "", "", ""
        self._is_ours = False
        self._sequence = 1
        self._last: Message | None = None
        self._repeating: asyncio.Task[None] | None = None
        self.sound = Sound(self.hears)
        self._port = 0

    def hears(self, payload: bytes, codec: int) -> None:
        """One packet of sound."""
        self.ear.hear(level(payload, codec), asyncio.get_running_loop().time())

    async def open(self) -> None:
        """It can be spoken through from now on."""
        self._port = await self.sound.open(self._here[0])

    def takes(self, message: Message) -> None:
        """Whatever comes in this call."""
        if message.status is not None:
            self._answered_by_them(message)
            return
        match message.method:
            case "INVITE":
                self._invited(message)
            case "ACK":
                self._stop_repeating()
                if self._last is not None and self._last.status == 200 and not self.answered.done():
                    self.answered.set_result(None)
            case "CANCEL":
                self._cancelled(message)
            case "BYE":
                self._reply(message, 200)
                self._ends(By.SERVICE)
            case _:
                self._reply(message, 200)

    def ring(self) -> None:
        """180."""
        self._final_or_not(180)

    def answer(self) -> None:
        """200 with a session, until it is acknowledged."""
        assert self._invite is not None
        if (offer := sdp.read(self._invite.body)) is None:
            self.refuse(488)
            return
        self.sound.goes_to(offer.address, offer.codec, offer.events)
        more = [("contact", self._contact), ("content-type", "application/sdp")]
        body = sdp.written(self._here[0], self._port, offer.codec, offer.events)
        self._last = answer(self._invite, 200, self._tag, more, body)
        self._local, self._remote = self._last.header("to"), self._invite.header("from")
        self._target = uri_of(self._invite.header("contact"))
        self._repeat(self._last, self._peer)

    def refuse(self, status: int) -> None:
        """A final answer, until it is acknowledged."""
        self._final_or_not(status)
        self._ends(By.NETWORK, status)

    def press(self, key: str) -> None:
        """RFC 4733."""
        self.sound.press(key)

    def say(self, seconds: float) -> None:
        """A machine's greeting."""
        self.sound.say(greeting_frames(seconds, self.sound.codec))

    def hang_up(self) -> None:
        """BYE, until it is answered."""
        self._sequence += 1
        self._repeat(self._request("BYE", self._sequence), address_of(self._target))
        self._ends(By.PERSON)

    def calls(self, caller: str, called: str) -> None:
        """Rings ``called`` at the other side."""
        self._is_ours = True
        host, port = self._peer
        self._target = f"sip:{called}@{host}:{port}"
        self._local, self._remote = f"<sip:{caller}@{self._here[0]}>;tag={self._tag}", f"<{self._target}>"
        body = sdp.written(self._here[0], self._port)
        more = [("contact", self._contact), ("content-type", "application/sdp")]
        self._invite = self._request("INVITE", 1, more, body)
        self._repeat(self._invite, self._peer)

    @property
    def _contact(self) -> str:
        return f"<sip:{self.number}@{self._here[0]}:{self._here[1]}>"

    def _invited(self, message: Message) -> None:
        """The same again is answered the same; another one within the call leaves everything as it is."""
        if self._last is None:
            self._invite = message
            self._send(answer(message, 100), self._peer)
        elif self._invite is not None and message.number == self._invite.number:
            self._send(self._last, self._peer)
        else:
            more = self._last.headers("contact", "content-type")
            self._send(answer(message, 200, self._tag, more, self._last.body), self._peer)

    def _cancelled(self, message: Message) -> None:
        self._reply(message, 200)
        if self._last is None or self._last.status is None or self._last.status < 200:
            self._final_or_not(487)
            self._ends(By.SERVICE, 487)

    def _final_or_not(self, status: int) -> None:
        assert self._invite is not None
        more = [("contact", self._contact)] if status < 300 else []
        self._last = answer(self._invite, status, self._tag, more)
        if status < 200:
            self._send(self._last, self._peer)
        else:
            self._repeat(self._last, self._peer)

    def _answered_by_them(self, message: Message) -> None:
        status = message.status or 0
        if message.method == "INVITE" and self._is_ours and status >= 180:
            self._stop_repeating()
        if message.method == "INVITE" and self._is_ours and status >= 200:
            self._settled(message, status)
        elif message.method == "BYE":
            self._stop_repeating()

    def _settled(self, message: Message, status: int) -> None:
        self._remote = message.header("to")
        if status >= 300:
            assert self._invite is not None
            acknowledgement = self._request("ACK", 1, branch=self._invite.branch)
            self._send(acknowledgement, self._peer)
            self._ends(By.SERVICE, status)
            return
        self._target = uri_of(message.header("contact"))
        self._send(self._request("ACK", 1), address_of(self._target))
        if not self.answered.done() and (offer := sdp.read(message.body)) is not None:
            self.sound.goes_to(offer.address, offer.codec, offer.events)
            self.answered.set_result(None)

    def _request(
        self, method: str, number: int, more: list[tuple[str, str]] | None = None, body: bytes = b"", branch: str = ""
    ) -> Message:
        via = f"SIP/2.0/UDP {self._here[0]}:{self._here[1]};branch={branch or new_branch()};rport"
        fields = [("via", via), ("max-forwards", "70"), ("from", self._local), ("to", self._remote),
                  ("call-id", self.call), ("cseq", f"{number} {method}"), *(more or [])]  # fmt: skip
        return request(method, self._target, fields, body)

    def _reply(self, message: Message, status: int) -> None:
        self._send(answer(message, status, self._tag), self._peer)

    def _repeat(self, message: Message, to: Address) -> None:
        self._stop_repeating()
        self._repeating = asyncio.create_task(self._repeated(message, to))

    async def _repeated(self, message: Message, to: Address) -> None:
        """Until somebody answers: over UDP anything may be lost."""
        pause, spent = REPEAT_SECONDS, 0.0
        while spent < GIVE_UP_SECONDS:
            self._send(message, to)
            await asyncio.sleep(pause)
            spent, pause = spent + pause, min(2 * pause, LONGEST_REPEAT_SECONDS)
        self._ends(By.NETWORK, 408)

    def _stop_repeating(self) -> None:
        if self._repeating is not None:
            self._repeating.cancel()

    def _ends(self, by: By, status: int | None = None) -> None:
        self.sound.close()
        self.is_over(by, None if self.answered.done() else status)
