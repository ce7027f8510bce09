"""The bundled exchange as a child process, and the numbers and keys by which the service knows it."""

import hashlib
import hmac
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.settings import Settings
from zaoan.ports import free_port_from

DEFAULT_NUMBER = "+8631186009999"


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


class ExchangeProcess:
    """The running exchange; ``url`` is where it speaks Twilio's API."""

    def __init__(self, settings: Settings, public_url: str, log: Path) -> None:
        account = exchange_account(settings)
        address = urlsplit(settings.exchange_url)
        host = address.hostname or "127.0.0.1"
        port = free_port_from(host, address.port or 8010)
        telephony = f"{public_url.rstrip('/')}/telephony/inbound"
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [
            *(sys.executable, "-m", "ivr.exchange", "--host", host, "--port", str(port)),
            *("--speed", str(settings.clock_speed), "--log", str(log)),
            *("--account-sid", account.sid, "--auth-token", account.token),
            *("--voice-url", f"{telephony}/voice", "--text-url", f"{telephony}/text"),
            *("--status-url", f"{telephony}/status", "--parent-pid", str(os.getpid())),
            *("--calls-per-second", str(settings.line_calls_per_second)),
        ]
        for number in account.numbers:
            command += ["--number", number]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.url = self._spoken_address()

    def close(self) -> None:
        """Ends the exchange."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def _spoken_address(self) -> str:
        stdout = self._process.stdout
        line = stdout.readline() if stdout else ""
        if "listening on " not in line:
            raise RuntimeError("the bundled exchange did not start")
        return line.split("listening on ")[1].strip()
