"""A small provider over real HTTP: speaks Twilio's REST API for calls, and answers each request as a test wants."""

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

    def resource(self, dated):
        created = dated(self.created - self.age)
        return {"sid": self.sid, "to": self.to, "from": self.from_, "status": self.status, "date_created": created,
                "parent_call_sid": self.parent, "answered_by": None, "start_time": None}  # fmt: skip


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


class Provider:
    """``says(number, …)`` are the answers to the next requests for that number; afterwards calls are placed."""

    def __init__(self, latency=0.0, page_size=50):
        self.latency, self.page_size = latency, page_size
        self.calls, self.requests, self.orders, self.updates = [], [], [], []
        self.lists_nothing_for = set()
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

    def place(self, form):
        to, from_ = form["To"][0], form["From"][0]
        with self._guard:
            self.requests.append((monotonic(), to, from_))
            self.orders.append(form)
            waiting = self._answers[to]
            answer = self._from_answers.get(from_) or (waiting.pop(0) if waiting else PLACED)
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
        to, from_, page = query.get("To", [""])[0], query["From"][0], int(query.get("Page", ["0"])[0])
        if to in self.lists_nothing_for:
            return 503, {"code": 20503, "message": "unavailable", "status": 503}
        found = [call for call in reversed(self.calls) if call.to in {to, to or call.to} and call.from_ == from_]
        shown = found[page * self.page_size : (page + 1) * self.page_size]
        more = len(found) > (page + 1) * self.page_size
        following = f"{path}?To=%2B{to[1:]}&From=%2B{from_[1:]}&Page={page + 1}" if more else None
        return 200, {"calls": [call.resource(self.dated) for call in shown], "next_page_uri": following, "page": page}

    def fetch(self, sid):
        found = next((call for call in self.calls if call.sid == sid), None)
        return (
            (200, found.resource(self.dated))
            if found
            else (404, {"code": 20404, "message": "not found", "status": 404})
        )

    def update(self, sid, status):
        call = next(call for call in self.calls if call.sid == sid)
        with self._guard:
            self.updates.append((sid, status))
            if status == "completed" or call.status in {"queued", "ringing"}:
                call.status = status
        return 200, call.resource(self.dated)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if self.path.endswith("/Calls.json"):
                self._answer(*provider.place(form))
            else:
                self._answer(*provider.update(self._sid(), form["Status"][0]))

        def do_GET(self):
            url = urlsplit(self.path)
            if url.path.endswith("/Calls.json"):
                self._answer(*provider.listing(url.path, parse_qs(url.query)))
            else:
                self._answer(*provider.fetch(self._sid()))

        def log_message(self, *_):
            pass

        def _sid(self):
            return urlsplit(self.path).path.rsplit("/", 1)[1].removesuffix(".json")

        def _answer(self, status, body, headers=()):
            if body == CUT:
                self.close_connection = True
                return
            text = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            for name, value in dict(headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

    return Handler
