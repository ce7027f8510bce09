"""A real browser before the real web application."""

import threading
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import expect

from audio.clips.store import ClipStore
from tests.browser.chromium import browser
from tests.console import street
from tests.console.conftest import built, neighbourhood  # noqa: F401
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.process.ports import any_free_port
from zaoan.web.app import web_app

PATIENCE_MS = PATIENCE_SECONDS * 1000
ONLY_THE_STREAM = """{
    const every = window.setInterval;
    window.setInterval = (look, milliseconds, ...more) => milliseconds > 5000 ? 0 : every(look, milliseconds, ...more);
}"""
"""The page's safety net is cut: whatever changes was brought by the stream, or by what was done in the page itself."""


def patient(context):
    """A busy machine may take its time."""
    context.set_default_timeout(PATIENCE_MS)
    return context


class Server:
    """The web application on a port of its own, which keeps its port when it is started again."""

    def __init__(self, folder):
        self._folder = folder
        self.port = any_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        config = uvicorn.Config(web_app(ClipStore(self._folder / "clips")), port=self.port, log_level="error",
                                timeout_graceful_shutdown=1)  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started, "the web application to start")

    def stop(self):
        self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)


@pytest.fixture
def server(neighbourhood, tmp_path):  # noqa: F811
    running = Server(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def crowd(server):
    """Besides the neighbourhood so many live here that the houses are folded, in the middle of their morning."""
    homes = [(str(10 + n // 72), str(n % 72 // 24 + 1), f"{n % 24 // 4 + 1}{n % 4 + 1:02d}") for n in range(300)]
    street.move_in([(*home, f"居民{n}", f"居民{n}") for n, home in enumerate(homes)], helpers=[])
    street.half_a_morning()


@pytest.fixture(scope="package")
def chromium():
    """Ends with the last page: Playwright occupies the thread it was started in, where other tests run event loops."""
    expect.set_options(timeout=PATIENCE_MS)
    with browser() as running:
        yield running


@pytest.fixture
def look(chromium, server):
    """Opens the page in a browser that has never been here; ``with look(width=390) as page``."""
    faults = []

    @contextmanager
    def opened(path="/?language=zh-CN", width=1440, height=900, welcome=False, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        patient(context)
        context.add_init_script(ONLY_THE_STREAM)
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
