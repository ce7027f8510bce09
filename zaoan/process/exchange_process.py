"""The bundled exchange as a child process, and the numbers and keys by which the service knows it."""

import hashlib
import hmac
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.parse import urlsplit

from core.settings import Settings
from ivr.ports.webhook_paths import INBOUND
from zaoan.process.ports import free_port_from
from zaoan.web.paths import SPEED_PATH

DEFAULT_NUMBER = "+8631186009999"
DEFAULT_PORT = 8010
SPOKEN = "listening on "
TOKEN_VARIABLE = "EXCHANGE_AUTH_TOKEN"
ANSWERS_WITHIN_SECONDS = 2.0


@dataclass(frozen=True)
class Account:
    """The account at the provider: its id, its token, and our numbers there."""

    sid: str
    token: str
    numbers: Sequence[str]


def exchange_account(settings: Settings) -> Account:
    """The account at the bundled exchange: made from our own secret, so that every process knows it."""
    secret = settings.secret().encode()
    sid = "AC" + hmac.new(secret, b"exchange account", hashlib.md5).hexdigest()
    token = hmac.new(secret, b"exchange token", hashlib.md5).hexdigest()
    return Account(sid, token, settings.twilio_number or (DEFAULT_NUMBER,))


def exchange_secrets(settings: Settings) -> dict[str, str]:
    """What that command finds in its environment: the token, which the list of processes would show to everybody."""
    return {TOKEN_VARIABLE: exchange_account(settings).token}


def exchange_command(settings: Settings, port: int, log: Path, parent_pid: int | None) -> list[str]:
    """The command that starts the exchange; with ``parent_pid`` it ends when that process does."""
    account = exchange_account(settings)
    inbound = f"{settings.public_url.rstrip('/')}{INBOUND}"
    command = [
        *(sys.executable, "-m", "exchange", "--host", _address(settings)[0], "--port", str(port)),
        *("--speed", str(settings.clock_speed), "--log", str(log)),
        *("--account-sid", account.sid),
        *("--voice-url", f"{inbound}/voice", "--text-url", f"{inbound}/text", "--status-url", f"{inbound}/status"),
        *("--tempo-url", f"{settings.public_url.rstrip('/')}{SPEED_PATH}"),
        *("--calls-per-second", str(settings.line_calls_per_second)),
    ]
    for number in account.numbers:
        command += ["--number", number]
    return command + (["--parent-pid", str(parent_pid)] if parent_pid else [])


class ExchangeProcess:
    """The exchange that this service talks to; ``url`` is where it speaks Twilio's API.

    One that already answers at ``ZAOAN_EXCHANGE_URL`` is used; otherwise one starts there, or on the next free port.
    """

    def __init__(self, settings: Settings, log: Path) -> None:
        self._process: Popen[str] | None = None
        self.url = settings.exchange_url
        if not _answers(settings.exchange_url):
            self._start(settings, log)

    def close(self) -> None:
        """Ends the exchange if it was started here."""
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=10)

    def _start(self, settings: Settings, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        command = exchange_command(settings, free_port_from(*_address(settings)), log, os.getpid())
        environment = os.environ | exchange_secrets(settings)
        self._process = Popen(command, stdout=PIPE, text=True, start_new_session=True, env=environment)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if SPOKEN not in line:
            raise RuntimeError("the bundled exchange did not start")
        self.url = line.split(SPOKEN)[1].strip()


def _address(settings: Settings) -> tuple[str, int]:
    address = urlsplit(settings.exchange_url)
    return address.hostname or "127.0.0.1", address.port or DEFAULT_PORT


def _answers(url: str) -> bool:
    import requests  # every command knows our account, and few ask the exchange

    try:
        return requests.get(f"{url.rstrip('/')}/healthz", timeout=ANSWERS_WITHIN_SECONDS).ok
    except requests.RequestException:
        return False
