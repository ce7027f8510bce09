"""A page whose call was never made says nothing of its responder, and is not held against them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from console.view.feed import happenings
from contacts.community.community import the_community
from core import actors, clock
from core.storage import database
from escalation import climbing
from escalation.cases import cases
from escalation.models import Case, CaseKind, Page
from escalation.paging import looks
from escalation.policy_lookup import shipped
from escalation.queries import paging as queries_paging
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from tests import quiet_hours
from tests.switchboard import resident, responder, rows

HELPER, OFFICE = "+8613900000001", "+8631186000900"
ROUNDS = shipped().table[CaseKind.NO_ANSWER].rounds
DIALLED = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


@pytest.fixture
def helper(switchboard):
    return responder("田保国", HELPER)


def opened(kind=CaseKind.UNWELL):
    wang = resident("王奶奶", "+8631186000101")
    with database.unit_of_work() as session:
        return cases.open_case(session, actors.system(), kind, wang, None).id


def ends(ending, **so_far):
    """The helper's call ends; ``so_far`` is what the dialler had done with it."""
    last = rows(Page)[-1]
    with database.unit_of_work() as session:
        call = session.get_one(Call, last.call_id)
        for name, value in so_far.items():
            setattr(call, name, value)
        session.flush()
        calls.end(session, call.id, ending)


def looks_again():
    [case] = rows(Case)
    with database.unit_of_work() as session:
        session.get_one(Case, case.id).look_at = clock.now() - timedelta(seconds=1)
    climbing.climb_due()


def told():
    with database.reading() as session:
        return [each.text for each in happenings(session)]


@pytest.mark.parametrize(
    ("ending", "so_far"),
    [
        (Ending.NOT_WANTED, {}),
        (Ending.NOT_WANTED, {"dialled_at": DIALLED}),  # put off by the provider, and then its time was over
        (Ending.REFUSED, {"dialled_at": DIALLED, "requested_at": DIALLED}),
        (Ending.FAILED, {}),  # it could not even be looked at
    ],
)
def test_nobody_is_said_to_have_left_a_call_unanswered_that_rang_no_telephone(helper, ending, so_far):
    opened()
    ends(ending, **so_far)
    assert rows(Page)[0].state == "not_rung"
    assert "{responder} did not answer about {called}" not in told()
    assert "{responder} was not rung about {called} after all" in told()


def test_a_telephone_that_rang_in_vain_was_not_answered(helper):
    opened()
    ends(Ending.NO_ANSWER, dialled_at=DIALLED, requested_at=DIALLED)
    assert rows(Page)[0].state == "unanswered"
    assert "{responder} did not answer about {called}" in told()


@pytest.mark.parametrize(
    ("ending", "counted"), [(Ending.NOT_WANTED, 0), (Ending.REFUSED, 0), (Ending.NO_ANSWER, 1), (Ending.BUSY, 1)]
)
def test_only_a_call_that_was_made_counts_against_the_calls_of_the_hour(helper, ending, counted):
    opened()
    ends(ending, dialled_at=DIALLED)
    with database.reading() as session:
        _, rung = queries_paging.engaged_and_rung(session, [helper], clock.now() - timedelta(hours=1))
    assert len(rung.get(helper, ())) == counted


def test_whoever_was_never_rung_is_asked_as_often_as_anybody(helper):
    """Their call lay in the queue while the line was out of order: it takes no turn of theirs, nor the office's."""
    responder("社区", OFFICE, "office")
    opened(CaseKind.NO_ANSWER)
    for _ in range(ROUNDS + 2):
        ends(Ending.NOT_WANTED)
        looks_again()
        assert [page.responder_id for page in rows(Page) if page.state == "calling"] == [helper]
    ends(Ending.NO_ANSWER, dialled_at=DIALLED, requested_at=DIALLED)
    looks_again()
    assert helper not in {page.responder_id for page in rows(Page) if page.state == "calling"}


def test_what_could_not_ring_is_not_tried_again_in_the_same_breath(helper):
    """A line that takes no calls would otherwise be asked as fast as the service ticks."""
    case_id = opened()
    ends(Ending.NOT_WANTED)
    assert rows(Case, id=case_id)[0].look_at > clock.now() + timedelta(seconds=30)


def test_before_the_quiet_hours_nothing_is_queued_that_could_not_ring_any_more(helper, clock_by_hand, monkeypatch):
    quiet_hours.as_shipped(monkeypatch)
    with database.unit_of_work() as session:
        the_community(session).call_until = time(21)
    clock_by_hand(datetime(2026, 11, 28, 13, 59, tzinfo=UTC))
    assert calls.lead(looks.RING_SECONDS) > timedelta(minutes=1)
    opened(CaseKind.NO_ANSWER)
    assert rows(Page) == []
    assert rows(Case)[0].look_at == datetime(2026, 11, 28, 23, 0, tzinfo=UTC)


def test_a_ringing_telephone_is_let_off_when_its_responder_rings_us(helper):
    """They have rung: nobody may say that they did not answer."""
    opened()
    [page] = rows(Page)
    with database.unit_of_work() as session:
        session.get_one(Call, page.call_id).state = CallState.DIALLING
    ends(Ending.WITHDRAWN, dialled_at=DIALLED, requested_at=DIALLED)
    assert rows(Page)[0].state == "withdrawn"
