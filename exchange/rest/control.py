"""The control API, for demos, rehearsals and tests: subscribers, calls and texts of theirs, tempo and log."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from aiohttp import web

from exchange.calls.presence import Presence
from exchange.calls.reporting import Account
from exchange.calls.switchboard import Switchboard
from exchange.calls.texts import Mailroom
from exchange.errors import ScriptError, TelephoneInUseError
from exchange.faults import USUAL_RATES, Faults, read_plan
from exchange.log import Log
from exchange.parties.directory import Directory
from exchange.parties.overheard import recording
from exchange.reading import Fields
from exchange.rest.json_documents import document
from exchange.rest.resources import call_resource, text_resource
from exchange.sound import Sounds
from exchange.subscribers import E164, read_responses, read_subscribers

FASTEST = 1000.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlApi:
    """The handlers. They ask for no credentials: the exchange listens on this machine only."""

    def __init__(
        self,
        account: Account,
        directory: Directory,
        switchboard: Switchboard,
        mailroom: Mailroom,
        presence: Presence,
        faults: Faults,
        log: Log,
        sounds: Sounds,
    ) -> None:
        self._account = account
        self._directory = directory
        self._switchboard = switchboard
        self._mailroom = mailroom
        self._presence = presence
        self._faults = faults
        self._log = log
        self._sounds = sounds

    def routes(self) -> list[web.RouteDef]:
        """The exchange's own addresses."""
        return [
            web.get("/healthz", self._healthy),
            web.get("/exchange/subscribers", self._list_subscribers),
            web.put("/exchange/subscribers", self._put_subscribers),
            web.get("/exchange/calls", self._list_calls),
            web.get("/exchange/calls/{sid}/line.wav", self._overhear),
            web.post("/exchange/dial", self._dial),
            web.get("/exchange/texts", self._list_texts),
            web.post("/exchange/texts", self._write),
            web.get("/exchange/tempo", self._read_tempo),
            web.put("/exchange/tempo", self._change_tempo),
            web.get("/exchange/faults", self._read_faults),
            web.put("/exchange/faults", self._change_faults),
            web.get("/exchange/log", self._read_log),
        ]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answers what is not understood with 400, and a telephone in use with 409, each with ``{"error": why}``."""
        try:
            return await handler(request)
        except ScriptError as error:
            return web.json_response({"error": str(error)}, status=400)
        except TelephoneInUseError as error:
            return web.json_response({"error": str(error)}, status=409)

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _list_subscribers(self, _: web.Request) -> web.Response:
        return web.json_response([subscriber.script() for subscriber in self._directory.all()])

    async def _put_subscribers(self, request: web.Request) -> web.Response:
        self._directory.put(read_subscribers(await document(request)))
        return web.json_response({"subscribers": len(self._directory.all())})

    async def _list_calls(self, _: web.Request) -> web.Response:
        calls = self._switchboard.register.newest_first()
        return web.json_response([call_resource(self._account.sid, call) for call in calls])

    async def _overhear(self, request: web.Request) -> web.Response:
        """What the subscriber has heard in a call, as one sound; 404 for a call in which nothing was heard."""
        call = self._switchboard.register.find(request.match_info["sid"])
        if call is None or not call.heard:
            raise web.HTTPNotFound
        urls = dict.fromkeys(each.url for each in call.heard if each.url)
        sounds = {url: await self._sounds.content(url) for url in urls}
        return web.Response(body=recording(call.heard, sounds), content_type="audio/wav")

    async def _dial(self, request: web.Request) -> web.Response:
        fields = Fields(await document(request), "dial", {"from", "responses"})
        caller = None if fields.absent("from") else _number(fields)
        responses = () if fields.absent("responses") else read_responses(fields.get("responses"))
        call = self._switchboard.dial(caller, responses)
        return web.json_response({"sid": call.sid}, status=201)

    async def _list_texts(self, _: web.Request) -> web.Response:
        delivered = self._mailroom.delivered()
        sid = self._account.sid
        return web.json_response(
            {number: [text_resource(sid, text) for text in texts] for number, texts in delivered.items()}
        )

    async def _write(self, request: web.Request) -> web.Response:
        fields = Fields(await document(request), "text", {"from", "body"})
        text, answer = await self._mailroom.receive(_number(fields), fields.text("body"))
        return web.json_response({"sid": text.sid, "webhook_status": answer.status}, status=201)

    async def _read_tempo(self, _: web.Request) -> web.Response:
        return web.json_response(asdict(self._presence.speed()) | {"held": self._presence.lines.numbers()})

    async def _change_tempo(self, request: web.Request) -> web.Response:
        speed = Fields(await document(request), "tempo", {"speed"}).number("speed")
        if not 0 < speed <= FASTEST:
            raise ScriptError(f"tempo.speed: {speed:g} is not between 0 and {FASTEST:g}")
        self._presence.configure(speed)
        return await self._read_tempo(request)

    async def _read_faults(self, _: web.Request) -> web.Response:
        usual = {"usual": dict(USUAL_RATES), "struck": dict(self._faults.struck)}
        return web.json_response(self._faults.plan.written() | usual)

    async def _change_faults(self, request: web.Request) -> web.Response:
        self._faults.change(read_plan(await document(request)))
        return await self._read_faults(request)

    async def _read_log(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            raise ScriptError(f"after: {after!r} is no whole number")
        return web.Response(body=self._log.after(int(after)), content_type="application/json")


def _number(fields: Fields) -> str:
    number = fields.text("from")
    if not E164.fullmatch(number):
        raise ScriptError(f"from: {number!r} is no E.164 number such as +8631186012345")
    return number
