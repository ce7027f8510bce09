"""Campaigns as the tests of their pages write them and look at them."""

from uuid import UUID

from campaigns.changes import new_campaigns
from campaigns.models import Campaign
from core import actors
from core.storage import database
from tests.console.filled import filled


def made(browser, **changed):
    """The id of a campaign that was written by the form; ``changed`` is filled in otherwise than it stands there."""
    sent = browser.post("/campaigns", data=filled(browser.get("/campaigns/new"), "/campaigns", name="早安", **changed))
    assert sent.status_code == 303, sent.text
    return UUID(sent.headers["Location"].removeprefix("/campaigns/"))


def kept():
    with database.reading() as session:
        return session.query(Campaign).all()


def campaign(campaign_id):
    with database.reading() as session:
        return session.get_one(Campaign, campaign_id)


def written(**plan):
    """A campaign that somebody has written by other means; its id."""
    with database.unit_of_work() as session:
        return new_campaigns.create_campaign(session, actors.system(), "早安", **plan).id
