"""A service for a trunk: what it says at an address is what the test says, and it remembers what it was told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import numpy as np
import soundfile

from tests.patience import PATIENCE_SECONDS, wait_for
from trunk.calls.service import SEAL, seal

SECRET = "a secret of the trunk"
END = {"hear": []}


class Service:
    """``says(path, reply)`` once or for good; ``told(path)`` are the bodies that came there, the earliest first.

    ``ponders(path)``: what comes there is answered only once ``decides(path)`` is called.
    """

    def __init__(self, port=0, public_url=None):
        self._replies, self._told, self.sounds, self.forged = {}, [], {}, 0
        self._lock = threading.Lock()
        self._decided = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self._answer(
                    *service.answer((public_url or service.url) + self.path, self.path, self.headers.get(SEAL), body)
                )

            def do_GET(self):
                if decided := service._decided.get(self.path):
                    decided.wait(PATIENCE_SECONDS)
                sound = service.sounds.get(self.path)
                self._answer(200 if sound else 404, sound or b"", "audio/wav")

            def _answer(self, status, body, kind="application/json"):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def says(self, path, *replies):
        """These replies, one after the other; the last one again and again. A number is a status, bytes are a file."""
        self._replies[path] = list(replies)

    def sound(self, path, seconds, hertz=0.0):
        """A sound file to be played."""
        moments = np.arange(round(seconds * 8000)) / 8000
        written = BytesIO()
        soundfile.write(written, 0.3 * np.sin(2 * np.pi * hertz * moments), 8000, format="WAV", subtype="ULAW")
        self.sounds[path] = written.getvalue()
        return {"sound": self.url + path}

    def ponders(self, path):
        self._decided[path] = threading.Event()

    def decides(self, path):
        self._decided[path].set()

    def told(self, path):
        with self._lock:
            return [told for known, told in self._told if known == path]

    def wait(self, path, times=1):
        """What came to this address, once it came so often."""
        wait_for(lambda: len(self.told(path)) >= times, f"{times} requests to {path}")
        return self.told(path)[times - 1]

    def answer(self, url, path, given, body):
        if given != seal(SECRET, url, body):
            self.forged += 1
            return 403, b""
        with self._lock:
            self._told.append((path, json.loads(body)))
        if decided := self._decided.get(path):
            decided.wait(PATIENCE_SECONDS)
        with self._lock:
            replies = self._replies.get(path, [END])
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, bytes):
            return 200, reply
        return (reply, b"") if isinstance(reply, int) else (200, json.dumps(reply).encode())
