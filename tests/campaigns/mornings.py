"""A morning for stories of calls in: a campaign, its round, and time that passes."""

from datetime import timedelta

from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign
from core import actors, clock
from core.clock import Anchor
from core.storage import database

HOME, MOBILE, STRANGER = "+8631186000101", "+8613800000101", "+8631187654321"


def later(**time):
    clock.set_anchor(Anchor(clock.real_now(), clock.now() + timedelta(**time)))


def campaign(**plan):
    with database.unit_of_work() as session:
        return new_campaigns.create_campaign(session, actors.system(), "早安", flags=None, **plan).id


def start(campaign_id, between=None):
    with database.unit_of_work() as session:
        return round_starts.start_now(session, actors.system(), session.get_one(Campaign, campaign_id), between).id


def a_round(**plan):
    return start(campaign(**plan))
