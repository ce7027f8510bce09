import pytest

from tests.journeys.neighbourhood import neighbourhood


@pytest.fixture(scope="package")
def around(tmp_path_factory):
    with neighbourhood(tmp_path_factory.mktemp("neighbourhood")) as running:
        yield running


@pytest.fixture
def building(around):
    around.come_back()
    return around.building()
