import pytest

from tests.journeys.neighbourhood import neighbourhood
from tests.journeys.privacy import check_privacy


@pytest.fixture(scope="package")
def around(tmp_path_factory):
    with neighbourhood(tmp_path_factory.mktemp("neighbourhood")) as running:
        yield running
        check_privacy(running)


@pytest.fixture
def building(around):
    around.come_back()
    return around.building()
