"""An exchange as a process of its own, and what a test asks of it."""

import itertools
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import requests
from twilio.rest import Client

from exchange.__main__ import TOKEN_VARIABLE
from tests.exchange.service import TOKEN, Service
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import ForkedModule

SID = "AC" + "0a" * 16
OURS = "+8631186000000"
SECOND = "+8631186000001"
STANDING_STILL = 0.001
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
        response = requests.put(f"{self.url}/exchange/subscribers", json=[subscriber], timeout=PATIENCE_SECONDS)
        assert response.status_code == 200, response.text
        return str(subscriber["number"])

    def call(self, to: str, url: str, **more: Any) -> str:
        """Places a call whose progress goes to ``/status/<to>``; returns its sid."""
        status = f"{self.service.url}/status/{to.lstrip('+')}"
        return str(self.twilio.calls.create(to=to, from_=OURS, url=url, status_callback=status, **more).sid)

    def log(self, call: str | None = None) -> list[Entry]:
        """The log so far, of one call or of everything."""
        entries = requests.get(f"{self.url}/exchange/log", timeout=PATIENCE_SECONDS).json()
        return [entry for entry in entries if call is None or entry["call"] == call]

    def ended(self, call: str) -> list[Entry]:
        """The log of a call, once the call and its report are over."""
        return self.wait(call, lambda entries: "call.ended" in events(entries))

    def wait(self, call: str, enough: Any) -> list[Entry]:
        """The log of a call, once ``enough`` of it is there."""

        def there() -> list[Entry] | None:
            return entries if enough(entries := self.log(call)) else None

        found: list[Entry] = wait_for(there, f"the log of {call or 'all calls'}")
        return found

    def inbound(self, from_: str | None, count: int = 1) -> str:
        """The sid of the n-th inbound call of a number, once there is one."""

        def found() -> list[Entry]:
            return [e for e in self.log() if e["event"] == "call.inbound" and e["number"] == from_]

        wait_for(lambda: len(found()) >= count, f"call {count} of {from_}")
        return str(found()[count - 1]["call"])

    @contextmanager
    def at(self, speed: float) -> Iterator[None]:
        """Meanwhile people live at this speed: what a test does in the middle of their time must not take too long."""
        usual = self.run_at(speed)
        try:
            yield
        finally:
            self.run_at(usual)

    def held(self) -> AbstractContextManager[None]:
        """Meanwhile people's time stands still, as good as."""
        return self.at(STANDING_STILL)

    def run_at(self, speed: float) -> float:
        """From now on people live at this speed; returns the one before."""
        url = f"{self.url}/exchange/tempo"
        before = float(requests.get(url, timeout=PATIENCE_SECONDS).json()["configured"])
        requests.put(url, json={"speed": speed}, timeout=PATIENCE_SECONDS).raise_for_status()
        return before

    def post(self, path: str, body: object) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=PATIENCE_SECONDS)


def events(entries: list[Entry]) -> list[str]:
    return [entry["event"] for entry in entries]


def one(entries: list[Entry], event: str) -> Entry:
    """The only entry of this event."""
    (entry,) = [entry for entry in entries if entry["event"] == event]
    return entry


SECRETS = {TOKEN_VARIABLE: TOKEN}


def command(service: Service, log: Path, *more: str) -> list[str]:
    """The exchange's command line; it wants ``SECRETS`` in its environment."""
    return [
        *(sys.executable, "-m", "exchange", "--log", str(log), "--account-sid", SID),
        *("--number", OURS, "--number", SECOND, "--voice-url", f"{service.url}/inbound/voice"),
        *("--text-url", f"{service.url}/inbound/text", "--status-url", f"{service.url}/inbound/status", *more),
    ]


@contextmanager
def running(service: Service, log: Path, *more: str) -> Iterator[Exchange]:
    """An exchange, ended afterwards."""
    process = ForkedModule(command(service, log, *more), env=SECRETS)
    ready = process.stdout.readline()
    assert ready.startswith("exchange listening on http://127.0.0.1:"), ready
    try:
        yield Exchange(ready.split()[-1], service, process, log)
    finally:
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
        process.stdout.close()


def read(log: Path) -> list[Entry]:
    whole, _, _ = log.read_text("utf-8").rpartition("\n")  # the last line may be being written just now
    return [json.loads(line) for line in whole.splitlines()]
