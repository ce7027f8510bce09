"""What a key asks of the database, whatever the number of helpers: its caller waits for every statement."""

import pytest
from sqlalchemy import select

from benchmarks.calls.statements import MOST_UNWELL, MOST_WELL, counted
from campaigns.changes import new_campaigns, round_starts
from campaigns.rounds import attempts
from contacts.community.community import the_community
from core import actors, clock
from core.storage import database
from escalation.models import Page
from ivr.models import Call, CallState
from tests import people
from tests.switchboard import resident, rows

HOLDING = {"sqlite": 0, "postgresql": 2}
"""Where several write at once, two statements only hold: the cases before their call, and the ladders."""
PEOPLE = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture(params=["at the office", "nobody at the office"])
def office_days(request):
    return "1234567" if request.param == "at the office" else ""


@pytest.fixture(params=[3, 100])
def asked(request, switchboard, office_days):
    """Calls of a round, all of which were picked up."""
    homes = [resident(f"居民{index}", f"+863118600{index:04d}") for index in range(PEOPLE)]
    with database.unit_of_work() as session:
        community = the_community(session)
        community.office_days = office_days
        for index in range(request.param):
            role = "office" if index == 0 else "volunteer"
            people.responder(session, f"帮手{index}", f"+86139{index:08d}", role)
        round_starts.start_now(
            session, actors.system(), new_campaigns.create_campaign(session, actors.system(), "早安", flags=None)
        )
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    with database.unit_of_work() as session:
        calls = session.scalars(select(Call)).all()
        for call in calls:
            call.state, call.provider_id, call.dialled_at = CallState.PLACED, f"CA{call.id.hex}", clock.now()
        assert len(calls) == len(homes)
        return [(call.id, call.provider_id) for call in calls]


def test_a_key_takes_no_more_statements_than_it_needs_however_many_helpers_there_are(asked, kept_in):
    holding = HOLDING[kept_in]
    counts = [(key, counted(*each, key)) for each, key in zip(asked, "13133", strict=False)]
    assert max(count for key, count in counts if key == "1") <= MOST_WELL
    [first, *joined] = [count for key, count in counts if key == "3"]
    assert first <= MOST_UNWELL
    assert max(joined) <= MOST_UNWELL + holding
    assert len(rows(Page)) == 2 * 3
    assert len({page.call_id for page in rows(Page)}) == 2
