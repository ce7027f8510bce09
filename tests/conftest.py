"""What holds for every test; tests/README.md tells how they are run, and why so."""

import gc
import logging
import os
import shlex
import sys
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

gc.disable()  # until everything is loaded: see pytest_collection_finish
import pytest
from anyio.from_thread import start_blocking_portal
from celery import _state
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as hypotheses
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from audio import voice
from audio.voice import Voice
from contacts import pins
from core import clock
from core.encryption import key_ring, lookup_key
from core.encryption.data_keys import new_key
from core.encryption.key_ring import KeyRing
from core.encryption.key_sources import GivenKeys
from core.encryption.lookup_key import new_lookup_key
from core.identity import passwords
from core.settings import Settings
from ivr.webhooks import degraded
from tests import databases, quiet_hours, voices
from tests.databases import sqlite_in
from tests.ivr.correspondence import House
from tests.patience import PATIENCE_SECONDS
from tests.project import documented
from tests.running import order
from tests.scripted_provider import script
from tests.switchboard import House as SwitchboardHouse
from zaoan.web import app

hypotheses.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
os.environ["ZAOAN_VOICE"] = "pyttsx3"  # ten times as quick; what is about the neural voice asks for it
hypotheses.load_profile("busy")  # no property is about how fast this machine happens to be
ON_BOTH = (
    "tests.ivr.webhooks.test_endpoints",
    "tests.campaigns.test_call_retention",
    "tests.campaigns.digests.test_digests",
    "tests.campaigns.family.",
    "tests.campaigns.reports.monthly.",
    "tests.campaigns.reports.test_campaign_history",
    "tests.campaigns.reports.test_round_evidence",
    "tests.campaigns.privacy.test_erasure",
    "tests.campaigns.privacy.test_retention",
    "tests.escalation.",
    "tests.zaoan.web.test_health",
    "tests.zaoan.web.test_unavailable",
    "tests.core.identity.test_sign_in",
    "tests.core.identity.passkeys.test_passkeys",
    "tests.core.links.test_links",
    "tests.api.test_idempotency",
    "tests.api.test_webhooks",
    "tests.api.test_homes",
    "tests.api.test_files",
    "tests.api.test_duplicates",
    "tests.console.people.test_list_page",
    "tests.console.people.test_duplicates",
    "tests.console.people.test_import_again",
    "tests.console.people.test_chosen",
    "tests.console.people.test_file_changes",
    "tests.console.people.test_answer_calendar",
)
"""The most telling tests of what is written down: each runs on SQLite and on PostgreSQL."""
ZONE = ZoneInfo("Asia/Shanghai")


def pytest_xdist_setupnodes(specs):
    """All that a worker has to load is pytest and the tests."""
    python = f"python={shlex.quote(sys.executable)} -m tests.running.forked_python"
    specs[:] = [type(each)(f"{each}//id={each.id}//{python}") for each in specs]


def pytest_generate_tests(metafunc):
    names = metafunc.fixturenames
    if metafunc.module.__name__.startswith(ON_BOTH) and "house_settings" in names and "postgresql" not in names:
        metafunc.parametrize("kept_in", ["sqlite", "postgresql"])


def pytest_addoption(parser):
    parser.addoption("--shuffle", metavar="SEED", help="in an order that nobody has chosen, the same for the same seed")


def pytest_collection_modifyitems(config, items):
    if seed := config.getoption("shuffle"):
        order.shuffle(items, seed)
    else:
        order.arrange(items)


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return order.Scheduling(config, log)


def pytest_collection_finish():
    """Whatever was loaded stays: looking through all of it again and again for garbage would only cost time."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter):
    """What mornings of kills have cost, one line each."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        for name, told in report.user_properties:
            if name == "toll" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {told}")


@pytest.fixture
def kept_in():
    """What keeps the database of ``house_settings``; the tests of ``ON_BOTH`` are run with PostgreSQL, too."""
    return "sqlite"


@pytest.fixture
def house_settings(request, tmp_path, kept_in):
    """Settings of an installation of its own in a temporary directory."""
    url = sqlite_in(tmp_path) if kept_in == "sqlite" else request.getfixturevalue("postgresql")()
    return Settings(database_url=url, data_dir=tmp_path, community="槐东社区", area_code="0311", clock_start=nine())


def nine():
    """Nine o'clock today where the community lives: no test knows at which time of day it is run."""
    return datetime.now(ZONE).replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True, scope="module")
def clock_of_a_module_restored():
    """What a house that all tests of a module share makes it show is over with them."""
    before = clock.anchor()
    yield
    clock.set_anchor(before)


@pytest.fixture(autouse=True)
def clock_restored():
    """What a house or a test makes the clock of this process show is over with the test."""
    before = clock.anchor()
    yield
    clock.set_anchor(before)


@pytest.fixture(autouse=True)
def logging_restored():
    """A service, a worker or a doctor in this process has set up a log of its own; the next test's is as it was."""
    root, manager = logging.getLogger(), logging.root.manager
    level, disabled = root.level, manager.disable
    yield
    root.setLevel(level)
    manager.disable = disabled
    for each in list(manager.loggerDict.values()):
        if isinstance(each, logging.Logger):
            each.disabled = False


@pytest.fixture
def street(house_settings):
    """The service in this process, with an empty street and a scripted provider of texts."""
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.fixture
def switchboard(house_settings):
    """The service in this process, to be rung up."""
    opened = SwitchboardHouse(house_settings)
    yield opened
    opened.close()


@pytest.fixture
def provider(switchboard):
    """The provider behind the service's back; it does not tell what it has asked in a call."""
    return script(silent=True)


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL server of its own; call it for the URL of a fresh database."""
    with databases.postgresql_server() as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once():
    """Each test has a database of its own; what SQLAlchemy compiles for one serves all that come later."""
    with databases.sharing_what_is_compiled():
        yield


@pytest.fixture(scope="session", autouse=True)
def databases_are_there():
    """Each installation of a test has one of its own, and only the tests of migrations wait for theirs."""
    with databases.filled_unless_there():
        yield


@pytest.fixture(scope="session", autouse=True)
def data_keys_are_there():
    """For what is kept without an installation around it; each installation has keys of its own."""
    key_ring.use(KeyRing(GivenKeys([new_key()], "a test")))
    lookup_key.use(new_lookup_key())


@pytest.fixture(scope="session", autouse=True)
def houses_are_mute():
    """What we say is left to the provider's voice, which costs nothing, unless a test asks for ours."""
    with voices.mute_unless_asked():
        yield


@pytest.fixture(scope="session", autouse=True)
def responders_are_awake():
    """Whatever the time of day at which tests are run; those of the quiet hours have a clock of their own."""
    with pytest.MonkeyPatch.context() as patching:
        quiet_hours.none(patching)
        yield


@pytest.fixture(scope="session", autouse=True)
def webhooks_take_their_time():
    """No answer is a moment's patience because this machine is busy; what is about that has a limit of its own."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(degraded, "ANSWER_WITHIN_SECONDS", PATIENCE_SECONDS)
        yield


@pytest.fixture(scope="session", autouse=True)
def only_what_is_documented_is_said():
    """An owner of calls that says what its dialogue does not show fails whatever test that happens in."""
    with pytest.MonkeyPatch.context() as patching:
        documented.watch(patching)
        yield


@pytest.fixture(scope="session", autouse=True)
def pins_are_hashed_quickly():
    """Except where their slowness is what is tested."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(pins, "N", 2)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_quickly():
    """As PINs are."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(passwords, "hasher", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
        yield


@pytest.fixture(scope="session", autouse=True)
def application_assembled_once():
    """Each house has its state in it; what FastAPI works out of the routes serves all of them."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(app, "assembled", cache(app.assembled))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_event_loop():
    """Requests to services in this process share an event loop and its threads; starting one costs as much again."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(autouse=True)
def celery_is_nobodys():
    """A worker that was started in this process is not the application of the tests that come later."""
    before = _state.default_app, _state._tls.current_app
    yield
    _state.default_app, _state._tls.current_app = before


@pytest.fixture
def our_voice(monkeypatch):
    """The service in this process speaks with our voice."""
    monkeypatch.setattr(voice, "Voice", Voice)
