"""Rounds that are looked at as a whole: a house in which nobody answers is one case more, told to the office."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.looking import cluster_words, looks
from campaigns.models import Outcome
from campaigns.queries import silences
from campaigns.rounds import check_ins
from console.shell.part_rendering import piece
from console.view.parts import CASE, case_key
from console.view.today import today
from core import actors, clock
from core.i18n import Language
from core.storage import database
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case
from ivr.models import Call
from tests.campaigns.looking.town import EIGHT, HOUSES, at, check_in_of, clusters, look, ring, round_of, settle, start
from tests.switchboard import rows
from zaoan.cli.documents import case_documents


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


def the_case():
    with database.reading() as session:
        return session.scalars(select(Case).where(Case.kind == "silence_cluster")).one()


def test_a_house_in_which_nobody_answers_is_one_case_besides_each_and_the_office_is_rung(switchboard):
    round_id = start(settle())
    ring(round_id, silent={"4"})
    assert clusters() == []
    look()
    assert clusters() == [(12, "open")]
    assert [each.kind for each in rows(Case)].count("no_answer") == 12
    assert {each.number for each in rows(Call) if each.owner == "page"} == {"+8613900000009"}
    with database.reading() as session:
        [line] = cluster_words.of_round(session, round_id)
        assert (line.silent, line.rung, line.others_silent, line.others_rung) == (12, 12, 0, 60)
        assert set(line.names) == {f"4号楼居民{index}" for index in range(12)}
        assert line.said(Language.CHINESE, "CN").startswith("4号楼的 12 位居民中有 12 位联系不上")
        [document] = case_documents(session, [session.get_one(Case, the_case().id)])
        assert document["cluster"]["others_rung"] == 60
        assert set(document["residents"]) == set(line.names)


def test_the_page_says_what_is_common_and_who_they_are(switchboard):
    ring(start(settle()), silent={"4"})
    look()
    with database.reading() as session:
        shown = today(session)
    assert shown.tally.needing == 12
    html = piece(Language.ENGLISH, shown, case_key(CASE, the_case().id))
    assert "12 of 12 residents of building 4 were not reached; of the others, 0 of 60." in html
    assert "4号楼居民11" in html
    assert "is rung about many silent residents" in piece(Language.ENGLISH, shown, "happenings")
    assert "同时联系不上的居民" in piece(Language.CHINESE, shown, "happenings")


def test_it_is_told_while_the_round_still_goes_on_and_only_once(switchboard):
    round_id = start(settle())
    ring(round_id, silent={"4"}, waits={"6"})
    look()
    assert clusters() == []
    at(EIGHT + timedelta(minutes=16))
    look()
    assert clusters() == [(12, "open")]
    assert round_of(round_id).look_at == round_of(round_id).started_at + timedelta(minutes=30)
    with database.unit_of_work() as session:
        check_ins.hear(session, check_in_of(session, round_id, "4号楼居民3"), Outcome.OK)
        cases.close(session, actors.system(), the_case().id, "", Finding.HELPED)
    at(EIGHT + timedelta(minutes=31))
    look()
    assert clusters() == [(12, "closed")]  # a late answer leaves the outcome as it was decided


def test_nobody_looks_at_a_round_that_is_over_more_than_once(switchboard):
    round_id = start(settle())
    ring(round_id)
    look()
    assert (clusters(), round_of(round_id).look_at) == ([], None)
    with database.reading() as session:
        assert silences.rounds_to_look_at(session, clock.now() + timedelta(days=1)) == []


def test_two_that_look_at_the_same_time_tell_it_once(switchboard):
    ring(start(settle()), silent={"4"})
    with database.reading() as session:
        [due] = silences.rounds_to_look_at(session, clock.now())
        seen = looks.look(session, due)
    done = []
    for _ in range(2):
        with database.unit_of_work() as session:
            done.append(looks.note(session, seen))
    assert (done, len(clusters())) == ([True, False], 1)


def test_a_house_that_was_silent_the_day_before_is_not_told_again(switchboard):
    campaign = settle()
    ring(start(campaign), silent={"4"})
    look()
    at(EIGHT + timedelta(days=1))
    ring(start(campaign), silent={"4", "5"})
    look()
    assert clusters() == [(12, "open"), (12, "open")]
    with database.reading() as session:
        case = session.scalars(select(Case).where(Case.kind == "silence_cluster").order_by(Case.opened_at)).all()[1]
        assert cluster_words.of_cases(session, [case.id])[case.id].name == "5"


def test_a_morning_on_which_the_only_line_reaches_nobody_is_one_case_about_all_of_them(switchboard):
    round_id = start(settle())
    ring(round_id, silent=set(HOUSES))
    look()
    assert clusters() == [(72, "open")]
    with database.reading() as session:
        [line] = cluster_words.of_round(session, round_id)
        assert line.said(Language.ENGLISH, "CN").startswith("72 of the 72 residents of this round were not reached")
        assert line.said(Language.CHINESE, "CN").startswith("这一轮的 72 位居民中有 72 位联系不上")


def test_a_round_of_few_people_is_never_judged(switchboard):
    ring(start(settle(houses=("1", "2", "3", "4"))), silent={"4"})
    look()
    assert clusters() == []
