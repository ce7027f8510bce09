"""A service of its own for a demo or a rehearsal: ``zaoan up`` as a child process, and its exchange."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Protocol, Self

import requests

from core.clock import Anchor
from core.running.installation import Purpose
from core.settings import Settings

READY_WITHIN_SECONDS = 180.0
STOP_WITHIN_SECONDS = 60.0
REQUEST_SECONDS = 60.0


class NotStartedError(Exception):
    """The service did not start; the message is what it said."""


class Process(Protocol):
    """What is asked of a process that runs the service; ``subprocess.Popen`` can do it all."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; raises ``subprocess.TimeoutExpired``."""

    def send_signal(self, sig: int) -> None:
        """Sends it a signal."""

    def kill(self) -> None:
        """Kills it at once."""


class RunningService:
    """Every process of the real service, on the embedded defaults, until the ``with`` block ends."""

    def __init__(self, settings: Settings, purpose: Purpose, directory: Path) -> None:
        self.settings = settings
        self.exchange_log = directory / "exchange.jsonl"
        self._said = directory / "service.log"
        self._words = ["up", "--purpose", purpose.value, "--exchange-log", str(self.exchange_log)]
        self._process: Process | None = None
        self.anchors: list[Anchor] = []
        """Those of the service's clock after each ``run_at`` that was waited for, as the service keeps them."""

    def __enter__(self) -> Self:
        self._process = self._started(self._words, environment(self.settings), self._said)
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()

    @property
    def page(self) -> str:
        """The address of the web page."""
        return self.settings.public_url

    def said(self) -> str:
        """What the service has written to its terminal so far."""
        return self._said.read_text(errors="replace")

    def script(self, subscribers: Sequence[dict[str, Any]]) -> None:
        """Gives the exchange its subscribers."""
        self._tell("subscribers", subscribers)

    def suffer(self, faults: Mapping[str, object]) -> None:
        """From now on these faults, and no others, strike at the exchange."""
        self._tell("faults", faults)

    def run_at(self, speed: float) -> None:
        """From now on the exchange's people, and with them the service's clock, run at this speed."""
        requests.put(f"{self.settings.exchange_url}/exchange/tempo", json={"speed": speed}, timeout=REQUEST_SECONDS)

    def suspend(self) -> None:
        """The service stands still, as on a machine that sleeps; the exchange and its people go on."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """The service goes on where it stood."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kills the service at once, as a power failure would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def start_again(self) -> None:
        """After it was killed; returns when it is ready."""
        self._process = self._started(self._words, environment(self.settings), self._said)
        self._wait_until_ready()

    def _started(self, words: Sequence[str], environment: Mapping[str, str], said: Path) -> Process:
        """A process of ``zaoan`` with these words on its command line, which ends when this one does."""
        command = [sys.executable, "-m", "zaoan", *words, "--parent-pid", str(os.getpid())]
        with said.open("ab") as output:
            return subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)

    def _tell(self, what: str, content: Any) -> None:
        answer = requests.put(f"{self.settings.exchange_url}/exchange/{what}", json=content, timeout=REQUEST_SECONDS)
        if not answer.ok:
            raise NotStartedError(f"the exchange refused its {what}: {answer.text}")

    def _wait_until_ready(self) -> None:
        until = monotonic() + READY_WITHIN_SECONDS
        while monotonic() < until:
            if self._process and self._process.poll() is not None:
                raise NotStartedError(self.said())
            if self._is_ready():
                return
            sleep(0.05)
        raise NotStartedError(f"the service was not ready within {READY_WITHIN_SECONDS:.0f} s\n{self.said()}")

    def _is_ready(self) -> bool:
        return answers(f"{self.page}/readyz") and answers(f"{self.settings.exchange_url}/healthz")

    def _stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self.resume()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def answers(url: str) -> bool:
    """Whether somebody says there that all is well."""
    try:
        return requests.get(url, timeout=REQUEST_SECONDS).ok
    except requests.ConnectionError:
        return False


def environment(settings: Settings) -> dict[str, str]:
    """For a child process: it sees exactly these settings and none of our own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZAOAN_")}
    given = settings.model_dump(
        mode="json", exclude={"secret_key", "data_keys", "twilio_auth_token", "twilio_number", "sip_password"}
    )
    ours = {f"ZAOAN_{name.upper()}": str(value) for name, value in given.items() if value is not None}
    if keys := settings.data_keys.get_secret_value():
        ours["ZAOAN_DATA_KEYS"] = keys  # a process with others could not read what we have written
    return inherited | ours | {"PYTHONUNBUFFERED": "1"}
