"""A batch of the queue takes everybody at the same telephone, whatever its size: a couple is rung once."""

from collections import Counter
from datetime import time, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from campaigns.changes import new_campaigns, round_starts
from campaigns.models import CampaignKind, CheckIn, CheckInCall
from campaigns.rounds import attempts
from contacts.models import Resident, ResidentFlag
from core import actors, clock
from core.storage import database
from escalation.models import Page, PageState
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from tests.campaigns.mornings import later
from tests.campaigns.rounds.test_missed_rounds import SEVEN, at
from tests.switchboard import resident, rows

NUMBERS = [f"+863118600{index:04d}" for index in range(1, 100)]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request):
    return request.param


@pytest.fixture
def eight(switchboard):
    at(SEVEN + timedelta(hours=1))
    return switchboard


def start(name="早安", **plan):
    with database.unit_of_work() as session:
        campaign = new_campaigns.create_campaign(session, actors.system(), name, flags=None, **plan)
        return round_starts.start_now(session, actors.system(), campaign).id


def queue(size, monkeypatch):
    """Every batch that is due, of this size."""
    monkeypatch.setattr(attempts, "BATCH", size)
    for _ in range(1000):
        with database.unit_of_work() as session:
            if not attempts.queue_due(session):
                return
    raise AssertionError("the queue never ends")


def queued():
    return Counter(call.number for call in rows(Call) if call.state == CallState.QUEUED)


def asked():
    """How many check-ins each queued call asks about, by number."""
    with database.reading() as session:
        pairs = session.execute(select(Call.number, CheckInCall.check_in_id)
                                .join(CheckInCall, CheckInCall.call_id == Call.id))  # fmt: skip
        return Counter(number for number, _ in pairs)


def end(ending):
    with database.unit_of_work() as session:
        for call in session.scalars(select(Call).where(Call.state == CallState.QUEUED)).all():
            call.state, call.dialled_at = CallState.PLACED, clock.now()
            session.flush()
            calls.end(session, call.id, ending)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 200])
def test_a_couple_on_two_sides_of_a_batch_is_rung_once_in_every_attempt(eight, monkeypatch, size):
    for index in range(3):
        resident(f"左{index}", NUMBERS[index], room=f"1{index}")
    for index in range(7):
        resident(f"右{index}", NUMBERS[index], room=f"2{index}")
    start()
    for attempt in range(3):
        queue(size, monkeypatch)
        assert queued() == dict.fromkeys(NUMBERS[:7], 1)
        assert asked() == {number: (2 if number in NUMBERS[:3] else 1) * (attempt + 1) for number in NUMBERS[:7]}
        end(Ending.NO_ANSWER)
        later(minutes=11)


def test_who_shared_a_call_shares_the_instant_of_the_next_one(eight, monkeypatch):
    for room in ("101", "102", "103"):
        resident(f"住户{room}", NUMBERS[0], room=room)
    start()
    for ending in (Ending.NO_ANSWER, Ending.BUSY):
        queue(200, monkeypatch)
        end(ending)
        assert len({each.next_attempt_at for each in rows(CheckIn)}) == 1
        later(minutes=11)


def test_who_is_to_be_rung_again_a_little_later_at_the_same_telephone_is_asked_in_the_same_call(eight, monkeypatch):
    granny, _ = resident("王奶奶", NUMBERS[0], room="101"), resident("王爷爷", NUMBERS[0], room="102")
    start()
    queue(200, monkeypatch)
    end(Ending.NO_ANSWER)
    with database.unit_of_work() as session:
        hers = session.scalars(select(CheckIn).where(CheckIn.resident_id == granny)).one()
        hers.next_attempt_at += timedelta(seconds=90)
    later(minutes=10, seconds=30)
    queue(200, monkeypatch)
    assert (queued(), asked()) == ({NUMBERS[0]: 1}, {NUMBERS[0]: 4})


def test_two_campaigns_at_one_time_ring_one_telephone_once(eight, monkeypatch):
    granny, grandpa = resident("王奶奶", NUMBERS[0], room="101"), resident("王爷爷", NUMBERS[0], room="102")
    with database.unit_of_work() as session:
        session.add_all([ResidentFlag(resident_id=granny, flag="lives_alone"),
                         ResidentFlag(resident_id=grandpa, flag="aged_80")])  # fmt: skip
        session.flush()
        for name, flag, ring in (("独居", "lives_alone", 60), ("高龄", "aged_80", 90)):
            new_campaigns.create_campaign(session, actors.system(), name, flags=[flag], at=time(9), ring_seconds=ring)
    later(hours=1, seconds=1)
    with database.unit_of_work() as session:
        assert len(round_starts.start_due(session)) == 2
    queue(1, monkeypatch)
    assert (queued(), asked()) == ({NUMBERS[0]: 1}, {NUMBERS[0]: 2})
    assert [call.ring_seconds for call in rows(Call) if call.owner == "check_in"] == [90]


def test_a_notice_has_its_own_words_and_so_its_own_call(eight, monkeypatch):
    resident("王奶奶", NUMBERS[0])
    start()
    start("停水", kind=CampaignKind.NOTICE, message="明天停水。")
    queue(1, monkeypatch)
    assert queued() == {NUMBERS[0]: 2}
    assert sorted(call.owner for call in rows(Call)) == ["check_in", "notice"]


@pytest.mark.parametrize(("wish", "at_first"), [(time(8, 5), 2), (time(9, 30), 1)])
def test_who_wished_for_a_time_soon_after_is_asked_in_the_same_call_and_much_later_in_their_own(
    eight, monkeypatch, wish, at_first
):
    resident("王奶奶", NUMBERS[0], room="101")
    resident("王爷爷", NUMBERS[0], room="102")
    with database.unit_of_work() as session:
        session.scalars(select(Resident)).all()[1].call_time = wish
    start()
    queue(1, monkeypatch)
    assert asked() == {NUMBERS[0]: at_first}


def test_whoever_waits_for_a_second_attempt_is_not_rung_before_its_time(eight, monkeypatch):
    resident("王奶奶", NUMBERS[0], room="101")
    resident("王爷爷", NUMBERS[0], room="102")
    with database.unit_of_work() as session:
        session.scalars(select(Resident)).all()[1].call_time = time(8, 15)
    start()
    later(minutes=4)
    queue(1, monkeypatch)
    end(Ending.NO_ANSWER)
    later(minutes=8)
    queue(1, monkeypatch)
    assert queued() == {}
    later(minutes=4)
    queue(1, monkeypatch)
    assert (queued(), asked()) == ({NUMBERS[0]: 1}, {NUMBERS[0]: 3})


DAYS = count(1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.integers(1, 9),
    homes=st.lists(st.integers(0, 5), min_size=1, max_size=12),
    answers=st.lists(st.sampled_from([Ending.NO_ANSWER, Ending.BUSY, Ending.COMPLETED]), min_size=2, max_size=2),
)
def test_whatever_the_batch_and_whoever_lives_together_each_telephone_is_rung_once_at_a_time(
    eight, monkeypatch, size, homes, answers
):
    day = next(DAYS)
    everybody_is_gone()
    at(SEVEN + timedelta(days=day, hours=1))
    for index, home in enumerate(homes):
        resident(f"人{index}", NUMBERS[home], room=f"{day}-{index}")
    start(f"早安{day}")
    for ending in answers:
        queue(size, monkeypatch)
        assert queued() == {NUMBERS[home]: 1 for home in homes}
        end(ending)
        later(minutes=11)


def everybody_is_gone():
    with database.unit_of_work() as session:
        session.execute(update(Resident).values(removed_at=clock.now()))
        session.execute(update(CheckIn).values(outcome="ok", next_attempt_at=None))
        session.execute(update(Call).values(state=CallState.ENDED))
        session.execute(update(Page).values(state=PageState.WITHDRAWN))
