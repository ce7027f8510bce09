"""The service with a trunk, and the telephones that it rings: ``phones/``, a process of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.running.installation import Purpose
from core.settings import Settings
from zaoan.process.ports import any_free_port
from zaoan.rehearsal.running import NotStartedError, RunningService, answers

OURS = "+8631186009001"
HOST = "127.0.0.1"
"""The engine finds its way to no other address of loopback (baresip-python 0.5.2a3)."""
CALLS_AT_ONCE = 24
CALLS_PER_SECOND = 5
RTP_PORTS = 400
"""More than the trunk wants for so many calls."""
FOREIGN = 4
STARTED = "phones listening"
PHONES_END_WITHIN_SECONDS = 10.0


def line_settings(directory: Path) -> dict[str, Any]:
    """The settings of a service whose trunk rings telephones on this machine."""
    first = any_free_port(HOST)
    return {
        "telephony": "sip",
        "data_dir": directory,
        "sip_proxy": f"{HOST}:{any_free_port(HOST)}",
        "sip_caller": OURS,
        "sip_listen": f"{HOST}:{any_free_port(HOST)}",
        "sip_rtp_ports": f"{first}-{first + RTP_PORTS - 1}",
        "trunk_url": f"http://{HOST}:{any_free_port(HOST)}",
        "line_calls_per_second": CALLS_PER_SECOND,
        "line_calls_at_once": CALLS_AT_ONCE,
    }


class SipService(RunningService):
    """As ``RunningService``; its people have telephones over SIP. ``phones_log`` is what those saw, heard and did.

    ``messages`` names what strikes SIP messages (``lose``, ``double``), by the chance of ``seed``; ``foreign`` is how
    many processes of another SIP stack there are, each with four calls at once, where that is installed.
    """

    def __init__(
        self,
        settings: Settings,
        purpose: Purpose,
        directory: Path,
        messages: Sequence[str] = (),
        seed: int = 0,
        foreign: int = FOREIGN,
    ) -> None:
        super().__init__(settings, purpose, directory)
        self.phones_log = directory / "phones.jsonl"
        self.journal = settings.data_dir / "trunk" / "calls.jsonl"
        self._people, self._messages, self._seed = directory / "people.json", messages, seed
        self._foreign = foreign
        self._phones: subprocess.Popen[str] | None = None

    def script(self, subscribers: Sequence[dict[str, Any]]) -> None:
        """Gives everybody their telephone."""
        self._people.write_text(json.dumps(list(subscribers), ensure_ascii=False), "utf-8")
        self._phones = subprocess.Popen(
            self._phones_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        line = self._phones.stdout.readline() if self._phones.stdout else ""
        if not line.startswith(STARTED):
            raise NotStartedError("the telephones did not start")

    def suffer(self, _: object) -> None:
        """The exchange's faults strike nobody here."""

    def wait_for_trunk(self) -> None:
        """Until there is a trunk (again)."""
        self._wait_until_ready()

    def _phones_command(self) -> list[str]:
        settings = self.settings
        command = [
            *(sys.executable, "-m", "phones", "--here", settings.sip_proxy[0], "--trunk", settings.sip_listen),
            *("--people", str(self._people), "--log", str(self.phones_log)),
            *("--speed", str(settings.clock_speed), "--seed", str(self._seed), "--foreign", str(self._foreign)),
        ]
        for fault in self._messages:
            command += ["--fault", fault]
        return command

    def _is_ready(self) -> bool:
        return answers(f"{self.page}/readyz") and answers(f"{self.settings.trunk_url}/healthz")

    def _stop(self) -> None:
        super()._stop()
        if self._phones is not None and self._phones.stdin is not None:
            self._phones.stdin.close()
            self._phones.wait(PHONES_END_WITHIN_SECONDS)
            self._phones = None
