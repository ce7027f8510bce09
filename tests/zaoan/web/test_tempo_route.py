"""The exchange sets the tempo of a simulation, and nobody else does."""

import pytest

from core import clock
from core.running import installation
from core.running.installation import Purpose
from core.storage import database
from tests.switchboard import House
from zaoan.web.paths import SPEED_PATH


@pytest.fixture
def fast(house_settings):
    opened = House(house_settings.model_copy(update={"clock_speed": 60.0}))
    with database.unit_of_work() as session:
        installation.find(session).purpose = Purpose.REHEARSAL
    yield opened
    opened.close()


def kept_speed():
    with database.reading() as session:
        return installation.find(session).anchor.speed


def test_the_clock_goes_on_at_the_speed_that_the_exchange_tells(fast):
    before = clock.now()
    answer = fast.post(SPEED_PATH, Speed="1")
    assert answer.status_code == 204, answer.text
    assert (clock.anchor().speed, kept_speed()) == (1, 1)
    assert clock.now() >= before


def test_a_speed_that_nobody_has_signed_changes_nothing(fast):
    assert fast.client.post(SPEED_PATH, data={"Speed": "1"}).status_code == 403
    assert (clock.anchor().speed, kept_speed()) == (60, 60)


def test_no_clock_of_a_service_for_real_people_is_changed(switchboard):
    assert switchboard.post(SPEED_PATH, Speed="60").status_code == 422
    assert (clock.anchor().speed, kept_speed()) == (1, 1)
