"""Whether machines are listened for is a choice of each campaign."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from core import actors, clock
from core.storage import database
from ivr.dispatch import claiming, placing
from ivr.models import Line
from ivr.ports.provider import ProviderCall
from ivr.provider.station import station
from ivr.queries import waiting_calls
from tests.databases import sqlite_in
from tests.ivr.house import House
from zaoan.cli.cli import app


def placed(order):
    return ProviderCall("CA" + "9" * 32, order.to, order.from_, clock.real_now(), None)


@pytest.fixture
def house(house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.mark.parametrize("listens", [True, False])
def test_the_provider_listens_for_machines_only_where_the_campaign_wants_it(house, listens, monkeypatch):
    house.turn(0)
    house.turn(1, Digits="1")
    house.ended()
    with database.unit_of_work() as session:
        again = new_campaigns.create_campaign(session, actors.system(), "again", flags=None, machine_detection=listens)
        round_starts.start_now(session, actors.system(), again, between=timedelta(0))
    with database.unit_of_work() as session:
        attempts.queue_due(session)
        line = session.scalars(select(Line)).first()
        waiting = waiting_calls(session, clock.now(), 1)
        (claimed,) = claiming.claim(session, line, claiming.Room(1, 1), waiting, lambda _: True).claimed
    asked = []
    monkeypatch.setattr(station().telephony, "place", lambda order: asked.append(order) or placed(order))
    placing.place(claimed, SimpleNamespace(leave=lambda: None))
    assert [order.machine_url is not None for order in asked] == [listens]


@pytest.mark.parametrize(("option", "listens"), [([], True), (["--no-machine-detection"], False)])
def test_the_command_line_offers_the_choice(tmp_path, monkeypatch, option, listens):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", sqlite_in(tmp_path))
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    made = CliRunner().invoke(app, ["campaign", "create", "早安", "--everyone", "--allow-empty", *option])
    assert made.exit_code == 0, made.output
    [campaign] = json.loads(CliRunner().invoke(app, ["campaign", "list", "--json"]).stdout)
    assert campaign["machine_detection"] == listens
