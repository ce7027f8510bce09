"""An answer that can never be stored is neither lost nor tried for ever: it is set aside, and a person is told."""

import json
import logging

import pytest
from sqlalchemy.exc import OperationalError

from core.i18n import translate
from core.storage import database
from escalation.models import Case, CaseKind, Page
from ivr.dialogue.engine import Sound
from ivr.turns import turns
from ivr.webhooks import spool, spooled_answers
from tests import signed_in
from tests.escalation.cases.test_waiting import responder
from tests.ivr.house import NUMBER, RESPONDER, SID
from tests.patience import wait_for
from zaoan.checks.machine.spool import examine_spool
from zaoan.checks.observation import State

NOBODYS_CALL = "01900000-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(spool, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(spool, "LONGEST_PAUSE_SECONDS", 0.02)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / spooled_answers.FOLDER


def answer(call_id=NOBODYS_CALL, key="3", telephone=NUMBER):
    return spooled_answers.Unrecorded(str(call_id), SID, 1, key, "ask-0", 1, telephone)


def set_aside(folder):
    wait_for(lambda: not list(folder.glob("*.json")), "the answer to be recorded or set aside")
    return sorted((folder / spool.SET_ASIDE).glob("*.json"))


def test_an_answer_whose_call_is_not_in_this_database_is_set_aside_and_a_person_is_rung(house, folder, caplog):
    """As after a backup was restored that knows nothing of the call: the key said that somebody is unwell."""
    spooled_answers.keep(answer())
    [aside] = set_aside(folder)
    assert json.loads(aside.read_text())["key"] == "3"
    [case] = house.rows(Case)
    assert (case.kind, case.check_in_id) == (CaseKind.UNWELL, None)
    assert house.count(Page) == 1
    errors = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert [each.exc_info for each in errors] == [None], "one line"
    assert "NoSuchCallError" in errors[0].getMessage()
    assert NUMBER not in caplog.text
    signed_in.enter(house.client)
    today = house.client.get("/").text
    assert translate("zh-CN", "Key {key} was pressed in a call and could not be stored. Please ask them how they are.",
                     key="3") in today  # fmt: skip


@pytest.mark.parametrize(
    ("key", "telephone", "kinds"),
    [
        ("1", NUMBER, [CaseKind.WANTS_PERSON]),
        ("3", NUMBER, [CaseKind.UNWELL]),
        ("3", "+8613812345678", [CaseKind.MESSAGE]),
        ("3", "", [CaseKind.MESSAGE]),
        ("1", RESPONDER, []),
    ],
)
def test_whoever_is_told_is_told_what_it_may_have_said(house, folder, key, telephone, kinds):
    spooled_answers.keep(answer(key=key, telephone=telephone))
    set_aside(folder)
    assert [case.kind for case in house.rows(Case)] == kinds
    assert house.check_in().outcome is None


def test_what_cannot_even_be_read_is_set_aside_and_told_of(house, folder):
    folder.mkdir()
    (folder / "torn.json").write_text('{"call_id": "01')
    spooled_answers.begin()
    assert len(set_aside(folder)) == 1
    [case] = house.rows(Case)
    assert (case.kind, case.caller) == (CaseKind.MESSAGE, "withheld")


def test_a_mistake_of_ours_is_tried_some_times_and_told_of_with_the_number_of_the_call(house, folder, monkeypatch):
    tries = []
    reply = turns.reply

    def fails(session, call, number, heard, position=None):
        if heard.sound is not Sound.LOST:
            return reply(session, call, number, heard, position)
        tries.append(call.id)
        raise RuntimeError("a mistake")

    monkeypatch.setattr(turns, "reply", fails)
    house.turn(0)
    spooled_answers.keep(answer(house.call_id, telephone=""))
    assert len(set_aside(folder)) == 1
    assert tries == [house.call_id] * spool.TRIES
    assert [case.kind for case in house.rows(Case)] == [CaseKind.UNWELL]


def test_while_the_database_does_not_answer_nothing_is_set_aside(house, folder, monkeypatch, caplog):
    house.turn(0)
    failures = iter(range(3 * spool.TRIES))
    record = spooled_answers.record

    def refuses(given):
        if next(failures, None) is not None:
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        record(given)

    monkeypatch.setattr(spooled_answers, "record", refuses)
    spooled_answers.keep(answer(house.call_id))
    assert set_aside(folder) == []
    assert house.check_in().outcome == "unwell"
    assert [each for each in caplog.records if each.exc_info] == []


def test_it_is_set_aside_only_once_somebody_could_be_told(house, folder, monkeypatch):
    tell = spooled_answers.owners.tell_of_lost_answer
    failures = iter(range(3))

    def tells(session, telephone, key):
        if next(failures, None) is not None:
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        tell(session, telephone, key)

    monkeypatch.setattr(spooled_answers.owners, "tell_of_lost_answer", tells)
    spooled_answers.keep(answer())
    assert len(set_aside(folder)) == 1
    assert house.count(Case) == 1


def test_those_around_are_rung_as_for_anybody_who_is_unwell(house, folder):
    with database.unit_of_work() as session:
        responder(session, "+8613900000009", "3号楼")
    spooled_answers.keep(answer())
    set_aside(folder)
    assert house.count(Case) == 1
    assert house.count(Page) == 2


def test_the_doctor_counts_what_waits_and_what_was_set_aside(house, folder):
    chosen = house.chosen
    assert [each.state for each in examine_spool(chosen)] == [State.OK]
    aside = folder / spool.SET_ASIDE
    aside.mkdir(parents=True)
    for name in ("one", "two"):
        (aside / f"{name}.json").write_text("{}")
    (folder / "waits.json").write_text("{}")
    found = examine_spool(chosen)
    assert [each.state for each in found] == [State.WRONG, State.WARNING]
    assert (found[0].gaps["count"], found[1].gaps["count"]) == (2, 1)
