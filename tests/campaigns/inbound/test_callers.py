"""Who rings or writes is known however the provider writes their number, and we never talk with ourselves."""

import pytest
from sqlalchemy import select

from campaigns.models import CheckIn
from core.running.events import Event
from core.storage import database
from escalation.models import Case
from ivr.models import Call, Recording, Text
from tests.campaigns.mornings import HOME, MOBILE, a_round
from tests.switchboard import OURS, resident, responder, rows

LANDLINE = ["031186000101", "0311-8600 0101", "8631186000101", "86 311 8600 0101", "008631186000101", "86000101",
            " 8631186000101", HOME]  # fmt: skip
CELL = ["13800000101", "013800000101", "8613800000101", "0086 138 0000 0101", MOBILE]


@pytest.mark.parametrize("written", LANDLINE)
def test_a_resident_who_rings_us_is_asked_how_they_are(switchboard, written):
    resident("王奶奶", HOME)
    a_round()
    call = switchboard.ring(written)
    assert "王奶奶" in call.hears
    call.press("1").hang_up()
    [check_in] = rows(CheckIn)
    assert check_in.outcome == "ok"
    assert rows(Call, direction="in")[0].number == HOME


@pytest.mark.parametrize("written", CELL)
def test_a_text_of_a_resident_is_their_answer(switchboard, written):
    resident("王奶奶", MOBILE)
    a_round()
    switchboard.post("/telephony/inbound/text", MessageSid="SM1", From=written, Body="1")
    [check_in] = rows(CheckIn)
    assert check_in.outcome == "ok"


def test_a_helper_who_rings_us_is_known(switchboard):
    responder("田保国", MOBILE)
    assert "现在没有需要您的事情" in switchboard.ring("13800000101").hears


@pytest.mark.parametrize("written", ["anonymous", "95588", "+266696687", ""])
def test_without_a_whole_number_the_caller_is_a_stranger(switchboard, written):
    resident("王奶奶", HOME)
    assert "请输入" in switchboard.ring(written).hears


@pytest.mark.parametrize("written", [OURS, "031186009999", "86009999"])
def test_a_call_from_our_own_number_ends_and_nobody_is_rung_about_it(switchboard, written):
    responder("田保国", MOBILE)
    call = switchboard.ring(written)
    assert call.hears == "再见。"
    assert call.is_over
    call.hang_up()
    assert rows(Case) == rows(Recording) == []
    with database.reading() as session:
        assert "call.from_ourselves" in set(session.scalars(select(Event.kind)))


@pytest.mark.parametrize("written", [OURS, "86009999"])
def test_a_text_from_our_own_number_is_not_answered(switchboard, written):
    switchboard.post("/telephony/inbound/text", MessageSid="SM1", From=written, Body="救命")
    assert rows(Case) == rows(Text) == []
    with database.reading() as session:
        assert "text.from_ourselves" in set(session.scalars(select(Event.kind)))
