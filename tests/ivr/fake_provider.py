"""A small provider over real HTTP: speaks Twilio's REST API, and answers each request as a test wants.

It knows calls, texts, recordings and what it has asked in a call; it makes no request of its own.
"""

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from urllib.parse import parse_qs, urlsplit

from tests.patience import PATIENCE_SECONDS

CUT = "cut"
"""Instead of an answer the connection breaks."""


@dataclass
class Placed:
    """A call at the provider."""

    sid: str
    to: str
    from_: str
    status: str = "queued"
    age: timedelta = timedelta(0)
    parent: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered_by: str | None = None
    events: list = field(default_factory=list)
    sent_to: list = field(default_factory=list)

    def resource(self, dated):
        created = dated(self.created - self.age)
        return {"sid": self.sid, "to": self.to, "from": self.from_, "status": self.status, "date_created": created,
                "parent_call_sid": self.parent, "answered_by": self.answered_by, "start_time": None}  # fmt: skip


@dataclass
class Message:
    """A text at the provider."""

    sid: str
    to: str
    from_: str
    body: str
    status: str = "queued"
    error_code: int | None = None
    direction: str = "outbound-api"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def resource(self, dated):
        return {"sid": self.sid, "to": self.to, "from": self.from_, "body": self.body, "status": self.status,
                "error_code": self.error_code, "direction": self.direction,
                "date_created": dated(self.created)}  # fmt: skip


@dataclass
class Answer:
    """What one request to place a call leads to: how many calls, and what is said of them after so many seconds.

    With a ``gate``, nothing is said before it is open.
    """

    places: int = 1
    status: int = 201
    body: object = None
    call_status: str = "queued"
    after: float = 0.0
    gate: threading.Event | None = None
    headers: dict = field(default_factory=dict)


def refused(code, status=400):
    return Answer(0, status, {"code": code, "message": "refused", "more_info": "", "status": status})


PLACED = Answer()
BUSY_ALREADY = Answer(call_status="busy")
TOO_MANY = refused(20429, 429)
PLACED_BUT_500 = Answer(1, 500, {"code": 20500, "message": "Internal Server Error", "status": 500})
NOT_PLACED_500 = Answer(0, 500, {"code": 20500, "message": "Internal Server Error", "status": 500})
PLACED_TWICE_AND_CUT = Answer(2, 201, CUT)
PLACED_AND_CUT = Answer(1, 201, CUT)
HTML = Answer(0, 200, "<html>please log in to this network</html>")
NO_SID = Answer(0, 201, {"status": "queued"})
DOWN = 503, {"code": 20503, "message": "unavailable", "status": 503}
NOT_FOUND = 404, {"code": 20404, "message": "not found", "status": 404}
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""A call that has ended is changed no more: https://www.twilio.com/docs/api/errors/21220."""


class Provider:
    """``says(number, …)`` are the answers to the next requests for that number; afterwards calls are placed."""

    def __init__(self, latency=0.0, page_size=50):
        self.latency, self.page_size = latency, page_size
        self.calls, self.requests, self.orders, self.updates = [], [], [], []
        self.lists_nothing_for = set()
        self.messages, self.sounds, self.is_down = [], {}, False
        self.dated = format_datetime
        """How this provider writes an instant."""
        self._answers = defaultdict(list)
        self._from_answers = {}
        self._guard = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def says(self, number, *answers):
        self._answers[number] += answers

    def says_to_line(self, from_, answer):
        """From now on everything asked for from our number ``from_`` is answered so; None ends that."""
        self._from_answers[from_] = answer

    def requests_for(self, number):
        return [each for each in self.requests if each[1] == number]

    def calls_to(self, number):
        return [call for call in self.calls if call.to == number]

    def call(self, sid):
        return next((call for call in self.calls if call.sid == sid), None)

    def send(self, form):
        to, from_ = form["To"][0], form["From"][0]
        answer = self._next_answer(to, from_)
        sent = [
            Message(f"SM{len(self.messages) + number:032x}", to, from_, form["Body"][0])
            for number in range(answer.places)
        ]
        self.messages += sent
        return answer.status, answer.body or sent[0].resource(self.dated), answer.headers

    def _next_answer(self, to, from_):
        waiting = self._answers[to]
        return self._from_answers.get(from_) or (waiting.pop(0) if waiting else PLACED)

    def place(self, form):
        to, from_ = form["To"][0], form["From"][0]
        with self._guard:
            self.requests.append((monotonic(), to, from_))
            self.orders.append(form)
            answer = self._next_answer(to, from_)
            placed = [
                Placed(f"CA{len(self.calls) + number:032x}", to, from_, answer.call_status)
                for number in range(answer.places)
            ]
            self.calls += placed
        sleep(self.latency + answer.after)
        if answer.gate:
            answer.gate.wait(PATIENCE_SECONDS)
        return answer.status, answer.body or placed[0].resource(self.dated), answer.headers

    def listing(self, path, query):
        if path.endswith("/Messages.json"):
            return self._texts(query)
        to, from_, page = query.get("To", [""])[0], query["From"][0], int(query.get("Page", ["0"])[0])
        if to in self.lists_nothing_for:
            return DOWN
        found = [call for call in reversed(self.calls) if call.to in {to, to or call.to} and call.from_ == from_]
        shown = found[page * self.page_size : (page + 1) * self.page_size]
        more = len(found) > (page + 1) * self.page_size
        following = f"{path}?To=%2B{to[1:]}&From=%2B{from_[1:]}&Page={page + 1}" if more else None
        return 200, {"calls": [call.resource(self.dated) for call in shown], "next_page_uri": following, "page": page}

    def _texts(self, query):
        to, from_ = query["To"][0], query.get("From", [""])[0]
        found = [each for each in reversed(self.messages) if each.to == to and each.from_ == (from_ or each.from_)]
        return 200, {"messages": [each.resource(self.dated) for each in found], "next_page_uri": None, "page": 0}

    def fetch(self, sid):
        found = next((each for each in [*self.calls, *self.messages] if each.sid == sid), None)
        return (200, found.resource(self.dated)) if found else NOT_FOUND

    def events_of(self, sid):
        call = self.call(sid)
        return (200, {"events": call.events, "next_page_uri": None, "page": 0}) if call else NOT_FOUND

    def update(self, sid, form):
        call = self.call(sid)
        if call is None:
            return NOT_FOUND
        if call.status in ENDED:
            self.updates.append((sid, form.get("Status", [""])[0]))
            return 400, {"code": 21220, "message": "Call is not in-progress. Cannot redirect.", "status": 400}
        if "Url" in form:
            call.sent_to.append(form["Url"][0])
            return 200, call.resource(self.dated)
        status = form["Status"][0]
        with self._guard:
            self.updates.append((sid, status))
            if status == "completed" or call.status in {"queued", "ringing"}:
                call.status = status
        return 200, call.resource(self.dated)

    def delete(self, sid):
        return (204, "") if self.sounds.pop(sid, None) else NOT_FOUND


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if provider.is_down:
                self._answer(*DOWN)
            elif self.path.endswith("/Calls.json"):
                self._answer(*provider.place(form))
            elif self.path.endswith("/Messages.json"):
                self._answer(*provider.send(form))
            else:
                self._answer(*provider.update(self._sid(), form))

        def do_GET(self):
            url = urlsplit(self.path)
            if provider.is_down:
                self._answer(*DOWN)
            elif url.path.endswith(("/Calls.json", "/Messages.json")):
                self._answer(*provider.listing(url.path, parse_qs(url.query)))
            elif url.path.endswith("/Events.json"):
                self._answer(*provider.events_of(url.path.split("/")[-2]))
            elif sid := self._recording():
                self._answer(*((200, provider.sounds[sid]) if sid in provider.sounds else NOT_FOUND))
            elif url.path.count("/") == 3:  # the account
                self._answer(200, {"sid": self._sid(), "status": "active"})
            else:
                self._answer(*provider.fetch(self._sid()))

        def do_DELETE(self):
            self._answer(*(DOWN if provider.is_down else provider.delete(self._sid())))

        def _recording(self):
            name = self.path.rsplit("/", 1)[1]
            return name.removesuffix(".wav") if name.endswith(".wav") else None

        def log_message(self, *_):
            pass

        def _sid(self):
            return urlsplit(self.path).path.rsplit("/", 1)[1].removesuffix(".json")

        def _answer(self, status, body, headers=()):
            if body == CUT:
                self.close_connection = True
                return
            text = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            for name, value in dict(headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

    return Handler
