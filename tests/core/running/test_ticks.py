from datetime import timedelta

import pytest

from core import clock
from core.running import ticks
from core.storage import database
from zaoan.process import wiring


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, house_settings):
    if request.param == "postgresql":
        house_settings = house_settings.model_copy(update={"database_url": request.getfixturevalue("postgresql")()})
    opened = wiring.open_house(house_settings)
    yield opened
    opened.close()


def note(**completed):
    with database.unit_of_work() as session:
        ticks.note(session, completed)


def test_the_latest_report_of_each_tick_counts_however_late_an_older_one_comes(house):
    now = clock.real_now()
    note(dial=now, sweep=now)
    note(dial=now - timedelta(seconds=5), sweep=now + timedelta(seconds=1))
    with database.reading() as session:
        assert ticks.last(session) == {"dial": now, "sweep": now + timedelta(seconds=1)}
