"""An installation of whose community nothing was set, and the browser of its administrator."""

import pytest
from fastapi.testclient import TestClient

from console.setting_up import live_checks
from core.identity.roles import AccessRole
from core.settings import Settings
from tests import signed_in
from tests.console.conftest import PAGE
from zaoan.process import wiring
from zaoan.web.app import web_app


@pytest.fixture
def bare(house_settings):
    """Call it for a browser."""
    kept = ("database_url", "data_dir", "clock_start")
    chosen = Settings(**{each: getattr(house_settings, each) for each in kept})
    opened = wiring.open_house(chosen)
    connected = wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:1")
    app = web_app(connected.store)
    yield lambda: TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers=PAGE)
    connected.voice.close()
    opened.close()


@pytest.fixture
def chief(bare):
    """An administrator who has signed in; ``chief.id`` is who they are."""
    browser = bare()
    browser.id = signed_in.enter(browser, "chief", AccessRole.ADMINISTRATOR)
    return browser


@pytest.fixture
def looking():
    """How this process looks, for a test: ``looking(lambda language: [...])``."""
    with live_checks.using(None):
        yield live_checks.use
