"""Who has done what to a campaign, and its rounds and people some at a time, on both databases."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from campaigns import audience
from campaigns.audiences.rules import EVERYONE, Aged
from campaigns.changes import campaign_changes, campaign_checks, new_campaigns, round_starts
from campaigns.models import Campaign
from campaigns.planning.retries import usual
from campaigns.queries import overviews
from campaigns.reports.campaign_history import history
from campaigns.rounds import lateness, round_stops, sample_calls
from contacts.community.community import the_community
from contacts.models import LeftOut
from core import actors, clock
from core.clock import Anchor
from core.i18n import Language
from core.storage import database
from tests import people
from zaoan.process import wiring

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)
CLERK = actors.user("田主任")


@pytest.fixture
def house(house_settings):
    with closing(wiring.open_house(house_settings)) as opened:
        clock.set_anchor(Anchor(clock.real_now(), NINE))
        yield opened


def settle(count, **more):
    with database.unit_of_work() as session:
        for number in range(count):
            people.resident(session, f"居民{number}", f"+86311860{number:05}", birth_year=1940 + number, **more)


def campaign(**plan):
    with database.unit_of_work() as session:
        return new_campaigns.create_campaign(session, CLERK, "早安", **plan).id


def doing(campaign_id, deed, *told, **named):
    with database.unit_of_work() as session:
        return deed(session, CLERK, session.get_one(Campaign, campaign_id), *told, **named)


def told(campaign_id, language=Language.ENGLISH, limit=20, before=None):
    with database.reading() as session:
        return history(session, session.get_one(Campaign, campaign_id), language, limit, before)


@pytest.mark.usefixtures("house")
def test_everything_that_is_done_is_told_with_who_and_the_version():
    settle(2)
    one = campaign(draft=True)
    doing(one, campaign_checks.mark_checked)
    doing(one, campaign_checks.activate)
    doing(one, campaign_changes.rename, "早上好")
    doing(one, campaign_changes.edit, {"late_until": lateness.NEVER, "retries": {"busy": 2, "hung_up": None}})
    doing(one, campaign_changes.edit, {"audience": Aged(least=80), "machine_detection": False})
    doing(one, sample_calls.ring, "0311 8600 9999")
    doing(one, round_stops.pause_campaign)
    doing(one, round_stops.resume_campaign)
    doing(one, round_stops.stop_campaign)
    other = campaign()
    assert [(each.what, each.version) for each in reversed(told(one))] == [
        ("has written it", None),
        ("has checked it: nothing stands in the way", 1),
        ("has let it start its rounds", 1),
        ("has renamed it: 早安 → 早上好", None),
        ("has changed a missed round is rung until: the usual → never", 2),
        ("has changed minutes after each result: engaged: 5 minutes → engaged: 2 minutes, hung up: never", 2),
        ("has changed who is rung: everybody → is 80 or older", 3),
        ("has changed answering machines are told from people: yes → no", 3),
        ("has heard it at a telephone of their own", None),
        ("has paused it", None),
        ("has let it start its rounds", None),
        ("has ended it", None),
    ]
    assert {each.who for each in told(one)} == {"田主任"}
    assert [each.what for each in told(other, Language.CHINESE)] == ["写了这个活动"]


@pytest.mark.usefixtures("house")
def test_older_changes_are_told_after_the_newer_ones():
    one = campaign()
    for minute in range(1, 6):
        doing(one, campaign_changes.edit, {"retry_minutes": 10 + minute, "retries": usual(10)})
    latest = told(one, limit=2)
    older = told(one, limit=10, before=latest[-1].event_id)
    whole = told(one)
    assert [each.event_id for each in (*latest, *older)] == [each.event_id for each in whole]
    assert len(whole) == 6


def test_what_was_done_to_a_campaign_is_found_by_an_index(house):
    said = []

    def hear(_, __, statement, parameters, *___):
        if "FROM events" in statement:
            said.append((statement, parameters))

    one = campaign()
    event.listen(house.engine, "before_cursor_execute", hear)
    told(one)
    event.remove(house.engine, "before_cursor_execute", hear)
    assert "ix_events_of_campaigns" in plan_of(*said[0])


def plan_of(statement, parameters):
    with database.reading() as session:
        is_sqlite = database.current().is_sqlite
        if not is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        return str(session.connection().exec_driver_sql(explain + statement, parameters).all())


@pytest.mark.usefixtures("house")
def test_rounds_come_the_latest_first_with_what_came_of_them_and_only_of_their_community():
    settle(3)
    one = campaign()
    begun = []
    for day in range(3):
        clock.set_anchor(Anchor(clock.real_now(), NINE + timedelta(days=day)))
        begun.insert(0, doing(one, round_starts.start_now, timedelta(0)).id)
    with database.reading() as session:
        here = the_community(session).id
        assert [each.id for each in overviews.rounds(session, here, 10)] == begun
        assert [each.id for each in overviews.rounds(session, here, 1, campaign_id=one, before=begun[0])] == begun[1:2]
        assert overviews.rounds(session, one, 10) == []
        assert overviews.latest_rounds(session, [one])[one].id == begun[0]
        assert overviews.tallies(session, begun) == {each: {"": 3} for each in begun}
        assert overviews.round_of(session, here, begun[0]).id == begun[0]
        assert overviews.round_of(session, one, begun[0]) is overviews.campaign_of(session, begun[0], one) is None
        assert overviews.campaign_of(session, here, one).id == one
    doing(one, round_stops.stop_campaign)
    doing(one, campaign_changes.remove)
    with database.reading() as session:
        assert overviews.campaign_of(session, here, one) is None
        assert overviews.round_of(session, here, begun[0]).id == begun[0], "its rounds can still be read"


@pytest.mark.usefixtures("house")
def test_the_people_of_a_rule_come_some_at_a_time_and_who_is_rung_by_name():
    settle(4)
    with database.unit_of_work() as session:
        people.resident(session, "没同意", "+8631186009001", agreed=False, birth_year=1930)
    with database.reading() as session:
        here, now = the_community(session), clock.now()
        first = audience.some_names(session, here, EVERYONE, now, 3)
        rest = audience.some_names(session, here, EVERYONE, now, 3, first[-1][0])
        assert [name for _, name, _ in (*first, *rest)] == ["居民0", "居民1", "居民2", "居民3", "没同意"]
        assert [why for *_, why in (*first, *rest)] == [None] * 4 + [LeftOut.NO_CONSENT]
        assert audience.first_rung(session, here, EVERYONE, now, 2) == ["居民0", "居民1"]
        assert audience.first_rung(session, here, Aged(least=85), now, 9) == ["居民0", "居民1"]
