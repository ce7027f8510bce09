import pytest

from core import clock
from tests.offices import Office


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office with an installation of its own, in which nobody lives yet."""
    before = clock.anchor()
    yield Office(tmp_path, monkeypatch)
    clock.set_anchor(before)
