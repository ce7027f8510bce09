"""Staff have the resident of a case rung now; what is said then counts as if they had rung us."""

from datetime import time

import pytest

from campaigns.models import CheckIn, Outcome
from campaigns.people import resident_status, ring_again
from campaigns.rounds import check_ins
from contacts.community.community import the_community
from contacts.people import absences
from core import clock
from core.errors import ConflictError, UserError
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Report
from ivr.models import Call, CallState
from tests.campaigns.mornings import HOME, MOBILE, a_round, later
from tests.escalation.deeds.conftest import CLERK
from tests.switchboard import opts_out, rows


@pytest.fixture
def silent(story):
    """Her round is over, and she has answered none of its calls."""
    a_round()
    with database.unit_of_work() as session:
        check_ins.decide(session, CLERK, session.query(CheckIn).one(), Outcome.NO_ANSWER)
    return story.case.id


def rung():
    return [(call.number, call.state) for call in rows(Call, owner="ring_again")]


def told(case_id):
    kinds = [each.kind for each in sorted(rows(Event), key=lambda each: each.id) if each.subject_id == case_id]
    return [each for each in kinds if each.startswith(("case.ring_", "case.rung_"))]


def test_she_is_rung_at_once_and_says_that_she_is_well(story, silent):
    story.do(ring_again.ring_again, silent)
    assert rung() == [(HOME, CallState.QUEUED)]
    heard = story.house.pick_up(HOME)
    assert "王奶奶" in heard.hears
    heard.press("1").hang_up()
    assert told(silent) == ["case.rung_again", "case.ring_answered"]
    assert story.case.state == CaseState.OPEN  # a person closes it
    assert "answered" in [each.news for each in rows(Report)]


def test_what_is_worse_makes_the_case_worse(story, silent):
    story.do(ring_again.ring_again, silent)
    story.house.pick_up(HOME).press("3").hang_up()
    assert (story.case.id, story.case.kind, story.case.urgency) == (silent, CaseKind.UNWELL, 0)


def test_who_does_not_answer_is_rung_by_nobody_again_but_at_the_next_telephone_when_asked_to(story, silent):
    story.do(ring_again.ring_again, silent)
    with pytest.raises(ConflictError):
        story.do(ring_again.ring_again, silent)
    story.house.miss(HOME)
    assert told(silent)[-1] == "case.ring_unheard"
    later(hours=1)
    assert len(rung()) == 1
    story.do(ring_again.ring_again, silent)
    assert rung()[-1][0] == MOBILE or rung()[0][0] == MOBILE


def test_nobody_is_rung_outside_the_hours_for_residents(story, silent):
    with database.unit_of_work() as session:
        the_community(session).call_from = time(9, 0)
    with pytest.raises(UserError):
        story.do(ring_again.ring_again, silent)
    assert rung() == []


def test_a_wish_for_no_calls_and_an_absence_are_honoured(story, silent):
    day = clock.now().date()
    story.do(absences.pause, story.granny, day, day)
    with pytest.raises(UserError):
        story.do(ring_again.ring_again, silent)
    story.do(absences.resume, story.granny)
    story.do(ring_again.ring_again, silent)
    with database.unit_of_work() as session:
        opts_out(session, story.granny)
    with pytest.raises(AssertionError):
        story.house.pick_up(HOME)  # her owner does not want the call any more


def test_nobody_is_rung_about_a_closed_case_or_one_about_nobody_we_know(story, silent):
    story.do(cases.close, silent, "", Finding.FINE)
    with pytest.raises(ConflictError):
        story.do(ring_again.ring_again, silent)
    with database.unit_of_work() as session:
        written = cases.open_written(session, CLERK, the_community(session).id, None, "+8613700000009").id
    with pytest.raises(UserError):
        story.do(ring_again.ring_again, written)


def test_nobody_is_rung_who_talks_with_us_now(story, silent):
    story.house.ring(HOME)
    with pytest.raises(ConflictError):
        story.do(ring_again.ring_again, silent)
    assert rows(Case)[0].ring_call_id is None


def test_a_number_that_is_wrong_is_not_rung(story, silent):
    story.do(resident_status.set_phone_state, story.granny, HOME, "wrong")
    story.do(ring_again.ring_again, silent)
    assert rung() == [(MOBILE, CallState.QUEUED)]
