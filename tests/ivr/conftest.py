import pytest

from tests.ivr.house import House


@pytest.fixture
def house(house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()
