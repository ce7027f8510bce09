"""``zaoan case``: what staff do with one case, typed one after the other."""

import pytest
from typer.testing import CliRunner

from campaigns.models import CheckIn
from campaigns.rounds import attempts
from core.running.events import Event
from core.short_ids import short
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind
from ivr.models import Call
from tests.campaigns import mornings
from tests.switchboard import resident, responder, rows
from zaoan.cli.cli import app

TIAN, WEI = "田保国", "魏红"


@pytest.fixture
def typed(switchboard, monkeypatch):
    """Types a command of the office; 王奶奶 has said that she is unwell, and two helpers are written down."""
    monkeypatch.setenv("ZAOAN_DATABASE_URL", switchboard.chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(switchboard.chosen.data_dir))
    monkeypatch.setenv("ZAOAN_CLOCK_START", switchboard.chosen.clock_start.isoformat())
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    resident("王奶奶", mornings.HOME)
    responder(TIAN, "+8613800000200"), responder(WEI, "+8613800000201")
    mornings.a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    switchboard.pick_up(mornings.HOME).press("3").hang_up()

    def type_(*words, code=0):
        answer = CliRunner().invoke(app, ["case", *map(str, words)])
        assert answer.exit_code == code, answer.output
        return answer.output

    return type_


def test_a_case_is_taken_gone_on_with_noted_handed_over_closed_and_opened_again(typed):
    assert "accepted" in typed("accept", "latest", TIAN)
    assert "on the way" in typed("on-the-way", "latest")
    assert "on the telephone" in typed("on-the-phone", "latest")
    assert "on site" in typed("at-the-door", "latest")
    typed("note", "latest", "needs a doctor")
    typed("hand-over", "latest", WEI, "--agreed")
    shown = typed("show", "latest")
    assert WEI in shown
    assert "needs a doctor" in shown
    typed("connect", "latest")
    typed("give-back", "latest")
    said = typed("close", "latest", "--finding", "wrong_number")
    assert "closed" in said
    assert "zaoan resident phone" in said
    assert "open" in typed("reopen", "latest", "--because", "another flat")
    kinds = [each.kind for each in rows(Event) if each.kind.startswith("case.")]
    for kind in ("accepted", "on_the_way", "on_phone", "on_site", "noted", "handed_over", "holder_rung", "given_back",
                 "closed", "reopened"):  # fmt: skip
        assert f"case.{kind}" in kinds


def test_what_a_finding_suggests_is_said_and_not_done(typed):
    assert "zaoan resident remove" in typed("close", "latest", "--finding", "deceased")
    assert rows(CheckIn)[0].resident_id == rows(Case)[0].resident_id
    said = typed("list")
    assert "王奶奶" in said


def test_what_cannot_be_is_refused_with_the_way_out(typed):
    typed("close", "latest", "--finding", "other", code=1)
    typed("give-back", "latest", code=1)
    typed("reopen", "latest", "--because", "nothing", code=1)
    typed("note", "latest", "  ", code=1)


def test_two_cases_become_one_and_the_resident_is_rung_again(typed):
    with database.unit_of_work() as session:
        case = session.query(Case).one()
        other = cases.open_case(session, cases.actors.system(), CaseKind.BUSY, case.resident_id, None).id
        first = case.id
    assert short(first) in typed("merge", other, first)
    typed("ring-again", first)
    assert [each.number for each in rows(Call, owner="ring_again")] == [mornings.HOME]
