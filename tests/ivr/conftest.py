from contextlib import ExitStack

import pytest

from tests.ivr.dialling_room import DiallingRoom
from tests.ivr.fake_provider import Provider
from tests.ivr.house import House


@pytest.fixture
def house(house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.fixture
def room(house_settings):
    """Call it for a dialling room with a provider of its own; ``lines``, ``per_second``, ``at_once``, ``latency``."""
    with ExitStack() as stack:

        def open_room(latency=0.0, page_size=50, **line):
            provider = Provider(latency, page_size)
            stack.callback(provider.close)
            opened = DiallingRoom(house_settings, provider, **line)
            stack.callback(opened.close)
            return opened

        yield open_room
