import pytest

from core import clock
from core.settings import Settings
from tests.ivr.connecting.house import MONDAY_AT_NINE, ConnectingHouse


@pytest.fixture
def house(house_settings):
    opened = ConnectingHouse(house_settings)
    before = clock.anchor()
    opened.at(MONDAY_AT_NINE)
    yield opened
    clock.set_anchor(before)
    opened.close()


@pytest.fixture
def free(house):
    """The resident's telephone is in no call."""
    house.ended()
    return house


@pytest.fixture
def on_postgresql(postgresql, tmp_path):
    opened = ConnectingHouse(Settings(database_url=postgresql(), data_dir=tmp_path, area_code="0311"))
    opened.at(MONDAY_AT_NINE)
    yield opened
    opened.close()
