"""The trunk as a child process: calls over SIP. It is started again when it dies, and outlives a service that does."""

import hashlib
import hmac
import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import urlsplit

from core.settings import Settings
from core.sip_settings import SipDialled, SipTrunk
from ivr.ports.webhook_paths import INBOUND, SPEECH
from zaoan.process.ports import free_port_from

log = logging.getLogger(__name__)
SECRET_VARIABLE, PASSWORD_VARIABLE = "TRUNK_SECRET", "TRUNK_PASSWORD"
SPOKEN = "listening on "
DEFAULT_PORT = 8011
FOLDER = "trunk"
LOOK_SECONDS = 1.0
REQUEST_SECONDS = 2.0
END_WITHIN_SECONDS = 15.0
PAUSES = (0.0, 1.0, 5.0, 15.0)
"""Seconds before a trunk that has died is started again; the last for all further times."""


def trunk_secret(settings: Settings) -> str:
    """What the service and the trunk know each other by: made from our own secret, so that every process knows it."""
    return hmac.new(settings.secret().encode(), b"trunk", hashlib.sha256).hexdigest()


def trunk_secrets(settings: Settings) -> dict[str, str]:
    """What the trunk finds in its environment: the list of processes would show it to everybody."""
    return {SECRET_VARIABLE: trunk_secret(settings)} | _passwords(settings)


def _passwords(settings: Settings) -> dict[str, str]:
    names = [PASSWORD_VARIABLE, *(f"{PASSWORD_VARIABLE}_{number}" for number in range(2, len(settings.sip_trunks) + 1))]
    known = [trunk.password.get_secret_value() if trunk.password else "" for trunk in settings.sip_trunks]
    return dict(zip(names, known, strict=True))


def trunk_command(settings: Settings, port: int, local_url: str | None, parent_pid: int | None) -> list[str]:
    """The command that starts the trunk; it asks the service at ``local_url``, or at its public address."""
    public = settings.public_url.rstrip("/")
    first, *others = [_peer(settings, trunk) for trunk in settings.sip_trunks]
    command = [
        *(sys.executable, "-m", "trunk", "--host", _address(settings)[0], "--port", str(port)),
        *("--folder", str(settings.data_dir / FOLDER), "--public-url", public),
        *("--inbound-url", public + INBOUND, "--speech-url", public + SPEECH),
        *("--proxy", first["proxy"], "--user", first["user"], "--listen", settings.sip_listen),
        *("--rtp-ports", settings.sip_rtp_ports, "--transport", first["transport"], "--srtp", first["srtp"]),
        *("--register-seconds", str(first["register_seconds"])),
        *("--calls-at-once", str(first["calls_at_once"]), "--calls-per-second", str(first["calls_per_second"])),
        *(["--dials-e164"] if first["dials_e164"] else []),
    ]
    for number in first["callers"]:
        command += ["--caller", number]
    for peer in others:
        command += ["--then", json.dumps(peer)]
    for network in settings.sip_trusted:
        command += ["--trust", network]
    for codec in settings.sip_codecs:
        command += ["--codec", codec]
    command += ["--local-url", local_url] if local_url else []
    command += ["--known-as", _fingerprint(settings, command)]
    return command + (["--parent-pid", str(parent_pid)] if parent_pid else [])


def _peer(settings: Settings, trunk: SipTrunk) -> dict[str, Any]:
    """As the trunk is told of it; without limits of its own it has those of our numbers."""
    callers = trunk.caller or settings.sip_caller
    return {
        "proxy": trunk.proxy,
        "callers": list(callers),
        "user": trunk.user or "",
        "transport": trunk.transport or settings.sip_transport,
        "srtp": trunk.srtp or settings.sip_srtp,
        "register_seconds": trunk.register_seconds or 0,
        "dials_e164": trunk.dialled is SipDialled.E164,
        "calls_at_once": trunk.calls_at_once or settings.line_calls_at_once * len(callers),
        "calls_per_second": trunk.calls_per_second or settings.line_calls_per_second * len(callers),
    }


def local_address(settings: Settings) -> str:
    """Where a service of these settings is asked from this machine."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host
    return f"http://{host}:{settings.port}"


class TrunkProcess:
    """The trunk that this service talks to, at ``url``.

    One that a service before us has left is taken over with its calls, where its settings are ours; another is ended.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._is_closed = settings, threading.Event()
        self._process: Popen[str] | None = None
        self.url = settings.trunk_url
        if not self._takes_over():
            self.url = self._started(free_port_from(*_address(settings)))
        self._keeper = threading.Thread(target=self._keep, name="trunk", daemon=True)
        self._keeper.start()

    def close(self) -> None:
        """Ends the trunk, which hangs up."""
        self._is_closed.set()
        self._keeper.join()
        if self._process is None:
            ask(self._settings, "POST", "/end", self.url)
            return
        self._process.terminate()
        self._process.wait(END_WITHIN_SECONDS)

    def _takes_over(self) -> bool:
        known = ask(self._settings, "PUT", "/parent", self.url, json={"pid": os.getpid()})
        if known is None:
            return False
        if known["known_as"] == _known_as(self._command(0)):
            log.warning("a trunk that was left behind is taken over, with %s calls", known["calls"])
            return True
        log.warning("a trunk with other settings was left behind, and is ended")
        ask(self._settings, "POST", "/end", self.url)
        return False

    def _keep(self) -> None:
        deaths = 0
        while not self._is_closed.wait(LOOK_SECONDS):
            if self._is_there():
                continue
            log.error("the trunk has died and is started again")
            if self._is_closed.wait(PAUSES[min(deaths, len(PAUSES) - 1)]):
                return
            deaths += 1
            try:
                self._started(urlsplit(self.url).port or DEFAULT_PORT)
            except (OSError, RuntimeError) as failure:
                log.error("the trunk does not start: %s", failure)

    def _is_there(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return ask(self._settings, "GET", "/healthz", self.url) is not None

    def _started(self, port: int) -> str:
        environment = os.environ | trunk_secrets(self._settings)
        self._process = Popen(self._command(port), stdout=PIPE, text=True, start_new_session=True, env=environment)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if SPOKEN not in line:
            self._process = None  # another one may be there: it is asked
            raise RuntimeError("the trunk did not start")
        return line.split(SPOKEN)[1].strip()

    def _command(self, port: int) -> list[str]:
        return trunk_command(self._settings, port, local_address(self._settings), os.getpid())


def ask(settings: Settings, method: str, path: str, url: str, **more: Any) -> Mapping[str, Any] | None:
    """What the trunk at ``url`` answers; None where it does not, or does not know us."""
    import requests  # every command knows the trunk's secret, and few ask it

    headers = {"Authorization": f"Bearer {trunk_secret(settings)}"}
    try:
        answer = requests.request(method, f"{url.rstrip('/')}{path}", headers=headers, timeout=REQUEST_SECONDS, **more)
        told: Mapping[str, Any] | None = answer.json() if answer.ok else None
    except (requests.RequestException, ValueError):
        return None
    return told


def _fingerprint(settings: Settings, command: list[str]) -> str:
    """Another one for other settings, the password included; it tells nobody anything."""
    described = "\0".join([*command[: command.index("--port")], *command[command.index("--port") + 2 :]])
    known = "\0".join([described, *_passwords(settings).values()])
    return hmac.new(settings.secret().encode(), known.encode(), hashlib.sha256).hexdigest()[:32]


def _known_as(command: list[str]) -> str:
    return command[command.index("--known-as") + 1]


def _address(settings: Settings) -> tuple[str, int]:
    address = urlsplit(settings.trunk_url)
    return address.hostname or "127.0.0.1", address.port or DEFAULT_PORT
