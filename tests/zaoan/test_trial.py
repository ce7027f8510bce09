"""The trial of a newcomer: whoever picks up a resident's telephone is rung at once, by the installation's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from contacts.importing.importing import Kind, run_import
from core import actors, clock
from core.clock import Anchor
from core.running.installation import Purpose
from core.storage.database import reading, unit_of_work
from zaoan.demo import browser_visitor
from zaoan.demo.demo import DEMO_DATA
from zaoan.process import wiring

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
    browser_visitor.ring([RESIDENT])
    with reading() as session:
        (begun,) = queries.rounds(session, limit=2)
        (check_in,) = queries.check_ins(session, begun.id)
    assert EIGHT <= begun.started_at <= check_in.next_attempt_at < EIGHT + timedelta(minutes=2)


def test_whoever_is_still_to_be_asked_today_is_asked_now_and_in_no_second_round(town):
    with unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), "每日早安", flags=None)
        begun = round_starts.start_now(session, actors.system(), campaign)
        (check_in,) = [each for each in queries.check_ins(session, begun.id) if RESIDENT in each.numbers]
        check_in.next_attempt_at = EIGHT + timedelta(hours=1)
    browser_visitor.ring([RESIDENT])
    with reading() as session:
        assert len(queries.rounds(session, limit=2)) == 1
        assert queries.latest_check_in(session, check_in.resident_id, EIGHT).next_attempt_at < EIGHT + timedelta(
            minutes=2
        )


def test_whoever_has_answered_this_morning_is_rung_all_the_same(town):
    """The setting that keeps rounds of an office apart is not about a newcomer who wants to try."""
    with unit_of_work() as session:
        begun = round_starts.start_now(
            session, actors.system(), new_campaigns.create_campaign(session, actors.system(), "每日早安", flags=None)
        )
        for each in queries.check_ins(session, begun.id):
            each.outcome, each.answered_at = "ok", clock.now()
    browser_visitor.ring([RESIDENT])
    with reading() as session:
        latest = queries.rounds(session, limit=2)[0]
        (check_in,) = queries.check_ins(session, latest.id)
    assert (latest.id != begun.id, check_in.outcome, RESIDENT in check_in.numbers) == (True, None, True)
