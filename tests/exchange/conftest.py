from collections.abc import Iterator

import pytest

from tests.exchange.running import Exchange, running
from tests.exchange.service import Service


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def exchange(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    log = tmp_path_factory.mktemp("exchange") / "exchange.jsonl"
    with running(service, log, "--speed", "100", "--calls-per-second", "200") as exchange:
        yield exchange
