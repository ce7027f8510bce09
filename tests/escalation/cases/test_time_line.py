"""Whose doing it was: the event log, the page of a case and ``zaoan case show`` name the same people in every step."""

import json
import re

import pytest
from sqlalchemy import event, select, text
from typer.testing import CliRunner

from campaigns.rounds import attempts
from core import actors
from core.actors import Actor, ActorKind
from core.running import events
from core.running.events import Event
from core.storage import database
from escalation import climbing
from escalation.cases import cases, time_line
from escalation.findings import Finding
from escalation.models import Case, CaseKind
from tests import signed_in
from tests.campaigns.mornings import a_round
from tests.switchboard import resident, responder, rows
from zaoan.cli.cli import app

HOME, MOBILE, DAUGHTER, STRANGER = "+8631186000101", "+8613900000001", "+8613800000102", "+8613700000009"


def write(switchboard, number, body):
    answer = switchboard.post("/telephony/inbound/text", MessageSid=f"SM{len(body):032d}", From=number, Body=body,
                              NumMedia="0")  # fmt: skip
    assert answer.status_code < 300


@pytest.fixture
def story(switchboard):
    """王奶奶 presses 3, 田保国 is rung and takes it, her daughter writes, the office notes him at the door, and a user
    opens it again and another program closes it."""
    wang, tian = resident("王奶奶", HOME, relative=DAUGHTER), responder("田保国", MOBILE)
    a_round()
    queue_calls()
    switchboard.pick_up(HOME).press("3")
    [case] = rows(Case)
    assert case.kind == CaseKind.UNWELL
    switchboard.pick_up(MOBILE).press("1")
    write(switchboard, DAUGHTER, "我妈妈怎么样了？")
    clerk = signed_in.enter(switchboard.client, "李干事")
    page = {"Origin": switchboard.chosen.public_url}
    switchboard.client.post(f"/today/cases/{case.id}/arrive", headers=page)
    with database.unit_of_work() as session:
        cases.close(session, actors.user("王芳"), case.id, "送医院了", Finding.TAKEN_TO_HOSPITAL)
    with database.unit_of_work() as session:
        cases.needed_again(session, actors.caller(wang), CaseKind.UNWELL, session.get_one(Case, case.id))
        cases.close(session, Actor(ActorKind.API, None, "街道平台"), case.id, "", Finding.FINE)
    return case.id, wang, tian, clerk


def queue_calls():
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def of_log(case_id):
    """Kind of event → whose doing it was, as the log keeps it."""
    with database.reading() as session:
        found = session.scalars(select(Event).where(Event.subject_id == case_id).order_by(Event.id)).all()
    return {each.kind: (each.actor_kind, each.actor_id) for each in found}


def test_the_log_says_whose_doing_each_event_was_by_kind_and_id(switchboard, story):
    case_id, wang, tian, clerk = story
    log = of_log(case_id)
    assert log["case.opened"] == ("caller", wang)
    assert log["page.asked"] == ("system", None)
    assert log["page.accepted"] == log["case.accepted"] == ("responder", tian)
    [relative] = [actor_id for kind, (by, actor_id) in log.items() if by == "relative"]
    assert log["case.text_tied"] == ("relative", relative)
    assert log["case.on_site"] == ("user", clerk)
    assert log["case.reopened"] == ("caller", wang)
    assert log["case.closed"] == ("api", None)
    assert {kind for kind, _ in log.values()} == {each.value for each in ActorKind}


def test_nobodys_name_or_number_is_in_the_log(switchboard, story):
    with database.reading() as session:
        written = [f"{each.actor_name} {json.dumps(each.facts, ensure_ascii=False)}"
                   for each in session.scalars(select(Event)) if each.kind != "campaign.created"]  # fmt: skip
    assert not [line for line in written if re.search("王奶奶|田保国|小梅|\\+86", line)]


SAID = {
    "zh-CN": ["王奶奶 登记了这件事：身体不舒服", "系统 打电话给田保国", "田保国 接下了这件事", "小梅 为这件事发来短信",
              "李干事 记下：帮忙的人已到门口", "王芳 办结了这件事：", "王奶奶 又来求助：身体不舒服",
              "街道平台 办结了这件事："],
    "en": ["王奶奶 opened the case: is unwell", "Zao'an rang 田保国", "田保国 took the case",
           "小梅 wrote a text about it",
           "李干事 said that a helper is at the door", "王芳 closed the case: ",
           "王奶奶 asked for somebody again: is unwell", "街道平台 closed the case: "],
}  # fmt: skip


@pytest.mark.parametrize("language", SAID)
def test_the_page_of_the_case_says_who_did_what(switchboard, story, language):
    page = switchboard.client.get(f"/cases/{story[0]}?language={language}")
    assert page.status_code == 200
    lines = re.findall(r'<b class="name">(.*?)</b> <span class="what">(.*?)</span>', page.text)
    shown = [" ".join(each).replace("&#39;", "'") for each in lines]
    rest = iter(shown)
    for said in SAID[language]:
        assert any(line.startswith(said) for line in rest), (said, shown)
    assert "{" not in "".join(shown)
    assert "actor:" not in page.text


@pytest.mark.parametrize("language", SAID)
def test_the_command_says_who_did_what(switchboard, story, language, monkeypatch):
    chosen = switchboard.chosen
    monkeypatch.setenv("ZAOAN_DATABASE_URL", chosen.database_url)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(chosen.data_dir))
    monkeypatch.setenv("ZAOAN_LANGUAGE", language)
    monkeypatch.setenv("ZAOAN_CLOCK_START", chosen.clock_start.isoformat())
    told = CliRunner().invoke(app, ["case", "show", "latest"])
    assert told.exit_code == 0, told.output
    rest = iter(told.stdout.splitlines())
    for said in SAID[language]:
        assert any(said in line for line in rest), (said, told.stdout)
    document = json.loads(CliRunner().invoke(app, ["case", "show", "latest", "--json"]).stdout)
    opened = document["time_line"][0]
    assert (opened["event"], opened["actor"]) == ("case.opened", {"kind": "caller", "id": str(story[1])})
    assert {each["actor"]["kind"] for each in document["time_line"]} == {each.value for each in ActorKind}


def test_an_unknown_case_has_no_page_but_a_kind_sentence(switchboard):
    signed_in.enter(switchboard.client)
    missing = switchboard.client.get(f"/cases/{resident('王奶奶', HOME)}?language=en")
    assert missing.status_code == 404
    assert "There is no case" in missing.text


def test_today_leads_to_the_time_line_of_an_open_case(switchboard, story):
    with database.unit_of_work() as session:
        found = cases.open_case(session, actors.system(), CaseKind.NO_ANSWER, story[1], None)
    assert f'href="/cases/{found.id}"' in switchboard.client.get("/?language=zh-CN").text


def test_what_the_service_did_by_itself_is_its_own_doing(switchboard):
    wang = resident("王奶奶", HOME)
    responder("田保国", MOBILE)
    with database.unit_of_work() as session:
        case_id = cases.open_case(session, actors.system(), CaseKind.NO_ANSWER, wang, None).id
    switchboard.miss(MOBILE)
    climbing.climb_due()
    assert {by for by, _ in of_log(case_id).values()} == {"system"}
    with database.reading() as session:
        moments = time_line.of_case(session, case_id)
    assert [each.what("en") for each in moments][1:3] == ["rang 田保国", "had no answer from 田保国"]


def test_the_office_gives_a_case_to_somebody(switchboard):
    wang, tian = resident("王奶奶", HOME), responder("田保国", MOBILE)
    with database.unit_of_work() as session:
        case_id = cases.open_case(session, actors.system(), CaseKind.NO_ANSWER, wang, None).id
        cases.accept(session, actors.user("王芳"), case_id, tian)
    with database.reading() as session:
        told = [f"{each.who('en')} {each.what('en')}" for each in time_line.of_case(session, case_id)]
    assert "王芳 gave the case to 田保国" in told


def test_one_case_is_found_among_the_events_of_years_by_an_index(switchboard, story):
    said = []

    def hear(_, __, statement, parameters, *___):
        if "FROM events" in statement:
            said.append((statement, parameters))

    for engine in database.current().engines:
        event.listen(engine, "before_cursor_execute", hear)
    with database.reading() as session:
        assert events.of_cases(session, [story[0]])
    for engine in database.current().engines:
        event.remove(engine, "before_cursor_execute", hear)
    with database.reading() as session:
        is_sqlite = database.current().is_sqlite
        if not is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        plan = session.connection().exec_driver_sql(explain + said[0][0], said[0][1]).all()
    assert "ix_events_of_cases" in str(plan)
