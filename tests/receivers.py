"""Systems outside that are told what happens: a real web server which remembers what it was sent."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """Answers with ``status``; ``got`` are the bodies with their headers, in the order in which they came."""

    status: int = 204
    got: list = field(default_factory=list)
    url: str = ""

    @property
    def told(self):
        """What it was told, each as a document."""
        return [json.loads(body) for _, body in self.got]

    def ids(self):
        """The ids of what it was sent."""
        return [headers["webhook-id"] for headers, _ in self.got]


@contextmanager
def receiver(status=204, context=None):
    """A receiver on this machine; with an SSL ``context`` it speaks TLS."""
    there = Receiver(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.got.append(({name.lower(): value for name, value in self.headers.items()}, body.decode()))
            self.send_response(there.status)
            if there.status in {301, 302, 307, 308}:
                self.send_header("Location", there.url)
            self.end_headers()

        def log_message(self, *_):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    there.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}/zaoan?from=1"
    serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    serving.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
