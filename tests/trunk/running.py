"""A trunk as a process of its own, and what a test asks of it."""

import os
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

import requests

from tests.patience import PATIENCE_SECONDS, wait_for
from tests.trunk.ports import free_address, sound_ports
from tests.trunk.service import SECRET

OURS, SECOND = "+8631186009001", "+8631186009002"
_numbers = count(1)


def number():
    """A number that nobody else in these tests has."""
    return f"+861380000{next(_numbers):04d}"


def command(service, folder, address, proxy, *more):
    return [
        *(sys.executable, "-m", "trunk", "--folder", str(folder), "--public-url", service.url),
        *("--inbound-url", f"{service.url}/inbound", "--speech-url", f"{service.url}/speech"),
        *(
            "--proxy",
            proxy,
            "--caller",
            OURS,
            "--caller",
            SECOND,
            "--listen",
            address,
            "--rtp-ports",
            "{}-{}".format(*sound_ports()),
            *more,
        ),
    ]


class Trunk:
    """A running trunk whose gateway is ``phones``."""

    def __init__(self, service, folder, phones, *more, address=None, proxy=None, environment=None):
        self.service, self.folder, self.phones = service, Path(folder), phones
        self.address, self._more, self._proxy = address or free_address(), more, proxy or phones.address
        self._environment = os.environ | {"TRUNK_SECRET": SECRET} | (environment or {})
        self.start()

    def start(self):
        words = command(self.service, self.folder, self.address, self._proxy, *self._more)
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=self._environment)
        ready = self.process.stdout.readline()
        assert ready.startswith("trunk listening on http://127.0.0.1:"), ready
        self.url = ready.split()[-1]

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(PATIENCE_SECONDS) == 0

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def ask(self, method, path, **more):
        headers = {"Authorization": f"Bearer {SECRET}"}
        return requests.request(method, self.url + path, headers=headers, timeout=PATIENCE_SECONDS, **more)

    def order(self, to, **more):
        """The order of a call whose conversation is at ``/NUMBER`` of the service."""
        url = f"{self.service.url}/{to.strip('+')}"
        return {"to": to, "from_": OURS, "dialled": to, "ring_seconds": 60, "answer_url": url,
                "status_url": f"{url}/status", "fallback_url": f"{url}/fallback", **more}  # fmt: skip

    def call(self, to, call_id=None, **more):
        """Rings; returns the call's id."""
        call_id = call_id or str(uuid4())
        answer = self.ask("PUT", f"/calls/{call_id}", json=self.order(to, **more))
        assert answer.status_code in {200, 201}, answer.text
        return call_id

    def look_up(self, call_id):
        return self.ask("GET", f"/calls/{call_id}").json()

    def outcome(self, call_id):
        """How the call has ended, once it has."""
        return wait_for(lambda: self.look_up(call_id)["outcome"], f"the end of {call_id}")


@contextmanager
def running(service, folder, phones, *more, **where):
    trunk = Trunk(service, folder, phones, *more, **where)
    try:
        yield trunk
    finally:
        trunk.close()
