"""What a link lets its responder do with a case, once, and nobody else."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from contacts.models import Responder
from core import actors, clock
from core.errors import ConflictError, UserError
from core.links import links
from core.links.links import Fault, LinkError
from core.links.models import LinkUse
from core.running.events import Event
from core.storage.database import reading, unit_of_work, write
from escalation import climbing
from escalation.cases import cases
from escalation.deeds import by_link, merging, new_links
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.paging import case_links
from ivr.models import Call, CallState, Text
from tests.switchboard import resident, responder, rows

HEAD, SECOND = "+8613900000001", "+8613900000002"
MINE, OTHERS = "my browser", "another browser"


@pytest.fixture
def asked(switchboard):
    """Two are rung and written to about 王奶奶; returns the case and their tokens by number."""
    responder("李楼长", HEAD)
    responder("陈志愿者", SECOND)
    who = resident("王奶奶", "+8631186000101")
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, who, None).id
    climbing.climb_due()
    return case, tokens()


def tokens():
    return {text.number: text.body.split("/r/")[1].split()[0] for text in rows(Text, owner="page_text")}


def does(token, deed, name="accept", key="", browser=MINE):
    return write(lambda session: by_link.do(session, token, browser, name, key, deed))


def the_case(case_id):
    [case] = rows(Case, id=case_id)
    return case


def pages():
    names = {each.id: each.number for each in rows(Responder)}
    return {names[each.responder_id]: each.state for each in rows(Page)}


def test_who_goes_has_it_and_nobody_is_rung_any_more(asked):
    case, theirs = asked
    does(theirs[HEAD], by_link.accept)
    [told] = rows(Event, kind="case.accepted")
    assert the_case(case).state == CaseState.ACCEPTED
    assert told.actor.kind == "responder"
    assert pages() == {HEAD: PageState.ACCEPTED, SECOND: PageState.WITHDRAWN}
    assert {call.state for call in rows(Call)} == {CallState.ENDED}


def test_the_second_changes_nothing(asked):
    case, theirs = asked
    does(theirs[HEAD], by_link.accept)
    found = does(theirs[SECOND], by_link.accept, browser=OTHERS)
    assert not found.is_theirs
    [first] = [each.id for each in rows(Responder, number=HEAD)]
    assert the_case(case).accepted_by_id == first


def test_of_two_at_the_same_moment_one_has_it(asked):
    case, theirs = asked
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda number: does(theirs[number], by_link.accept, browser=number), theirs))
    assert sorted(pages().values()) == [PageState.ACCEPTED, PageState.WITHDRAWN]
    assert len(rows(Event, kind="case.accepted")) == 1
    assert the_case(case).state == CaseState.ACCEPTED


def test_a_key_and_a_tap_at_the_same_moment_are_one_acceptance(asked, switchboard):
    _, theirs = asked
    call = switchboard.pick_up(SECOND)
    does(theirs[HEAD], by_link.accept)
    assert "已经有人" in call.press("1").hears
    assert len(rows(Event, kind="case.accepted")) == 1


def test_from_going_to_the_end(asked):
    case, theirs = asked
    token = theirs[HEAD]
    does(token, by_link.accept)
    does(token, by_link.move_to("on_the_way"), "move", "1")
    assert the_case(case).state == CaseState.ON_THE_WAY
    does(token, by_link.move_to("on_site"), "move", "2")
    does(token, by_link.close_with("helped", " 量了血压 "), "close", "3")
    closed = the_case(case)
    assert (closed.state, closed.finding, closed.note) == (CaseState.CLOSED, Finding.HELPED, "量了血压")
    assert {event.actor.kind for event in rows(Event, subject_id=case) if event.kind.startswith("case.on_")} == {
        "responder"
    }
    for number in theirs:
        with pytest.raises(LinkError) as over:
            does(theirs[number], by_link.accept, key="again")
        assert over.value.fault is Fault.REVOKED


def test_what_is_sent_twice_is_done_once(asked):
    case, theirs = asked
    for _ in range(3):
        does(theirs[HEAD], by_link.accept, key="a")
    for _ in range(2):
        does(theirs[HEAD], by_link.give_back, "give-back", "b")
    assert len(rows(Event, kind="case.accepted")) == len(rows(Event, kind="case.given_back")) == 1
    assert the_case(case).state == CaseState.OPEN
    assert sorted((use.deed, use.key) for use in rows(LinkUse)) == [("accept", "a"), ("give-back", "b")]


def test_what_was_refused_may_be_sent_again(asked):
    case, theirs = asked
    does(theirs[HEAD], by_link.accept)
    for finding, note in (("", ""), ("other", " "), ("gone", "x")):
        with pytest.raises(UserError):
            does(theirs[HEAD], by_link.close_with(finding, note), "close", "c")
    does(theirs[HEAD], by_link.close_with("other", "已送到女儿家"), "close", "c")
    assert the_case(case).state == CaseState.CLOSED


@pytest.mark.parametrize("deed", [by_link.show, by_link.give_back, by_link.move_to("on_site"),
                                  by_link.close_with("fine", "")])  # fmt: skip
def test_who_has_not_got_it_does_nothing_with_it(asked, deed):
    case, theirs = asked
    for before in (None, HEAD):
        if before:
            does(theirs[before], by_link.accept)
        with pytest.raises(ConflictError):
            does(theirs[SECOND], deed, "deed", browser=OTHERS)
    assert the_case(case).state == CaseState.ACCEPTED


def test_who_cannot_go_is_not_asked_again_also_after_the_telephone_has_stopped(asked, switchboard):
    case, theirs = asked
    switchboard.miss(HEAD)
    does(theirs[HEAD], by_link.decline, "decline")
    does(theirs[SECOND], by_link.decline, "decline", browser=OTHERS)
    assert pages() == {HEAD: PageState.DECLINED, SECOND: PageState.DECLINED}
    assert the_case(case).state == CaseState.OPEN
    assert {event.actor.kind for event in rows(Event, kind="page.declined")} == {"responder"}


def test_who_has_declined_may_still_go_as_long_as_nobody_does(asked):
    case, theirs = asked
    does(theirs[HEAD], by_link.decline, "decline")
    does(theirs[HEAD], by_link.accept)
    assert the_case(case).state == CaseState.ACCEPTED


def test_a_link_opens_in_the_browser_that_has_used_it_alone(asked):
    _, theirs = asked
    does(theirs[HEAD], by_link.accept)
    with pytest.raises(LinkError) as refused:
        does(theirs[HEAD], by_link.close_with("fine", ""), "close", browser=OTHERS)
    assert refused.value.fault is Fault.ELSEWHERE


def test_nobody_looks_after_themselves(switchboard):
    who = resident("王奶奶", HEAD)
    responder("李楼长", SECOND)
    responder("王奶奶自己", HEAD)
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), CaseKind.UNWELL, who, None)
        [own] = session.query(Responder).filter_by(number=HEAD)
        address = links.address_of(case_links.PURPOSE, case_links.new(session, case, own.id))
    with pytest.raises(ConflictError, match="the resident's own"):
        does(address.rsplit("/", 1)[1], by_link.accept)
    assert the_case(case.id).state == CaseState.OPEN


def test_who_helps_no_more_opens_nothing(asked):
    _, theirs = asked
    with unit_of_work() as session:
        session.query(Responder).filter_by(number=HEAD).one().removed_at = clock.now()
    with pytest.raises(LinkError) as refused:
        does(theirs[HEAD], by_link.accept)
    assert refused.value.link is None


def test_the_link_of_a_case_that_was_merged_leads_to_the_one_that_goes_on(asked):
    case, theirs = asked
    [who] = {each.resident_id for each in rows(Case)}
    with unit_of_work() as session:
        other = cases.open_case(session, actors.system(), CaseKind.WANTS_PERSON, who, None).id
        merging.merge(session, actors.user("田主任"), case, other)
    does(theirs[HEAD], by_link.accept)
    assert the_case(case).state == CaseState.ACCEPTED


def sends(token, browser=""):
    write(lambda session: new_links.send(session, token, browser))


def test_a_new_link_goes_to_the_responders_own_telephone_and_not_without_end(asked, monkeypatch):
    case, theirs = asked
    sends(theirs[HEAD])
    assert len(rows(Text, number=HEAD)) == 1, "a link that is good needs no other"
    does(theirs[HEAD], by_link.accept)
    for _ in range(new_links.MOST - 1):
        sends(theirs[HEAD], OTHERS)
    with pytest.raises(new_links.TooManyLinksError):
        sends(theirs[HEAD], OTHERS)
    texts = rows(Text, number=HEAD)
    assert len(texts) == new_links.MOST
    fresh = texts[-1].body.split("/r/")[1].split()[0]
    does(fresh, by_link.move_to("on_site"), "move", browser=OTHERS)
    assert the_case(case).state == CaseState.ON_SITE
    later = clock.real_now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    with reading() as session, pytest.raises(LinkError) as over:
        by_link.opened(session, fresh, OTHERS)
    assert over.value.fault is Fault.EXPIRED
    sends(fresh)
    assert len(rows(Text, number=HEAD)) == new_links.MOST + 1


def test_no_new_link_is_sent_for_what_is_closed_or_was_never_a_link(asked):
    _, theirs = asked
    does(theirs[HEAD], by_link.accept)
    does(theirs[HEAD], by_link.close_with("fine", ""), "close")
    before = len(rows(Text))
    for token in (theirs[HEAD], "a" * 24):
        with suppress(LinkError):
            sends(token, OTHERS)
            pytest.fail("it was sent")
    assert len(rows(Text)) == before
