"""A real browser before the real web application."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn

from audio.store import ClipStore
from tests.browser.chromium import browser
from tests.console.conftest import built, neighbourhood  # noqa: F401
from zaoan.web import web_app


class Server:
    """The web application on a port of its own, which keeps its port when it is started again."""

    def __init__(self, folder):
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        config = uvicorn.Config(web_app(ClipStore(self._folder / "clips")), port=self.port, log_level="error",
                                timeout_graceful_shutdown=1)  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < until, "the web application does not start"
            time.sleep(0.01)

    def stop(self):
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def server(neighbourhood, tmp_path):  # noqa: F811
    running = Server(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="package")
def chromium():
    """Ends with the last page: Playwright occupies the thread it was started in, where other tests run event loops."""
    with browser() as running:
        yield running


@pytest.fixture
def look(chromium, server):
    """Opens the page in a browser that has never been here; ``with look(width=390) as page``."""
    faults = []

    @contextmanager
    def opened(path="/?language=zh-CN", width=1440, height=900, welcome=False, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(5000)
        if not welcome:
            context.add_init_script("localStorage.setItem('welcome-closed', 'yes')")
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        if path.startswith("/?") and options.get("java_script_enabled", True):
            with page.expect_response(lambda answer: "/today/parts" in answer.url):  # the stream has said hello
                page.goto(server.url + path)
        else:
            page.goto(server.url + path)
        try:
            yield page
        finally:
            context.close()

    yield opened
    assert not faults
