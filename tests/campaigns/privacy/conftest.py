import pytest

from tests.campaigns.privacy.lives import morning, town


@pytest.fixture
def story(switchboard):
    """A morning; the person and the neighbour in it, and the round."""
    who, other = town()
    return switchboard, who, other, morning(switchboard, who)
