"""The trial of a newcomer begins by the clock of the installation, whose speed another process may have changed."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns import queries
from contacts.importing import Kind, run_import
from core import clock
from core.clock import Anchor
from core.database import reading
from core.installation import Purpose
from zaoan import trial, wiring
from zaoan.demo import DEMO_DATA

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
RESIDENT = "+8631186000101"


@pytest.fixture
def town(house_settings):
    before = clock.anchor()
    house = wiring.open_house(house_settings.model_copy(update={"clock_start": EIGHT}), Purpose.DEMO)
    assert not run_import(Kind.RESIDENTS, DEMO_DATA / "residents.csv", consent=None, dry_run=False).problems
    yield
    house.close()
    clock.set_anchor(before)


def test_a_trial_rings_at_once_although_another_process_has_changed_the_speed(town):
    clock.set_anchor(Anchor(clock.real_now(), EIGHT + timedelta(hours=3), 60.0))
    trial.ring([RESIDENT])
    with reading() as session:
        (begun,) = queries.rounds(session, limit=2)
        (check_in,) = queries.check_ins(session, begun.id)
    assert EIGHT <= begun.started_at <= check_in.next_attempt_at < EIGHT + timedelta(minutes=2)
