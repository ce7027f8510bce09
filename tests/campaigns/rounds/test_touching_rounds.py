"""Two campaigns whose rounds touch: nobody is rung by both, and of the second is said what came of the first."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.family import news
from campaigns.inbound import resident_answers
from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome
from campaigns.rounds import attempts
from campaigns.rounds.early_answers import Said
from console.view.signs import Sign
from console.view.today import today
from contacts.models import Resident
from core import actors, clock, settings
from core.storage import database
from escalation.models import Case
from ivr.models import Call, Ending
from tests.campaigns.mornings import HOME, MOBILE, later
from tests.campaigns.rounds.test_missed_rounds import SEVEN, at, expire, ring, tick
from tests.switchboard import resident, rows
from zaoan.cli.cli import app
from zaoan.cli.documents import check_in_documents
from zaoan.process import wiring


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def morning(switchboard):
    """王奶奶 and a round that has just begun to ring her."""
    at(SEVEN + timedelta(hours=1))
    resident("王奶奶", HOME)
    begin("每日早安")
    return switchboard


def begin(name, kind=CampaignKind.CHECK_IN, **plan):
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), name, flags=None, kind=kind, **plan)
        return round_starts.start_now(session, actors.system(), campaign).id


def queue():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def calls():
    return [call for call in rows(Call) if call.owner in {"check_in", "notice"}]


def lines(round_id):
    with database.reading() as session:
        return check_in_documents(session, round_id)


def says(outcome):
    with database.unit_of_work() as session:
        resident_answers.hear(session, session.scalars(select(Resident)).all()[0].id, Said(outcome, clock.now()))


def test_whoever_is_being_asked_is_not_asked_by_a_second_round(morning):
    queue()
    second = begin("八十岁以上")
    queue()
    assert len(calls()) == 1
    [line] = lines(second)
    assert (line["outcome"], line["reason"]) == ("excused", "asked_elsewhere")
    assert line["asked_in"] == {"campaign": "每日早安", "outcome": None, "at": None}


@pytest.mark.parametrize(("said", "sign"), [(Outcome.OK, Sign.WELL), (Outcome.UNWELL, Sign.UNWELL)])
def test_whoever_has_answered_has_answered_and_every_page_shows_it(morning, said, sign):
    queue()
    ring(1)
    says(said)
    later(hours=2)
    second = begin("八十岁以上")
    queue()
    assert len(calls()) == 1
    [line] = lines(second)
    assert line["asked_in"]["outcome"] == said
    with database.reading() as session:
        assert [each.sign for each in today(session).check_ins] == [sign]
        check_in = queries.latest_check_in(session, rows(Resident)[0].id, clock.now() - timedelta(hours=9))
        assert news.result(check_in)[0] == said
    assert len(rows(Case)) == (said is Outcome.UNWELL)


def test_after_three_hours_everybody_is_asked_again(morning):
    queue()
    ring(1)
    says(Outcome.OK)
    later(hours=3, minutes=1)
    assert [line["outcome"] for line in lines(begin("下午好"))] == [None]


def test_the_pause_between_two_rounds_is_a_setting(morning, monkeypatch):
    queue()
    ring(1)
    says(Outcome.OK)
    later(minutes=40)
    settings.use(settings.current().model_copy(update={"hours_between_rounds": 0.5}))
    assert [line["outcome"] for line in lines(begin("再问"))] == [None]


def test_somebody_at_the_office_who_says_so_has_everybody_asked_again(morning):
    queue()
    ring(1)
    says(Outcome.OK)
    with database.unit_of_work() as session:
        campaign = session.scalars(select(Campaign)).one()
        round_id = round_starts.start_now(session, actors.system(), campaign, between=timedelta(0)).id
    assert [line["outcome"] for line in lines(round_id)] == [None]


def test_whoever_did_not_answer_has_their_case_and_is_not_rung_by_the_next_round(morning):
    for minutes in (0, 11, 22):
        later(minutes=minutes and 11)
        tick()
        ring(1, Ending.NO_ANSWER)
    assert [case.kind for case in rows(Case)] == ["no_answer"]
    second = begin("八十岁以上")
    tick()
    assert (lines(second)[0]["outcome"], len(calls())) == ("excused", 3)
    with database.reading() as session:
        assert [each.sign for each in today(session).check_ins] == [Sign.NOT_REACHED]


def test_whoever_the_first_round_never_asked_is_asked_by_the_second(morning):
    later(hours=14, minutes=43)
    tick()
    expire()
    tick()
    assert [each.outcome for each in rows(CheckIn)] == ["not_asked"]
    later(hours=10)
    assert [line["outcome"] for line in lines(begin("第二天"))] == [None]


def test_a_notice_is_told_whoever_was_just_asked(morning):
    queue()
    round_id = begin("停水", CampaignKind.NOTICE, message="明天停水。")
    assert [line["outcome"] for line in lines(round_id)] == [None]


def test_the_command_line_says_who_has_asked(house_settings, monkeypatch):
    monkeypatch.setenv("ZAOAN_DATABASE_URL", house_settings.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(house_settings.data_dir))
    opened = wiring.open_house(house_settings)
    resident("王奶奶", HOME)
    resident("李爷爷", MOBILE, room="102")
    opened.close()
    runner = CliRunner()
    with_late = ["--late", "ring-until 23:00"]
    for name in ("每日早安", "八十岁以上"):
        made = runner.invoke(app, ["campaign", "create", name, "--everyone", *with_late])
        assert made.exit_code == 0, made.output
    assert "ring-until 23:00" in runner.invoke(app, ["campaign", "list", "--json"]).stdout
    refused = runner.invoke(app, ["campaign", "create", "不行", "--everyone", "--late", "07:00"])
    assert (refused.exit_code, "--late never" in refused.output) == (1, True)
