"""The clock of a simulation changes its speed without a jump; the clock of a real service never does."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.errors import UserError
from core.running import installation
from core.running.installation import Purpose
from core.storage import database
from zaoan.process import wiring

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def open_house(chosen, purpose):
    return wiring.open_house(chosen.model_copy(update={"clock_start": START, "clock_speed": 60.0}), purpose)


def test_a_change_of_speed_is_no_jump(house_settings):
    house = open_house(house_settings, Purpose.DEMO)
    before = clock.now()
    with database.unit_of_work() as session:
        anchor = installation.change_speed(session, 1.0)
    clock.set_anchor(anchor)
    assert before <= clock.now() < before + timedelta(minutes=2)
    with database.reading() as session:
        assert installation.read(session).anchor == anchor
    assert anchor.speed == 1.0
    house.close()


@pytest.mark.parametrize(("purpose", "speed"), [(Purpose.SERVICE, 1.0), (Purpose.DEMO, 0.0), (Purpose.DEMO, 1e9)])
def test_a_clock_that_looks_after_real_people_or_a_speed_that_is_none_is_refused(house_settings, purpose, speed):
    house = open_house(house_settings, purpose)
    with pytest.raises(UserError), database.unit_of_work() as session:
        installation.change_speed(session, speed)
    house.close()
