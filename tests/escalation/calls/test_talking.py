"""Whoever has a case lets their own telephone ring, and is connected with its resident from there."""

import pytest

from contacts.models import Responder
from core import actors
from core.errors import ConflictError
from core.links.links import LinkError
from core.running.events import Event
from core.storage.database import reading, unit_of_work, write
from escalation import climbing
from escalation.calls.talking import talk_requests
from escalation.calls.talking.talk_calls import TalkCalls
from escalation.cases import cases
from escalation.deeds import by_link
from escalation.models import Case, CaseKind, CaseState, Page
from ivr.models import Call, Text
from tests.switchboard import resident, responder, rows

HEAD, SECOND, HOME = "+8613900000001", "+8613900000002", "+8631186000101"
MINE = "my browser"


@pytest.fixture
def taken(switchboard):
    """李楼长 has taken the case of 王奶奶 by link; returns the case and the token."""
    responder("李楼长", HEAD)
    who = resident("王奶奶", HOME)
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, who, None).id
    climbing.climb_due()
    [text] = rows(Text, owner="page_text")
    token = text.body.split("/r/")[1].split()[0]
    does(token, by_link.accept, "accept")
    return case, token


def does(token, deed, name="talk", key=""):
    return write(lambda session: by_link.do(session, token, MINE, name, key, deed))


def talks():
    return rows(Call, owner=talk_requests.OWNER)


def legs():
    return rows(Call, owner="introduction")


def test_after_the_key_the_resident_is_rung_out_of_their_own_call(taken, switchboard):
    case, token = taken
    does(token, talk_requests.ring)
    [call] = talks()
    assert call.number == HEAD
    line = switchboard.pick_up(HEAD)
    assert "您要和" in line.hears
    assert not [word for word in ("王", "301", "101") if word in line.hears]
    assert legs() == []
    line.press("1")
    [leg] = legs()
    assert (leg.number, leg.parent_id) == (HOME, call.id)
    assert line.verb("Dial") is not None
    line.connected("completed")
    assert "王奶奶" in line.press("3").hears
    line.press("4")
    assert len(legs()) == 2
    line.hang_up()
    [page] = rows(Page, call_id=call.id)
    assert (page.state, page.case_id) == ("accepted", case)
    assert [event.actor.kind for event in rows(Event, kind="case.connecting")] == ["responder"] * 2
    does(token, talk_requests.ring, key="again")
    assert len(talks()) == 2


def test_asked_twice_it_rings_once_and_says_so_while_it_does(taken, switchboard):
    case, token = taken
    does(token, talk_requests.ring, key="a")
    does(token, talk_requests.ring, key="a")
    with pytest.raises(ConflictError):
        does(token, talk_requests.ring, key="b")
    assert len(talks()) == 1
    who = rows(Responder, number=HEAD)[0].id
    with reading() as session:
        assert talk_requests.is_rung(session, cases.find(session, case), who)
    line = switchboard.pick_up(HEAD).stay()
    assert line.stay().is_over
    line.hang_up()
    with reading() as session:
        assert not talk_requests.is_rung(session, cases.find(session, case), who)


def test_without_a_key_nobody_is_rung_and_the_case_stays_theirs(taken, switchboard):
    case, token = taken
    does(token, talk_requests.ring)
    switchboard.miss(HEAD)
    assert (legs(), rows(Page, call_id=talks()[0].id)[0].state) == ([], "unanswered")
    with reading() as session:
        assert cases.find(session, case).state == CaseState.ACCEPTED
    does(token, talk_requests.ring, key="again")
    assert len(talks()) == 2


def test_who_has_it_no_more_is_connected_with_nobody(taken, switchboard):
    _, token = taken
    does(token, talk_requests.ring)
    line = switchboard.pick_up(HEAD)
    does(token, by_link.close_with("fine", ""), "close")
    assert "已经不在您手里" in line.press("1").hears
    assert legs() == []
    with pytest.raises(LinkError):
        does(token, talk_requests.ring, key="after")


def test_a_call_that_is_not_dialled_yet_is_not_made_for_who_gives_it_back(taken, switchboard):
    _, token = taken
    does(token, talk_requests.ring)
    does(token, by_link.give_back, "give-back")
    with reading() as session:
        assert not TalkCalls().still_wanted(session, session.get_one(Call, talks()[0].id))
    with pytest.raises(ConflictError):
        does(token, talk_requests.ring, key="after")


def test_about_a_message_there_is_nobody_to_be_connected_with(switchboard):
    with reading() as session:
        assert not talk_requests.can_talk(session, Case(kind=CaseKind.MESSAGE, resident_id=None))


def rings(case):
    return write(lambda session: talk_requests.ring_holder(session, actors.user("社区"), case))


def test_the_office_lets_whoever_has_it_ring_and_be_connected(taken, switchboard):
    case, _ = taken
    rings(case)
    line = switchboard.pick_up(HEAD)
    assert "办公室请您" in line.hears
    assert not [word for word in ("王", "301", "101") if word in line.hears]
    line.press("1")
    assert [leg.number for leg in legs()] == [HOME]
    line.hang_up()
    [asked] = rows(Event, kind="case.holder_rung")
    assert (asked.actor.kind, asked.subject_id) == ("user", case)


def test_the_office_connects_nobody_where_nobody_has_it_or_can_be_rung(taken):
    case, token = taken
    does(token, talk_requests.ring)
    with pytest.raises(ConflictError, match="李楼长 is being rung, or in use"):
        rings(case)
    with unit_of_work() as session:
        session.query(Responder).one().number = HOME
    with pytest.raises(ConflictError, match="no telephone of 李楼长"):
        rings(case)
    does(token, by_link.give_back, "give-back")
    with pytest.raises(ConflictError, match="Nobody has case"):
        rings(case)
    assert (len(talks()), rows(Event, kind="case.holder_rung")) == (1, [])
