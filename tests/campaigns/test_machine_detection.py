"""Whether machines are listened for is a choice of each campaign."""

import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from campaigns import attempts, schedule
from core import clock, database
from ivr import dialling
from ivr.models import Call, Line
from tests.ivr.house import House
from zaoan.cli import app


@pytest.fixture
def house(house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.mark.parametrize("listens", [True, False])
def test_the_provider_listens_for_machines_only_where_the_campaign_wants_it(house, listens):
    house.turn(0)
    house.turn(1, Digits="1")
    house.ended()
    with database.unit_of_work() as session:
        schedule.start_now(session, schedule.create_campaign(session, "again", flags=None, machine_detection=listens))
    with database.unit_of_work() as session:
        attempts.queue_due(session)
        call = session.scalars(select(Call).where(Call.id != house.call_id)).one()
        line = session.scalars(select(Line)).first()
        order = dialling._request(dialling._committed(call, line, clock.real_now(), dialling.calls.dialogue_of(call)))
        assert (order.machine_url is not None) == listens


@pytest.mark.parametrize(("option", "listens"), [([], True), (["--no-machine-detection"], False)])
def test_the_command_line_offers_the_choice(tmp_path, monkeypatch, option, listens):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{tmp_path}/zaoan.db")
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    made = CliRunner().invoke(app, ["campaign", "create", "早安", "--everyone", *option])
    assert made.exit_code == 0, made.output
    [campaign] = json.loads(CliRunner().invoke(app, ["campaign", "list", "--json"]).stdout)
    assert campaign["machine_detection"] == listens
