"""``zaoan relative link``: prints the link to a relative's page, sends it, and ends it."""

import json

import pytest
from typer.testing import CliRunner

from core.links.models import Link
from ivr.models import Text
from tests.campaigns.mornings import HOME
from tests.switchboard import resident, rows
from zaoan.cli.cli import app
from zaoan.terminal import common

DAUGHTER = "+8613800138000"


@pytest.fixture
def typed(switchboard, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    monkeypatch.setattr(common.console(), "width", 250)
    resident("王奶奶", HOME, relative=DAUGHTER)

    def run(*words):
        return CliRunner().invoke(app, ["relative", "link", "王奶奶的全名", *words])

    return run


def test_it_is_printed_sent_and_ended(typed):
    told = json.loads(typed("小梅", "--json").stdout)
    assert (told["relative"], told["sent"], "/f/" in told["address"]) == ("小梅", False, True)
    assert told["address"] in typed("小梅").stdout
    assert rows(Text) == []
    assert typed(DAUGHTER, "--send").exit_code == 0
    assert told["address"] in rows(Text, number=DAUGHTER)[0].body
    assert json.loads(typed("小梅", "--end", "--json").stdout) == {"relative": "小梅", "ended": 1}
    assert rows(Link)[0].revoked_at is not None


def test_of_somebody_who_is_no_relative_it_says_so(typed):
    refused = typed("老王")
    assert (refused.exit_code != 0, rows(Link)) == (True, [])
