"""One process of telephones by pjsua2: ``python -m phones.pjsua HOST PORT PEOPLE LOG``; four calls at once at most.

It is told by the gateway's ``X-Reception`` which call to a number it is, says ``over CALL`` when one has ended, and
ends with its standard input.
"""

import asyncio
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pjsua2 as pj
import soundfile

from exchange.subscribers import read_subscribers
from phones.foreign import OVER, READY, RECEPTION, read_people
from phones.log import Log
from phones.messages import parsed, user_of
from phones.person import Person
from phones.sound import RATE, greeting
from phones.telephone import By, Telephone
from phones.town import Town

TICK_SECONDS = 0.01
LEVELS = 255.0
LOUD_AT_LEAST = 8
"""Of 255, and loud enough to be words; what comes from the far side pjsua2 calls "tx" (2.15.1)."""


class Call(pj.Call):  # type: ignore[misc]
    """One call as pjsua2 tells of it."""

    def __init__(self, account: "Account", call_id: int) -> None:
        super().__init__(account, call_id)
        self.telephone: PjsuaTelephone | None = None

    def onCallState(self, _: object) -> None:
        """Answered, or over."""
        info = self.getInfo()
        if self.telephone is None:
            return
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED and not self.telephone.answered.done():
            self.telephone.answered.set_result(None)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.telephone.has_ended(info.lastStatusCode)

    def onCallMediaState(self, _: object) -> None:
        """There is sound."""
        info = self.getInfo()  # its list of media is gone when it is
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE and self.telephone:
                self.telephone.has_sound(self.getAudioMedia(index))


class PjsuaTelephone(Telephone):
    """See ``phones.telephone``; what is done in a call that has just ended does nothing."""

    def __init__(self, house: "House", native: Call, call: str, number: str) -> None:
        super().__init__(call, number)
        self._house, self._native = house, native
        self._audio: pj.AudioMedia | None = None
        self._player: pj.AudioMediaPlayer | None = None
        self._ended_by: By | None = None
        native.telephone = self

    def ring(self) -> None:
        """180."""
        self._answer(180)

    def answer(self) -> None:
        """200."""
        self._answer(200)

    def refuse(self, status: int) -> None:
        """A final answer that is none."""
        self._ended_by = By.NETWORK
        self._answer(status)

    def press(self, key: str) -> None:
        """RFC 4733."""
        parameters = pj.CallSendDtmfParam()
        parameters.method, parameters.digits = pj.PJSUA_DTMF_METHOD_RFC2833, key
        with suppress(pj.Error):
            self._native.sendDtmf(parameters)

    def say(self, seconds: float) -> None:
        """From a file."""
        if self._audio is not None:
            self._player = pj.AudioMediaPlayer()
            self._player.createPlayer(greeting_file(self._house.folder, seconds), pj.PJMEDIA_FILE_NO_LOOP)
            self._player.startTransmit(self._audio)

    def hang_up(self) -> None:
        """BYE."""
        self._ended_by = By.PERSON
        with suppress(pj.Error):
            self._native.hangup(pj.CallOpParam())

    def has_sound(self, audio: pj.AudioMedia) -> None:
        """What it hears goes into the bridge, without which pjsua2 measures nothing."""
        self._audio = audio
        audio.startTransmit(self._house.listener)

    def has_ended(self, status: int) -> None:
        """Everything of it is put away outside of pjsua2's own call."""
        was_answered, by = self.answered.done(), self._ended_by or By.SERVICE
        self._audio = None
        asyncio.get_running_loop().call_soon(self.is_over, by, None if was_answered else status)

    def listen(self, now: float) -> None:
        """How loud it is now."""
        if self._audio is not None:
            heard = self._audio.getTxLevel()
            self.ear.hear(heard / LEVELS if heard >= LOUD_AT_LEAST else 0.0, now)

    def _answer(self, status: int) -> None:
        parameters = pj.CallOpParam()
        parameters.statusCode = status
        with suppress(pj.Error):
            self._native.answer(parameters)


class Account(pj.Account):  # type: ignore[misc]
    """Whoever is rung."""

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """One call."""
        self._house.is_rung(Call(self, prm.callId), prm.rdata.wholeMsg)


class House:
    """All telephones of this process."""

    def __init__(self, host: str, port: int, town: Town, log: Log, folder: Path) -> None:
        self.folder = folder
        self._host, self._port, self._town, self._log = host, port, town, log
        self._running: dict[str, tuple[PjsuaTelephone, Call]] = {}
        self._people: set[asyncio.Task[None]] = set()
        self._over: list[Call] = []  # pjsua2 may still speak of them (2.15.1)
        self._endpoint = pj.Endpoint()
        self._start()
        self.listener = self._endpoint.audDevManager().getPlaybackDevMedia()

    async def run(self, ended: asyncio.Event) -> None:
        """Until it is to end."""
        loop = asyncio.get_running_loop()
        while not ended.is_set():
            self._endpoint.libHandleEvents(0)
            for telephone, _ in tuple(self._running.values()):
                telephone.listen(loop.time())
            await asyncio.sleep(TICK_SECONDS)

    def is_rung(self, native: Call, invitation: str) -> None:
        """Whoever lives there receives the call."""
        message = parsed(invitation.encode())
        assert message is not None
        number, earlier = user_of(message.target), int(message.header(RECEPTION) or 0)
        telephone = PjsuaTelephone(self, native, message.call_id, number)
        self._running[message.call_id] = (telephone, native)
        person = Person(telephone, self._town.reception(number, earlier), self._log)
        task = asyncio.get_running_loop().create_task(self._received(person, telephone))
        self._people.add(task)
        task.add_done_callback(self._people.discard)

    async def _received(self, person: Person, telephone: PjsuaTelephone) -> None:
        try:
            await person.is_rung(refused=self._town.refuses(telephone.number))
        finally:
            self._over.append(self._running.pop(telephone.call)[1])
            print(f"{OVER} {telephone.call}", flush=True)

    def _start(self) -> None:
        self._endpoint.libCreate()
        config = pj.EpConfig()
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
        config.medConfig.sndAutoCloseTime = -1  # its clock would stand still while nothing is connected (2.15.1)
        config.medConfig.noVad = True
        config.medConfig.clockRate = RATE
        self._endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress, transport.publicAddress = self._port, self._host, self._host
        self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        account = pj.AccountConfig()
        account.idUri = f"sip:phones@{self._host}:{self._port}"
        account.mediaConfig.transportConfig.boundAddress = self._host
        account.mediaConfig.transportConfig.port = 0
        self._account = Account(self)
        self._account.create(account)


@cache
def greeting_file(folder: Path, seconds: float) -> str:
    """A machine's words as a file."""
    path = folder / f"{seconds}.wav"
    soundfile.write(path, greeting(seconds), RATE, subtype="PCM_16")
    return str(path)


async def main(host: str, port: str, people: str, log: str) -> None:
    """Until nobody needs it any more."""
    ended = asyncio.Event()
    asyncio.get_running_loop().run_in_executor(None, _until_closed, asyncio.get_running_loop(), ended)
    town = Town(read_subscribers(read_people(Path(people))))
    with TemporaryDirectory(prefix="phones-") as folder:
        house = House(host, int(port), town, Log(Path(log)), Path(folder))
        print(READY, flush=True)
        await house.run(ended)
    os._exit(0)  # pjsua2 aborts when Python takes its objects apart in an order of its own


def _until_closed(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(ended.set)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
