import pytest

from tests.ivr.correspondence import House


@pytest.fixture
def street(tmp_path, house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()
