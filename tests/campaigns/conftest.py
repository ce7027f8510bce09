import pytest

from ivr.station import station
from tests.switchboard import House, Provider


@pytest.fixture
def switchboard(house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.fixture
def provider(switchboard, monkeypatch):
    """The provider behind the service's back."""
    outside = Provider()
    for name in ("cancel", "look_up", "calls_since", "fetch_recording", "delete_recording"):
        monkeypatch.setattr(station().telephony, name, getattr(outside, name))
    return outside
