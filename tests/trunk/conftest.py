import pytest

from tests.trunk.phones import Phones
from tests.trunk.ports import free_address
from tests.trunk.running import running
from tests.trunk.service import Service


@pytest.fixture(scope="module")
def service():
    opened = Service()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def phones(tmp_path_factory):
    opened = Phones(free_address(), tmp_path_factory.mktemp("phones"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def trunk(service, phones, tmp_path_factory):
    with running(service, tmp_path_factory.mktemp("trunk"), phones) as opened:
        yield opened
