"""What the telephone line needs for a round, beside what there is."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.line_time import Lines, estimate, talk_seconds

PLANNED = {"attempts": 3, "ring_seconds": 60, "talk": talk_seconds("")}


def test_three_thousand_residents_at_ten_calls_at_once_need_over_seven_hours():
    found = estimate(3000, lines=Lines(10, 1), there_is=timedelta(hours=2), **PLANNED)
    assert timedelta(hours=7) < found.needs < timedelta(hours=9)
    assert not found.fits
    assert found.calls_at_once > 10


def test_a_slow_pace_is_a_limit_of_its_own():
    found = estimate(3000, lines=Lines(1000, 0.1), there_is=timedelta(hours=2), **PLANNED)
    assert found.needs >= timedelta(seconds=30000)
    assert found.per_second > 0.1


@given(st.integers(0, 100_000), st.integers(1, 5), st.integers(20, 120), st.integers(30, 720))
def test_what_is_said_to_be_enough_is_enough(telephones, attempts, ring, minutes):
    there_is = timedelta(minutes=minutes)
    first = estimate(telephones, attempts, ring, 50, Lines(1, 1), there_is)
    better = Lines(max(1, first.calls_at_once), first.per_second + 0.01)
    assert estimate(telephones, attempts, ring, 50, better, there_is).needs <= there_is + timedelta(seconds=1)


def test_a_long_notice_takes_longer():
    assert talk_seconds("停水" * 100) > talk_seconds("停水")
