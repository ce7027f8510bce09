"""A sample call: whoever plans a campaign hears it, and nothing comes of what they press."""

import pytest

from campaigns.models import Campaign, CheckIn
from campaigns.rounds import sample_calls
from core import actors
from core.errors import ConflictError
from core.storage import database
from escalation.models import Case
from tests.campaigns.mornings import HOME, STRANGER, campaign
from tests.switchboard import resident, rows


def sampled(campaign_id, number):
    with database.unit_of_work() as session:
        chosen = session.get_one(Campaign, campaign_id)
        return sample_calls.ring(session, actors.user("田主任"), chosen, number).id


@pytest.mark.parametrize("key", ["1", "3", "0"])
def test_what_is_pressed_is_answered_and_counts_for_nobody(switchboard, key):
    sampled(campaign(), STRANGER)
    call = switchboard.pick_up(STRANGER)
    assert "王奶奶" in call.hears
    before = call.hears
    call.press(key)
    assert call.hears != before
    assert rows(Case) == rows(CheckIn) == []


@pytest.mark.parametrize(("key", "claim"), [("3", "我现在就去找人帮您"), ("2", None), ("0", None), ("1", None)])
def test_what_would_be_done_is_only_quoted(switchboard, key, claim):
    """Nobody is told: "I am telling a helper now" is said as what a real call would say."""
    sampled(campaign(), STRANGER)
    call = switchboard.pick_up(STRANGER)
    assert "试听" not in call.hears
    call.press(key)
    assert ("这是试听，不会通知任何人" in call.hears) is (key != "1")
    if claim:
        assert call.hears.index("真正的电话里会说") < call.hears.index(claim)


def test_a_resident_is_not_rung_with_a_sample(switchboard):
    resident("王奶奶", HOME)
    with pytest.raises(ConflictError, match="telephone of a resident"):
        sampled(campaign(), HOME)
