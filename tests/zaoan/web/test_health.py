"""Readiness names what is wrong; liveness proves who answers."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from core import clock
from core.running import ticks
from core.storage import database
from core.storage.database import Database
from zaoan.process import wiring
from zaoan.web import health
from zaoan.web.app import web_app
from zaoan.worker.transport import EVERY_TICK


@pytest.fixture
def house(house_settings, monkeypatch):
    monkeypatch.setattr(health, "GRACE_SECONDS", 0.0)
    opened = wiring.open_house(house_settings)
    yield opened
    opened.close()


@pytest.fixture
def client(house, house_settings):
    connected = wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:1")
    with TestClient(web_app(connected.store)) as browser:
        yield browser
    connected.voice.close()


def tick(age, names=EVERY_TICK):
    with database.unit_of_work() as session:
        ticks.note(session, {name: clock.real_now() - timedelta(seconds=age) for name in names})


def test_it_is_ready_while_every_tick_is_recent(client):
    tick(5)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_one_tick_that_stands_still_is_named(client):
    tick(5, EVERY_TICK[1:])
    tick(11, EVERY_TICK[:1])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["wrong"] == {"ticks": f"no tick for 10 s: {EVERY_TICK[0]}"}


def test_right_after_a_start_nobody_is_blamed(client, monkeypatch):
    monkeypatch.setattr(health, "GRACE_SECONDS", 15.0)
    assert client.get("/readyz").status_code == 200


def test_a_database_that_is_away_is_named_and_the_process_lives(client):
    database.use(Database("postgresql+psycopg://127.0.0.1:1/nowhere?connect_timeout=1"))
    answer = client.get("/readyz")
    assert (answer.status_code, list(answer.json()["wrong"])) == (503, ["database"])
    assert client.get("/healthz").json() == {"status": "alive"}


def test_only_this_installation_can_prove_that_it_answers(client, house_settings):
    proven = client.get("/healthz", params={"nonce": "abc1"}).json()["proof"]
    assert proven == health.proof(house_settings.secret(), "abc1")
    assert proven != health.proof("another secret", "abc1")
    assert client.get("/healthz", params={"nonce": "anything else"}).status_code == 422
