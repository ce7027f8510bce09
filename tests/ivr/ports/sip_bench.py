"""The SIP adapter, held to the contract with a real trunk behind it: only its telephone network is scripted."""

import asyncio
import json
import threading
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from aiohttp import web

from ivr.models import Ending
from ivr.ports.events import LegReport, RecordingReport, WebhookRequest, Words
from ivr.provider.sip.adapter import SipTelephony
from tests.ivr.ports.bench import NO_KEY, OURS, WAIT_SECONDS, Document, Fate
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.trunk.scripted_engine import ScriptedEngine
from tests.trunk.service import SECRET, Service
from trunk.app import Configuration, Trunk
from trunk.calls import replies
from trunk.calls.records import Asked, Direction, Order, Record
from trunk.calls.service import SEAL, seal
from trunk.sip.peering import Peer, Peering

PUBLIC_URL = "https://us.example"
SECOND_LINE = "+8631186009002"
REASONS = {Ending.BUSY: "486 Busy Here", Ending.NO_ANSWER: "480 Temporarily Unavailable", Ending.FAILED: "503 Full"}
OUTCOMES = {Ending.COMPLETED: "completed", Ending.BUSY: "busy", Ending.NO_ANSWER: "no answer", Ending.FAILED: "network",
            Ending.CANCELLED: "cancelled"}  # fmt: skip
REFUSALS = {Fate.REFUSED_FOR_GOOD: (422, {}), Fate.REFUSED_FOR_NOW: (503, {}), Fate.OUR_FAULT: (403, {}),
            Fate.ASKED_TO_WAIT: (503, {"Retry-After": str(WAIT_SECONDS)})}  # fmt: skip


class SipBench:
    """The adapter, its trunk in a thread of this process, and the service whose calls it carries."""

    carries_texts = False

    def __init__(self):
        self._folder = TemporaryDirectory()
        self._service = Service(public_url=PUBLIC_URL)
        self._fates, self._zone, self._is_down = {}, UTC, False
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._do(self._open())
        self.telephony = SipTelephony(self._trunk.address, SECRET)
        self.unreachable = SipTelephony("http://127.0.0.1:1", SECRET)

    def close(self):
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._service.close()
        self._folder.cleanup()

    async def _open(self):
        self._session, self._engine = aiohttp.ClientSession(), ScriptedEngine()
        peering = Peering([Peer("127.0.0.1:9", (OURS, SECOND_LINE))], "127.0.0.1:9", (10_000, 10_999))
        chosen = Configuration("127.0.0.1", 0, SECRET, Path(self._folder.name), PUBLIC_URL, self._service.url,
                               f"{PUBLIC_URL}/inbound", f"{PUBLIC_URL}/speech", peering, watches=False)  # fmt: skip
        self._trunk = Trunk(chosen, self._session, self._engine)
        self._trunk.api.guard = self._befallen(self._trunk.api.guard)
        await self._trunk.open()

    async def _close(self):
        await self._trunk.close()
        await self._session.close()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    def _befallen(self, guard):
        @web.middleware
        async def befallen(request, handler):
            if self._is_down:
                request.transport.close()
            fate = self._fates.pop((await request.json())["to"], None) if request.method == "PUT" else None
            if fate in REFUSALS:
                status, headers = REFUSALS[fate]
                return web.Response(status=status, headers=headers)
            if fate is Fate.LOST_BEFORE:
                request.transport.close()
                return web.Response()
            answer = await guard(request, handler)
            if fate is Fate.LOST_AFTER:
                request.transport.close()
            return self._zoned(answer)

        return befallen

    def _zoned(self, answer):
        """Instants as a trunk in another zone writes them."""
        if answer.content_type == "application/json":
            answer.text = json.dumps(json.loads(answer.text), default=str)
            for each in set(_instants(json.loads(answer.text))):
                answer.text = answer.text.replace(each, datetime.fromisoformat(each).astimezone(self._zone).isoformat())
        return answer

    def next_request(self, number, fate):
        self._fates[number] = fate

    def goes_down(self):
        self._is_down = True

    def writes_instants(self, zone):
        self._zone = zone

    def has_called(self, to, *, age=None, is_leg=False, from_=OURS):
        async def known():
            order = Order(to, from_, to, 30, "", "", "", direction=Direction.LEG if is_leg else Direction.OUT)
            made = datetime.now(UTC) - age if age else datetime.now(UTC)
            record = Record(str(uuid4()), order, made, is_answered=False)
            self._trunk.registry._take({"call": record.written()})
            return record.id

        return self._do(known())

    def is_answered(self, call):
        async def answers():
            self._line(call).answer_heard()

        self._service.says(self._path(call), {"hear": [], "ask": {"url": PUBLIC_URL, "keys": 1, "seconds": 900,
                                                                  "also_silence": True}})  # fmt: skip
        self._do(answers())
        wait_for(lambda: self._trunk.registry.find(call).is_answered, "the answer")
        self._service.wait(self._path(call))

    def has_ended(self, call, ending, *, by_machine=False):
        async def ends():
            if by_machine:
                self._trunk.registry.heard_machine(call)
            if ending is Ending.CANCELLED:
                await self._trunk.switchboard.cancel(call)
            else:
                self._line(call).close(REASONS.get(ending, ""))

        if ending is Ending.COMPLETED and not self._trunk.registry.find(call).is_answered:
            self.is_answered(call)
        self._do(ends())
        wait_for(lambda: self._trunk.registry.find(call).is_over, "the end")

    def has_asked(self, call, url, told, *, was_answered=True):
        async def asked():
            self._trunk.registry.asked(call, Asked(url, _told(told), was_answered))

        self._do(asked())

    def sent_to(self, call):
        """Where a conversation went on: what was asked after its first words."""
        path = self._path(call)

        def asked():
            return [PUBLIC_URL + path for told in self._service.told(path) if told["call"] == call]

        if not self._trunk.registry.find(call).is_over:
            wait_for(lambda: len(asked()) > 1, "the conversation elsewhere")
        return asked()[1:]

    def calls_to(self, number):
        return len([line for line in self._engine.lines if line.dialled == number])

    def keeps_recording(self, sound):
        name = uuid4().hex
        (Path(self._folder.name) / "recordings" / f"{name}.wav").write_bytes(sound)
        return name

    def tells(self, told):
        """It recognises no words: whoever says something has pressed nothing."""
        return NO_KEY if isinstance(told, Words) else told

    def understands(self, document):
        """The same of what is asked for: keys alone."""
        return replace(document, asks=(*document.asks[:4], ())) if document.asks else document

    # its requests

    def turn(self, url, call, told=NO_KEY, *, party="", failed=None):
        more = {"failed": failed.url, "why": failed.reason} if failed else {}
        return self.request(url, **{"call": call, "party": party} | _told(told) | more)

    def call_report(self, url, call, ending, *, by_machine=False):
        return self.request(url, call=call, outcome=OUTCOMES[ending] if ending else None, by_machine=by_machine)

    def machine_report(self, url, call, *, by_machine, is_listening=False):
        return self.request(url, call=call, machine=by_machine, listening=is_listening)

    def inbound_call(self, url, call, caller):
        return self.request(url, call=call, caller=caller or "", number=OURS)

    def request(self, url, **fields):
        body = json.dumps(fields).encode()
        return WebhookRequest(url, {SEAL: seal(SECRET, url, body)}, body)

    def of_another_account(self, url, call):
        body = json.dumps({"call": call}).encode()
        return WebhookRequest(url, {SEAL: seal("another secret", url, body)}, body)

    def kept(self, request_kind):
        return {"call": {"call": "CA1", "outcome": "busy"}}[request_kind]

    # our replies

    def read(self, reply):
        read = replies.reply_of(reply.encode())
        heard = tuple(_heard(each) for each in read.heard)
        match read.then:
            case replies.Ask(url, keys, seconds, also_silence):
                return Document(heard, asks=(url, keys, seconds, also_silence, ()))
            case replies.Tape() as tape:
                return Document(heard, records=tuple(asdict(tape).values()))
            case replies.Connect() as connect:
                told = asdict(connect)
                names = ("url", "number", "from_", "ring_seconds", "talk_seconds", "whisper_url", "status_url")
                return Document(heard, connects=tuple(told[name] for name in names))
            case replies.Bridge():
                return Document(heard, bridges=True)
            case replies.GoOn(url):
                return Document(heard, goes_on=url)
        return Document(heard)

    def is_silent_thanks(self, reply):
        return json.loads(reply) == {}

    def _line(self, call):
        return self._trunk.switchboard._live[call].line

    def _path(self, call):
        return urlsplit(self._trunk.registry.find(call).order.answer_url).path


def _told(told):
    match told:
        case RecordingReport():
            return {"recording": told.recording_id, "seconds": told.seconds}
        case LegReport():
            return {"leg": told.provider_id, "leg_outcome": OUTCOMES[told.ending], "talked": told.was_connected}
        case Words():
            return {"keys": ""}
    return {"keys": told.pressed}


def _heard(each):
    [*fields] = asdict(each).values()
    return fields[0]


def _instants(told):
    listed = told if isinstance(told, list) else [told]
    return [each["created_at"] for each in listed if isinstance(each, dict) and "created_at" in each]
