"""First attempts are spread evenly, and wishes are kept."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.spreading import SLOT, spread

BEGINS = datetime(2026, 11, 23, 0, tzinfo=UTC)
PEOPLE = st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(-60, 600)), max_size=120)
"""Each with a telephone, which some share, and a wish in minutes after the beginning."""


@given(PEOPLE, st.integers(1, 180))
def test_everybody_has_a_time_in_the_window_wishes_are_kept_and_no_minute_is_fuller_than_it_must_be(people, minutes):
    telephones = [telephone for telephone, _ in people]
    wishes = [None if wish is None else BEGINS + timedelta(minutes=wish) for _, wish in people]
    window = timedelta(minutes=minutes)
    firsts = spread(telephones, wishes, BEGINS, window)
    assert len(firsts) == len(people)
    own = {telephone for telephone, wish in zip(telephones, wishes, strict=True) if wish is not None}
    for telephone, wish, first in zip(telephones, wishes, firsts, strict=True):
        assert first >= BEGINS
        assert wish is None or first == max(BEGINS, wish)
        if telephone not in own:
            assert first < BEGINS + window
    rung = {}
    for telephone, first in zip(telephones, firsts, strict=True):
        rung[telephone] = min(first, rung.get(telephone, first))
    chosen = Counter((first - BEGINS) // SLOT for telephone, first in rung.items() if telephone not in own)
    load = Counter((first - BEGINS) // SLOT for first in rung.values())
    for slot in chosen:
        assert load[slot] <= min(load[other] for other in range(minutes)) + 1


def test_whoever_shares_a_telephone_is_rung_in_one_call():
    wish = BEGINS + timedelta(minutes=25)
    firsts = spread(["a", "b", "a", "c", "c"], [None, None, None, None, wish], BEGINS, timedelta(minutes=30))
    assert firsts[0] == firsts[2] != firsts[1]
    assert firsts[3] == firsts[4] == wish


def test_the_same_people_are_rung_at_the_same_minute_every_day():
    people, day = [str(number) for number in range(200)], timedelta(days=1)
    today, tomorrow = (spread(people, [None] * 200, at, timedelta(minutes=60)) for at in (BEGINS, BEGINS + day))
    assert [each + day for each in today] == tomorrow
    assert set(Counter(today).values()) == {3, 4}
