"""An installation of many machines: PostgreSQL, Redis, the exchange, and our processes side by side."""

import os
import signal
import subprocess
from contextlib import contextmanager

import requests

from core import clock
from core.running import installation
from core.storage.database import reading
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import Forked, zaoan
from zaoan.process import wiring
from zaoan.process.exchange_process import exchange_command, exchange_secrets
from zaoan.rehearsal.running import environment


class Machines:
    """Our processes; as far as a morning is concerned, they are one service."""

    def __init__(self, settings, purpose, directory):
        self.settings, self.directory = settings, directory
        self.exchange_log = directory / "exchange.jsonl"
        self.anchors = []
        self._purpose = ["--purpose", purpose.value]
        self.running = {}

    def start(self, kind, name=None):
        purpose = [] if kind == "beat" else self._purpose
        name = name or kind
        said = self.directory / f"{name}.log"
        self.running[name] = Forked(zaoan, [kind, *purpose], environment(self.settings), said)
        return self.running[name]

    def start_exchange(self):
        port = int(self.settings.exchange_url.rsplit(":", 1)[1])
        command = exchange_command(self.settings, port, self.exchange_log, os.getpid())
        self._start("exchange", command, exchange_secrets(self.settings))
        wait_for(lambda: answers(f"{self.settings.exchange_url}/healthz"), "the exchange")

    def script(self, subscribers):
        url = f"{self.settings.exchange_url}/exchange/subscribers"
        requests.put(url, json=subscribers, timeout=PATIENCE_SECONDS).raise_for_status()

    def said(self, name):
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def stop(self, name, number=signal.SIGTERM):
        """Ends a process; returns its exit code."""
        process = self.running.pop(name)
        process.send_signal(number)
        try:
            return process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def ready(self):
        """Whether the web process says that everything is well, and what it says otherwise."""
        answer = requests.get(f"{self.settings.public_url}/readyz", timeout=PATIENCE_SECONDS)
        return answer.ok, answer.json()

    def wait_for(self, condition, what):
        try:
            return wait_for(condition, what)
        except AssertionError as late:
            raise AssertionError("\n".join([str(late), *map(self.said, self.running)])) from late

    def _start(self, name, command, secrets):
        with (self.directory / f"{name}.log").open("wb") as said:
            self.running[name] = subprocess.Popen(
                command, env=environment(self.settings) | secrets, stdout=said, stderr=said, start_new_session=True
            )
        return self.running[name]


def answers(url):
    try:
        return requests.get(url, timeout=PATIENCE_SECONDS).ok
    except requests.RequestException:
        return False


@contextmanager
def many_machines(settings, purpose, directory, workers=2):
    """One web process, some workers, one beat and the exchange, ready; all of them are gone afterwards."""
    opened = wiring.open_house(settings, purpose)
    machines = Machines(settings, purpose, directory)
    try:
        with reading() as session:
            clock.set_anchor(installation.read(session).anchor)
        machines.start_exchange()
        machines.start("web")
        machines.start("beat")
        for number in range(workers):
            machines.start("worker", f"worker{number}")
        machines.wait_for(lambda: answers(f"{settings.public_url}/readyz"), "the web process")
        for number in range(workers):
            machines.wait_for(lambda name=f"worker{number}": machines.said(name), "the worker")
        yield machines
    finally:
        for name in list(machines.running):
            machines.stop(name)
        opened.close()
