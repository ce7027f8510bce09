from datetime import UTC, datetime

import pytest

from contacts.community.community import the_community
from core import clock
from core.clock import Anchor
from core.storage import database
from tests.switchboard import responder


@pytest.fixture
def office(switchboard):
    """It is Monday at nine and somebody is at the office; their telephone number."""
    clock.set_anchor(Anchor(clock.real_now(), datetime(2026, 11, 23, 1, tzinfo=UTC)))
    with database.unit_of_work() as session:
        the_community(session).office_days = "1"
    responder("办公室", "+8613900000009", role="office")
    return "+8613900000009"
