"""Responders who leave or get another telephone: nobody waits for them, and whom they looked after is not forgotten."""

import pytest
from sqlalchemy import select

from campaigns.people import resident_status, responder_status
from campaigns.rounds import attempts
from console.view.feed import happenings
from contacts.models import Relative, Responder
from core import actors
from core.errors import ConflictError
from core.running.events import Event
from core.storage import database
from escalation import climbing
from escalation.cases import time_line
from escalation.models import Case, Page
from escalation.paging import page_texts
from ivr.models import Text
from tests import people
from tests.campaigns.mornings import HOME, a_round
from tests.switchboard import resident, responder, rows

FIRST, SECOND, NEW = "+8613900000001", "+8613900000002", "+8613900000003"
STAFF = actors.user("会计")


def unwell(switchboard, called="王奶奶"):
    """She has said that she is unwell; her case."""
    a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    switchboard.ring(HOME).press("3").hang_up()
    return rows(Case)[0]


def leaves(responder_id):
    with database.unit_of_work() as session:
        return responder_status.remove(session, STAFF, responder_id)


def test_what_a_responder_has_in_hand_goes_to_the_next_one_at_once(switchboard):
    resident("王奶奶", HOME)
    first = responder("石磊", FIRST)
    case = unwell(switchboard)
    switchboard.pick_up(FIRST).press("1").hang_up()
    second = responder("魏红", SECOND)
    assert rows(Case)[0].accepted_by_id == first
    done = leaves(first)
    assert [each.id for each in done.handed_back] == [case.id]
    [kept] = rows(Case)
    assert (kept.state, kept.accepted_by_id) == ("open", None)
    assert switchboard.waiting_for(SECOND)
    assert [page.responder_id for page in rows(Page, state="calling")] == [second]
    with database.reading() as session:
        told = [each.what("zh-CN") for each in time_line.of_case(session, case.id)]
        assert "交还给其他帮手：石磊已经不再帮忙" in told
        assert "{responder} is no helper any more; others are rung about {called}" in {
            each.text for each in happenings(session)
        }
    [event] = rows(Event, kind="responder.removed")
    assert (event.subject_id, event.actor.name) == (first, "会计")


def test_a_telephone_that_rings_for_who_leaves_stops_and_the_ladder_goes_on(switchboard):
    resident("王奶奶", HOME)
    first = responder("石磊", FIRST)
    unwell(switchboard)
    assert switchboard.waiting_for(FIRST)
    responder("魏红", SECOND)
    leaves(first)
    climbing.climb_due()
    assert not switchboard.waiting_for(FIRST)
    assert switchboard.waiting_for(SECOND)
    with pytest.raises(ConflictError):
        leaves(first)


def test_another_telephone_is_the_one_that_is_rung_now(switchboard):
    resident("王奶奶", HOME)
    first = responder("石磊", FIRST)
    unwell(switchboard)
    with database.unit_of_work() as session:
        [change] = responder_status.change(session, STAFF, first, {"number": "13900000003"})
    assert (change.what, change.before, change.after) == ("number", FIRST, NEW)
    climbing.climb_due()
    assert not switchboard.waiting_for(FIRST)
    assert switchboard.waiting_for(NEW)
    with database.unit_of_work() as session:
        assert responder_status.change(session, STAFF, first, {"number": NEW, "name": "石磊"}) == []
    assert len(rows(Event, kind="responder.changed")) == 1


def test_who_leaves_gets_not_even_the_text_that_waits_and_who_shares_their_telephone_does(switchboard):
    resident("王奶奶", HOME)
    first, second = responder("石磊", FIRST), responder("魏红", SECOND)
    unwell(switchboard)
    climbing.climb_due()
    assert {text.number for text in rows(Text, owner=page_texts.OWNER, state="queued")} == {FIRST, SECOND}
    leaves(first)
    assert {text.number for text in rows(Text, owner=page_texts.OWNER, state="not_wanted")} == {FIRST}
    with database.unit_of_work() as session:
        page_texts.drop_to(session, first, [SECOND])
    assert {text.number for text in rows(Text, owner=page_texts.OWNER, state="queued")} == {SECOND}
    with database.unit_of_work() as session:
        responder_status.change(session, STAFF, second, {"number": NEW})
    assert rows(Text, owner=page_texts.OWNER, state="queued") == []


def test_who_left_is_asked_about_nothing_that_comes_later_and_a_new_one_may_have_the_telephone(switchboard):
    resident("王奶奶", HOME)
    leaves(responder("石磊", FIRST))
    newcomer = responder("魏红", FIRST)
    unwell(switchboard)
    assert {page.responder_id for page in rows(Page)} == {newcomer}
    assert len(rows(Responder)) == 2


def test_a_relative_who_is_taken_away_gets_not_even_the_text_that_waits(switchboard):
    granny = resident("王奶奶", HOME, relative="+8613800138000")
    with database.unit_of_work() as session:
        people.relative(session, granny, "大刚", "+8613800138009", wants="everything")
    unwell(switchboard)
    assert {text.number for text in rows(Text, state="queued")} == {"+8613800138000", "+8613800138009"}
    with database.unit_of_work() as session:
        resident_status.remove_relative(session, STAFF, granny, "小梅")
        resident_status.change_relative(session, STAFF, granny, "大刚", {"number": "13800138010"})
    assert rows(Text, state="queued") == []
    assert {text.state for text in rows(Text)} == {"not_wanted"}
    with database.reading() as session:
        assert list(session.scalars(select(Relative.number))) == ["+8613800138010"]
