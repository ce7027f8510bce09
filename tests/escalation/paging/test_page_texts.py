"""Texts that go with pages: to whom, when, how often, and that no telephone waits for one that does not go."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import actors, clock
from core.links.models import Link
from core.running.events import Event
from core.storage.database import reading, unit_of_work
from escalation import climbing
from escalation.cases import cases
from escalation.deeds import reopening
from escalation.findings import Finding
from escalation.models import Case, CaseKind, Page, PageState, PolicyOverride
from escalation.page_text import PageText
from escalation.paging import page_texts, paging
from escalation.queries import page_texts as queries
from ivr.models import Call, CallState, Ending, Text, TextState
from ivr.ports import owners
from ivr.provider.twilio.adapter import TwilioTelephony
from ivr.sms import delivery_receipts, opt_outs
from ivr.sms.segments import segments
from tests.switchboard import resident, responder, rows

HEAD, SECOND, LANDLINE = "+8613900000001", "+8613900000002", "+8631186000777"


def opens(kind=CaseKind.UNWELL, who=None):
    """A case, and what its tick does about it."""
    resident_id = who or resident("王奶奶", "+8631186000101")
    with unit_of_work() as session:
        case = cases.open_case(session, actors.system(), kind, resident_id, None).id
    climbing.climb_due()
    return case


def texts():
    return rows(Text, owner=page_texts.OWNER)


def call_to(number):
    [call] = [each for each in rows(Call, number=number) if each.state == CallState.QUEUED]
    return call


def ends(number, ending=Ending.NO_ANSWER):
    """Their telephone has rung, and so on."""
    with unit_of_work() as session:
        call = session.get_one(Call, call_to(number).id)
        call.state, call.ending, call.ended_at = CallState.ENDED, ending, clock.now()
        call.dialled_at = call.requested_at = clock.now()
        owners.owner_of(call).ended(session, call)


def has_policy(kind, **terms):
    with reading() as session:
        community_id = session.query(Case.community_id).limit(1).scalar()
    with unit_of_work() as session:
        session.add(PolicyOverride(community_id=community_id, kind=kind, terms=terms))


def test_whoever_is_rung_is_written_to_and_learns_neither_name_nor_flat(switchboard):
    responder("李楼长", HEAD)
    opens()
    [text] = texts()
    [link] = rows(Link)
    assert text.number == HEAD
    assert text.body.startswith(
        "【槐东社区早安电话】3号楼有一位居民说身体不舒服。您能去吗？请点开 http://127.0.0.1:8000/r/"
    )
    assert not [each for each in ("王", "301", "101", "钥匙", "86000101") if each in text.body.split("http")[0]]
    assert segments(text.body) == 2
    assert link.expires_at - link.made_at == timedelta(hours=24)
    assert call_to(HEAD).due_at <= clock.now(), "no telephone waits for a text about somebody unwell"


def test_an_english_text_is_one_segment(switchboard):
    responder("Li", HEAD)
    with unit_of_work() as session:
        session.query(Case)
        from contacts.models import Community, Responder

        session.query(Responder).one().language = "en"
        session.query(Community).one().name = "Huaidong"
    opens(CaseKind.NEEDS_SUPPLIES)
    [text] = texts()
    assert text.body.startswith("[Huaidong Zao'an] building 3: a resident needs some things. Can you go? http")
    assert segments(text.body) == 1


def test_a_landline_and_whoever_wants_no_texts_are_rung_at_once_and_not_written_to(switchboard):
    responder("李楼长", LANDLINE)
    opens(CaseKind.NEEDS_SUPPLIES)
    assert texts() == []
    assert call_to(LANDLINE).due_at <= clock.now()
    with unit_of_work() as session:
        session.query(Case).update({Case.state: "closed"})
    ends(LANDLINE)
    responder("陈志愿者", HEAD, "building_head")
    with unit_of_work() as session:
        opt_outs.refuse(session, HEAD, opt_outs.ASKED)
    opens(CaseKind.WANTS_PERSON, resident("李爷爷", "+8631186000102"))
    assert texts() == []
    assert {call.number: call.due_at <= clock.now() for call in rows(Call, state=CallState.QUEUED)} == {HEAD: True}


def test_what_can_wait_is_read_before_the_telephone_rings(switchboard):
    responder("李楼长", HEAD)
    opens(CaseKind.NEEDS_SUPPLIES)
    [text] = texts()
    assert text.next_try_at <= clock.now()
    assert timedelta(seconds=90) < call_to(HEAD).due_at - clock.now() <= timedelta(minutes=2)


def test_a_text_that_fails_makes_the_telephone_ring(switchboard):
    responder("李楼长", HEAD)
    opens(CaseKind.NEEDS_SUPPLIES)
    with unit_of_work() as session:
        delivery_receipts.settle(session, session.get_one(Text, texts()[0].id), TextState.FAILED, "30006")
    assert call_to(HEAD).due_at <= clock.now()


def test_what_becomes_urgent_or_joins_waits_for_no_text(switchboard):
    who = resident("王奶奶", "+8631186000101")
    responder("李楼长", HEAD)
    opens(CaseKind.NEEDS_SUPPLIES, who)
    assert call_to(HEAD).due_at > clock.now()
    opens(CaseKind.UNWELL, resident("李爷爷", "+8631186000102"))
    assert call_to(HEAD).due_at <= clock.now()
    assert len(rows(Page, call_id=call_to(HEAD).id)) == 2
    assert len(texts()) == 2, "whoever is unwell has a text of their own"


def test_a_case_that_becomes_worse_waits_for_no_text(switchboard):
    who = resident("王奶奶", "+8631186000101")
    responder("李楼长", HEAD)
    with unit_of_work() as session:
        cases.rang_in(session, actors.system(), CaseKind.NEEDS_SUPPLIES, who, None)
    climbing.climb_due()
    assert call_to(HEAD).due_at > clock.now()
    with unit_of_work() as session:
        cases.rang_in(session, actors.system(), CaseKind.UNWELL, who, None)
    assert call_to(HEAD).due_at <= clock.now()


def test_what_the_provider_has_put_off_is_not_hurried(switchboard):
    responder("李楼长", HEAD)
    opens(CaseKind.NEEDS_SUPPLIES)
    with unit_of_work() as session:
        session.execute(update(Call).values(refusals=1))
    with unit_of_work() as session:
        delivery_receipts.settle(session, session.get_one(Text, texts()[0].id), TextState.FAILED, "30006")
    assert call_to(HEAD).due_at > clock.now()


def test_many_silences_in_one_call_are_one_text(switchboard):
    responder("李楼长", HEAD)
    for index in range(4):
        opens(CaseKind.NO_ANSWER, resident(f"居民{index}", f"+863118600020{index}"))
    assert len(rows(Page, state=PageState.CALLING)) == 4
    assert len(texts()) == 1
    assert len(rows(PageText)) == 4


def test_one_is_written_to_once_about_one_case_and_anew_when_it_was_closed_meanwhile(switchboard):
    responder("李楼长", HEAD)
    case = opens()
    ends(HEAD)
    climbing.climb_due()
    with unit_of_work() as session:
        paging.ask_next(session, session.get_one(Case, case))
    climbing.climb_due()
    assert len(rows(Page)) == 2
    assert len(texts()) == 1
    with unit_of_work() as session:
        cases.close(session, actors.user("田主任"), case, "", Finding.FINE)
    [link] = rows(Link)
    assert link.revoked_at
    with unit_of_work() as session:
        reopening.reopen(session, actors.user("田主任"), case, "又打来了")
    climbing.climb_due()
    assert len(texts()) == 2
    assert [each.revoked_at is None for each in sorted(rows(Link), key=lambda each: each.made_at)] == [False, True]


def test_whoever_is_not_needed_any_more_is_not_written_to(switchboard):
    first, _ = responder("李楼长", HEAD), responder("陈志愿者", SECOND)
    case = opens()
    assert {text.number for text in texts()} == {HEAD, SECOND}
    with unit_of_work() as session:
        assert cases.accept(session, actors.user("田主任"), case, first)
    assert {text.number: text.state for text in texts()} == {HEAD: TextState.QUEUED, SECOND: TextState.NOT_WANTED}
    with unit_of_work() as session:
        cases.close(session, actors.user("田主任"), case, "", Finding.FINE)
    assert {text.state for text in texts()} == {TextState.NOT_WANTED}


def test_the_time_line_tells_of_a_text_once_it_has_arrived(switchboard):
    who = responder("李楼长", HEAD)
    case = opens()
    assert rows(Event, kind="page.written") == []
    with unit_of_work() as session:
        delivery_receipts.settle(session, session.get_one(Text, texts()[0].id), TextState.DELIVERED, None)
    [told] = rows(Event, kind="page.written")
    assert (told.subject_id, told.facts) == (case, {"responder": str(who)})


def test_the_residents_own_telephone_and_that_of_their_home_are_not_written_to(switchboard):
    who = resident("王奶奶", "+8631186000101", HEAD)
    responder("王奶奶自己", HEAD)
    responder("李楼长", SECOND)
    opens(CaseKind.UNWELL, who)
    assert {text.number for text in texts()} == {SECOND}


def test_a_policy_may_say_no_text(switchboard):
    responder("李楼长", HEAD)
    opens()
    has_policy("every", text_ahead_minutes="no_text")
    has_policy("needs_supplies", text_ahead_minutes="no_text")
    opens(CaseKind.NEEDS_SUPPLIES, resident("李爷爷", "+8631186000102"))
    ends(HEAD)
    opens(CaseKind.WANTS_PERSON, resident("赵爷爷", "+8631186000103"))
    assert len(texts()) == 1


def test_pages_that_rang_before_the_service_knew_of_texts_get_none_twice(switchboard):
    responder("李楼长", HEAD)
    opens()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: page_texts.write_due(), range(4)))
    assert len(texts()) == 1
    with reading() as session:
        assert queries.unseen_pages(session, "page", 10) == []


def test_several_at_the_same_moment_write_once(switchboard):
    responder("李楼长", HEAD)
    resident_id = resident("王奶奶", "+8631186000101")
    with unit_of_work() as session:
        cases.open_case(session, actors.system(), CaseKind.UNWELL, resident_id, None)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: page_texts.write_due(), range(6)))
    assert len(texts()) == len(rows(Link)) == 1


@pytest.mark.parametrize(("terms", "field"), [
    ({"unwell": {"text_ahead_minutes": 1}}, "text_ahead_minutes"),
    ({"busy": {"text_ahead_minutes": 5}}, "text_ahead_minutes"),
    ({"busy": {"text_ahead_minutes": "none"}}, "text_ahead_minutes"),
    ({"busy": {"link_hours": 0}}, "link_hours"),
    ({"busy": {"link_hours": 169}}, "link_hours"),
])  # fmt: skip
def test_what_cannot_be_said_of_texts_is_refused(terms, field):
    from core.errors import UserError
    from escalation import policy_lookup
    from escalation.policy_terms import tables

    with pytest.raises(UserError) as refused:
        tables(policy_lookup.shipped().laid, terms)
    assert refused.value.field == field


def test_where_the_line_carries_no_texts_none_is_made_and_nobody_waits_for_one(switchboard, monkeypatch):
    monkeypatch.setattr(TwilioTelephony, "carries_texts", False)
    responder("李楼长", HEAD)
    opens(CaseKind.NEEDS_SUPPLIES)
    assert (texts(), rows(Link)) == ([], [])
    assert call_to(HEAD).due_at <= clock.now()
