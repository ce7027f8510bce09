"""The gateway: what the trunk rings. Every second telephone is pjsua2's, where there is one; the others are our own.

Requests that begin a call pass through it like through a proxy without a memory (RFC 3261, 16.11): an INVITE and its
CANCEL find their way by the same sum of the branch they came with. It answers OPTIONS itself.
"""

import asyncio
import hashlib
import random
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import cast

from exchange.subscribers import CallBack, Pick, Reception
from phones.foreign import RECEPTION, Exchange
from phones.log import Log
from phones.messages import COOKIE, Address, Message, answer, new_tag, parsed, user_of
from phones.own_telephone import OwnTelephone
from phones.person import Person
from phones.town import Town

FRAME_SECONDS = 0.02
REMEMBERED_SECONDS = 40.0
"""An answer may be asked for again so long after a call has ended (RFC 3261, timer H)."""
OWN, FOREIGN = "own", "pjsua2"
LOSE, DOUBLE = "lose", "double"
FAULT_SHARE = 0.05


@dataclass(frozen=True)
class Ringing:
    """Which call to a number it is, from 0, and the number that rings."""

    call: str
    number: str
    caller: str
    earlier: int


@dataclass(frozen=True)
class Passed:
    """A call that another stack has taken, and where it came from."""

    exchange: Exchange
    source: Address
    ringing: Ringing


class Gateway(asyncio.DatagramProtocol):
    """At ``here``; people ring back at ``trunk``, and between calls they live ``speed`` times as fast.

    ``faults`` of ``LOSE`` and ``DOUBLE`` strike one SIP message in twenty.
    """

    def __init__(
        self, here: Address, trunk: Address, town: Town, log: Log, speed: float, faults: Sequence[str], seed: int
    ) -> None:
        self.town, self._here, self._trunk, self._log, self._speed = town, here, trunk, log, speed
        self._faults, self._chance = frozenset(faults), random.Random(seed)
        self.foreign: list[Exchange] = []
        self._own: dict[str, OwnTelephone] = {}
        self._passed: dict[str, Passed] = {}
        self._work: set[asyncio.Task[None]] = set()
        self._turn = 0

    async def open(self) -> None:
        """Listens from now on."""
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=self._here)
        self._begin(self._speak())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport of a datagram endpoint, which asyncio does not derive from its own class (3.11)."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, source: Address) -> None:
        """One message."""
        message = parsed(data)
        if message is None or self._is_lost(message):
            return
        if (telephone := self._own.get(message.call_id)) is not None:
            telephone.takes(message)
        elif message.status is not None:
            self._pass_back(message)
        elif message.method == "OPTIONS":
            self._send(answer(message, 200, new_tag()), source)
        elif message.method == "INVITE" and message.call_id not in self._passed:
            self._invited(message, source)
        elif message.call_id in self._passed:
            self._pass_on(message)
        elif message.method != "ACK":
            self._send(answer(message, 481, new_tag()), source)

    def is_over(self, call: str) -> None:
        """A call of the foreign stack has ended."""
        if (passed := self._passed.get(call)) is not None:
            self._begin(self._ended(passed.ringing))

    def _invited(self, message: Message, source: Address) -> None:
        number = user_of(message.target)
        ringing = Ringing(message.call_id, number, user_of(message.header("from")), self.town.next_call(number))
        exchange = self._foreign_one()
        session = message.header("session-id").partition(";")[0]
        self._log.write("invited", message.call_id, number, session=session, stack=FOREIGN if exchange else OWN)
        if exchange is None:
            telephone = OwnTelephone(message.call_id, number, self._here, source, self._send)
            self._own[message.call_id] = telephone
            self._begin(self._received(message, telephone, ringing))
            return
        exchange.calls.add(message.call_id)
        self._passed[message.call_id] = Passed(exchange, source, ringing)
        self._pass_on(message)

    def _foreign_one(self) -> Exchange | None:
        """For every second call one that has room."""
        self._turn += 1
        return next((each for each in self.foreign if each.has_room), None) if self._turn % 2 else None

    async def _received(self, message: Message, telephone: OwnTelephone, ringing: Ringing) -> None:
        await telephone.open()
        telephone.takes(message)
        person = Person(telephone, self.town.reception(ringing.number, ringing.earlier), self._log)
        await person.is_rung(refused=self.town.refuses(ringing.number))
        await self._ended(ringing)

    async def _ended(self, ringing: Ringing) -> None:
        """Whoever wants to ring back does so; what may be asked about the call again is remembered for a while."""
        if (wish := self.town.reception(ringing.number, ringing.earlier).then_call) is not None:
            self._begin(self._rings_back(ringing, wish))
        await self._forget(ringing.call)

    async def _rings_back(self, ringing: Ringing, wish: CallBack) -> None:
        await asyncio.sleep(wish.after / self._speed)
        call, number = f"{new_tag()}@{self._here[0]}", ringing.number
        telephone = self._own[call] = OwnTelephone(call, number, self._here, self._trunk, self._send)
        await telephone.open()
        self._log.write("rings us", call, number, stack=OWN)
        telephone.calls(number, ringing.caller)
        await Person(telephone, Reception(Pick.ANSWER, responses=wish.responses), self._log).talks()
        await self._forget(call)

    def _pass_on(self, message: Message) -> None:
        passed, (host, port) = self._passed[message.call_id], self._here
        branch = COOKIE + hashlib.sha256(message.branch.encode()).hexdigest()[:24]
        told = [(RECEPTION, str(passed.ringing.earlier))] if message.method == "INVITE" else []
        passed_on = message.with_top(("via", f"SIP/2.0/UDP {host}:{port};branch={branch}"), *told)
        self._send(passed_on, (host, passed.exchange.port))

    def _pass_back(self, message: Message) -> None:
        if (passed := self._passed.get(message.call_id)) is not None:
            self._send(message.without_top_via(), passed.source)

    async def _forget(self, call: str) -> None:
        await asyncio.sleep(REMEMBERED_SECONDS)
        self._own.pop(call, None)
        self._passed.pop(call, None)

    async def _speak(self) -> None:
        """Every telephone of ours sends a packet each 20 ms; after a delay it goes on from now."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + FRAME_SECONDS, loop.time() - FRAME_SECONDS)
            await asyncio.sleep(due - loop.time())
            for telephone in tuple(self._own.values()):
                if not telephone.closed.done():
                    telephone.sound.send()

    def _send(self, message: Message, to: Address) -> None:
        if self._is_lost(message):
            return
        self._transport.sendto(message.written(), to)
        if DOUBLE in self._faults and self._chance.random() < FAULT_SHARE:
            self._log.write("fault", message.call_id, "", fault=DOUBLE)
            self._transport.sendto(message.written(), to)

    def _is_lost(self, message: Message) -> bool:
        is_lost = LOSE in self._faults and message.method != "OPTIONS" and self._chance.random() < FAULT_SHARE
        if is_lost:
            self._log.write("fault", message.call_id, "", fault=LOSE)
        return is_lost

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
