"""A clock that is put forward by hand."""

import pytest

from core import clock


@pytest.fixture
def clock_by_hand():
    """Put it with ``clock_by_hand(at)``; it goes on from there."""
    before = clock.anchor()
    yield lambda at: clock.set_anchor(clock.Anchor(clock.real_now(), at))
    clock.set_anchor(before)
