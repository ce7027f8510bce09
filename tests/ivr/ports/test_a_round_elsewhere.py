"""A provider of which only the port is known carries whole rounds: nothing else needs Twilio, or even loads it."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from campaigns.changes import new_campaigns, round_starts
from campaigns.models import CheckIn, Outcome
from campaigns.rounds import attempts
from contacts.community.community import the_community
from core import actors, clock
from core.storage import database
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from ivr.models import Call, CallState, Ending, Line, Text, TextState
from ivr.ports.provider import UncertainError
from ivr.reconciliation import sweep
from ivr.sms import outbound
from tests.ivr.ports.street import Street
from tests.switchboard import resident, responder

GRANNY, GRANDPA, HELPER = "+8613800000001", "+8613800000002", "+8613900000001"


@pytest.fixture
def street(house_settings):
    opened = Street(house_settings)
    with database.unit_of_work() as session:
        community = the_community(session)
        community.call_from, community.call_until = time(0, 0), time(23, 59, 59)
        community.office_days = ""
    yield opened
    opened.close()


def begin_round():
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
        round_starts.start_now(session, actors.system(), campaign, between=timedelta(0))
    with database.unit_of_work() as session:
        attempts.queue_due(session)


def test_somebody_is_unwell_and_a_responder_goes_and_both_calls_end(street):
    granny = resident("王奶奶", GRANNY)
    helper = responder("李梅", HELPER, role="office")
    begin_round()
    call = street.picks_up(GRANNY)
    assert "王奶奶" in call.hears
    call.press("3")
    [case] = street.rows(select(Case))
    assert (case.kind, case.resident_id, case.state) == (CaseKind.UNWELL, granny, CaseState.OPEN)
    page = street.picks_up(HELPER)
    page.press("9")
    assert "王奶奶" in page.hears
    page.hang_up()
    call.hang_up()
    [case], [told] = street.rows(select(Case)), street.rows(select(Page))
    assert (case.state, case.accepted_by_id, told.state) == (CaseState.ACCEPTED, helper, PageState.ACCEPTED)
    assert [each.outcome for each in street.rows(select(CheckIn))] == [Outcome.UNWELL]
    ended = [(each.state, each.ending) for each in street.rows(select(Call))]
    assert ended == [(CallState.ENDED, Ending.COMPLETED)] * 2


def test_who_is_well_says_so_and_a_machine_does_not(street):
    granny, grandpa = resident("王奶奶", GRANNY), resident("陈爷爷", GRANDPA, room="102")
    begin_round()
    street.picks_up(GRANNY).press("1").hang_up()
    call = street.picks_up(GRANDPA)
    line = call.line
    assert street.tell(f"{line.order.machine_url}", line=line.call.provider_id, by="machine").status_code == 204
    call.press("")
    call.hang_up(by="machine")
    outcomes = {each.resident_id: each.outcome for each in street.rows(select(CheckIn))}
    assert outcomes == {granny: Outcome.OK, grandpa: None}


def test_a_call_of_which_nobody_knows_is_found_and_not_placed_again(street):
    resident("王奶奶", GRANNY)
    begin_round()
    street.telephone.fails(GRANNY, UncertainError("it broke off"), and_does=True)
    street.dial_until_it_rings(GRANNY)
    with database.unit_of_work() as session:
        session.scalars(select(Call)).one().request_deadline = clock.real_now()
    sweep.sweep()
    street.dial_until_it_rings(GRANNY)
    [call], [line] = street.rows(select(Call)), street.telephone.lines_to(GRANNY)
    assert (call.state, call.provider_id) == (CallState.PLACED, line.call.provider_id)


def test_somebody_rings_us_and_is_well(street):
    resident("王奶奶", GRANNY)
    begin_round()
    [ours] = street.rows(select(Line.number))
    call = street.rings(GRANNY, ours)
    call.press("1").hang_up()
    assert [each.outcome for each in street.rows(select(CheckIn))] == [Outcome.OK]
    inbound = [each for each in street.rows(select(Call)) if each.provider_id == call.line.call.provider_id]
    assert [(each.number, each.ending) for each in inbound] == [(GRANNY, Ending.COMPLETED)]


def test_a_text_is_sent_and_arrives(street):
    with database.unit_of_work() as session:
        outbound.queue(session, GRANNY, "您好", None)
    outbound.send()
    [sent] = street.telephone.texts.values()
    assert (sent.to, sent.text.body) == (GRANNY, "您好")
    assert street.tell(sent.status_url, text=sent.text.provider_id, state="delivered").status_code == 204
    assert [each.state for each in street.rows(select(Text))] == [TextState.DELIVERED]


def test_what_nobody_has_sealed_is_refused(street):
    resident("王奶奶", GRANNY)
    begin_round()
    street.dial_until_it_rings(GRANNY)
    [line] = street.telephone.lines_to(GRANNY)
    order = line.order
    path = order.answer_url.removeprefix(street.chosen.public_url)
    assert street.client.post(path, content=b'{"line": "line-1"}').status_code == 403
    assert street.tell(path, pressed="1").status_code == 400, "it names no call"
