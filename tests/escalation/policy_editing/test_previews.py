"""A preview beside the ladder itself: who is asked in the same order, at the same times."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.community.community import the_community
from contacts.models import Community, Role
from core import clock
from core.errors import NotFoundError
from core.storage.database import reading, unit_of_work
from escalation import climbing
from escalation.models import CaseKind, Page, PageState
from escalation.paging.paging import end_page
from escalation.policy_editing.previews import buildings, preview
from escalation.policy_editing.rehearsed_ladder import Means
from escalation.policy_lookup import policies_of
from ivr.models import Call
from tests import people
from tests.escalation.test_policies_of_communities import Quarter
from tests.switchboard import rows

NINE = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
RING = timedelta(seconds=45)


@pytest.fixture
def east(switchboard):
    with unit_of_work() as session:
        quarter = Quarter(session, the_community(session), "61")
        community = session.get_one(Community, quarter.id)
        people.responder(session, "志愿者", "+861390000619", Role.VOLUNTEER, of=community)
        return quarter


def shown(quarter, kind, building="61", begins=NINE):
    with reading() as session:
        community = session.get_one(Community, quarter.id)
        return preview(session, community, policies_of(session).of(quarter.id, None, kind), building, begins)


def climbed(quarter, kind, clock_by_hand, minutes):
    """When the ladder itself asks whom, where every telephone rings in vain; by seconds after the case was opened."""
    clock_by_hand(NINE)
    case, asked, known = quarter.opens(kind), [], set()
    while clock.now() - NINE <= timedelta(minutes=minutes):
        climbing.climb_due()
        for page in rows(Page, case_id=case):
            if page.id not in known:
                known.add(page.id)
                asked.append(((page.asked_at - NINE).total_seconds(), page.responder_id))
        with unit_of_work() as session:
            for page in session.query(Page).filter(Page.state == PageState.CALLING):
                if page.asked_at + RING <= clock.now():
                    session.get_one(Call, page.call_id).dialled_at = page.asked_at
                    end_page(session, page, PageState.UNANSWERED)
        climbing.climb_due()
        clock_by_hand(clock.now() + timedelta(seconds=15))
    return asked


@pytest.mark.parametrize("kind", [CaseKind.UNWELL, CaseKind.NO_KEY])
def test_it_goes_as_the_ladder_goes(east, kind, clock_by_hand):
    expected = [(each.after.total_seconds(), who) for each in shown(east, kind).played.moments
                if each.means is Means.CALL for who in each.responders]  # fmt: skip
    real = climbed(east, kind, clock_by_hand, 4)
    assert len(real) >= 4
    assert [who for _, who in real] == [who for _, who in expected[: len(real)]]
    for (took, _), (said, _) in zip(real, expected, strict=False):
        assert abs(took - said) <= 30, "the ladder was looked at every fifteen seconds"


def test_buildings_are_those_in_which_somebody_is_rung(east):
    with unit_of_work() as session:
        people.household(session, "101", "99号楼", "", of=session.get_one(Community, east.id))
    with reading() as session:
        assert list(buildings(session, session.get_one(Community, east.id))) == ["61"]
    with pytest.raises(NotFoundError):
        shown(east, CaseKind.UNWELL, "99")


def test_where_nobody_lives_yet_it_is_played_for_the_whole_community(switchboard):
    with unit_of_work() as session:
        community = the_community(session)
        people.responder(session, "办公室", "+8631186001000", Role.OFFICE, of=community)
    with reading() as session:
        community = the_community(session)
        found = preview(session, community, policies_of(session).shipped["unwell"], "", NINE)
    assert [each.name for each in found.responders.values()] == ["办公室"]
    assert found.played.moments
