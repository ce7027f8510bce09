"""Telephones for a test: a gateway process, what is ordered of it, and what it has told."""

import json
import subprocess
import sys
import threading
from itertools import count

import soundfile

from tests.patience import PATIENCE_SECONDS, wait_for
from tests.trunk.ports import sound_ports


class Phones:
    """A gateway at ``address`` (``host:port``); what its telephones hear is in ``folder`` as ``NUMBER.wav``.

    ``manners`` are those of ``tests.trunk.phone``.
    """

    def __init__(self, address, folder, **manners):
        folder.mkdir(parents=True, exist_ok=True)
        self.address, self.folder, self.told, self._tokens = address, folder, [], count()
        command = [sys.executable, "-m", "tests.trunk.phone", address, str(sound_ports()[0]), str(folder),
                   json.dumps(manners)]  # fmt: skip
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait("ready")

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(PATIENCE_SECONDS)

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def order(self, do, **more):
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()

    def script(self, number, **script):
        """What this number does when it is rung, from now on."""
        self.order("script", number=number, **script)
        token = next(self._tokens)
        self.order("sync", token=token)
        self.wait("synced", token=token)

    def press(self, number, keys, way="rfc"):
        self.order("press", number=number, keys=keys, way=way)

    def inform(self, number, keys):
        """Presses keys by INFO; returns once the far side has them all."""
        already = len(self.seen("replied", number=number, method="INFO"))
        self.press(number, keys, "info")
        self.wait("replied", already + len(keys), number=number, method="INFO", code=200)

    def seen(self, event, **fields):
        """What was told of this event so far."""
        return [each for each in list(self.told) if each["event"] == event and fields.items() <= each.items()]

    def wait(self, event, times=1, **fields):
        """The newest of so many such events, once there are."""
        wait_for(lambda: len(self.seen(event, **fields)) >= times, f"{event} {fields} at the phones")
        return self.seen(event, **fields)[-1]

    def heard(self, number):
        """What the telephone of this number has heard in a call that is over: samples, and how many a second."""
        path = self.folder / f"{number.strip('+')}.wav"
        wait_for(lambda: soundfile.info(path).frames, "pjsua2's file")  # it is closed on a thread of its own
        return soundfile.read(path)

    def _listen(self):
        for line in self.process.stdout:
            if line.startswith("{"):  # pjsua2 says things of its own
                self.told.append(json.loads(line))
