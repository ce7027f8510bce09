"""An exchange as a process of its own, and what a test asks of it."""

import itertools
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from twilio.rest import Client

from tests.ivr.exchange.service import PATIENCE_SECONDS, TOKEN, Service
from tests.processes import ForkedModule

SID = "AC" + "0a" * 16
OURS = "+8631186000000"
SECOND = "+8631186000001"
_numbers = itertools.count(1000)
Entry = dict[str, Any]


def number() -> str:
    """A number nobody else in these tests has."""
    return f"+86311870{next(_numbers)}"


class Exchange:
    def __init__(self, url: str, service: Service, process: ForkedModule, log: Path) -> None:
        self.url = url
        self.service = service
        self.process = process
        self.log_file = log
        self.twilio = Client(SID, TOKEN)
        self.twilio.api.base_url = url

    def subscribe(self, *calls: Entry, **more: object) -> str:
        """A new subscriber with these calls; returns the number."""
        subscriber = {"number": number(), "label": "王奶奶", "behaviour": "test", "calls": list(calls)} | more
        if not calls:
            del subscriber["calls"]
        response = requests.put(f"{self.url}/exchange/subscribers", json=[subscriber], timeout=5)
        assert response.status_code == 200, response.text
        return str(subscriber["number"])

    def call(self, to: str, url: str, **more: Any) -> str:
        """Places a call whose progress goes to ``/status/<to>``; returns its sid."""
        status = f"{self.service.url}/status/{to.lstrip('+')}"
        return str(self.twilio.calls.create(to=to, from_=OURS, url=url, status_callback=status, **more).sid)

    def log(self, call: str | None = None) -> list[Entry]:
        """The log so far, of one call or of everything."""
        entries = requests.get(f"{self.url}/exchange/log", timeout=5).json()
        return [entry for entry in entries if call is None or entry["call"] == call]

    def ended(self, call: str) -> list[Entry]:
        """The log of a call, once the call and its report are over."""
        return self.wait(call, lambda entries: "call.ended" in events(entries))

    def wait(self, call: str, enough: Any) -> list[Entry]:
        """The log of a call, once ``enough`` of it is there."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not enough(entries := self.log(call)):
            assert time.monotonic() < until, entries
            time.sleep(0.01)
        return entries

    def inbound(self, from_: str | None, count: int = 1) -> str:
        """The sid of the n-th inbound call of a number, once there is one."""

        def found() -> list[Entry]:
            return [e for e in self.log() if e["event"] == "call.inbound" and e["number"] == from_]

        until = time.monotonic() + PATIENCE_SECONDS
        while len(found()) < count:
            assert time.monotonic() < until
            time.sleep(0.01)
        return str(found()[count - 1]["call"])

    def post(self, path: str, body: object) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=10)


def events(entries: list[Entry]) -> list[str]:
    return [entry["event"] for entry in entries]


def one(entries: list[Entry], event: str) -> Entry:
    """The only entry of this event."""
    (entry,) = [entry for entry in entries if entry["event"] == event]
    return entry


def command(service: Service, log: Path, *more: str) -> list[str]:
    """The exchange's command line."""
    return [
        *(sys.executable, "-m", "ivr.exchange", "--log", str(log), "--account-sid", SID, "--auth-token", TOKEN),
        *("--number", OURS, "--number", SECOND, "--voice-url", f"{service.url}/inbound/voice"),
        *("--text-url", f"{service.url}/inbound/text", "--status-url", f"{service.url}/inbound/status", *more),
    ]


@contextmanager
def running(service: Service, log: Path, *more: str) -> Iterator[Exchange]:
    """An exchange, ended afterwards."""
    process = ForkedModule(command(service, log, *more))
    ready = process.stdout.readline()
    assert ready.startswith("exchange listening on http://127.0.0.1:"), ready
    try:
        yield Exchange(ready.split()[-1], service, process, log)
    finally:
        process.terminate()
        assert process.wait(3) == 0
        process.stdout.close()


def read(log: Path) -> list[Entry]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]
