"""The trial of a newcomer: whoever picks up a resident's telephone in the browser is rung, as in a real morning."""

import logging
from collections.abc import Collection

import requests
from sqlalchemy.orm import Session

from campaigns import queries, schedule
from campaigns.models import Campaign, CampaignState
from contacts import queries as contacts
from contacts.flagging import flag_only
from core import installation
from core.database import unit_of_work
from core.errors import ConflictError

log = logging.getLogger(__name__)
TRIAL = "试一试"
REQUEST_SECONDS = 5.0


class Trial:
    """Looks which telephones are held in the browser, and starts a round for residents that were not held before."""

    def __init__(self, exchange_url: str) -> None:
        self._exchange_url = exchange_url
        self._seen: frozenset[str] = frozenset()

    def look(self) -> None:
        """Starts a round for every resident whose telephone has been opened since the last look."""
        held = self.held()
        opened, self._seen = held - self._seen, held
        if opened:
            ring(opened)

    def held(self) -> frozenset[str]:
        """The numbers of the telephones that are open in a browser now."""
        try:
            answer = requests.get(f"{self._exchange_url}/exchange/tempo", timeout=REQUEST_SECONDS)
        except requests.RequestException as failure:
            log.warning("the exchange does not say which telephones are held: %s", failure)
            return self._seen
        return frozenset(answer.json()["held"])


def ring(numbers: Collection[str]) -> None:
    """A round for the residents at these telephones; nobody is rung outside permitted hours, in a trial either."""
    with unit_of_work() as session:
        installation.follow_clock(session)
        residents = {each.id for number in numbers for each in contacts.residents_by_number(session, number)}
        if not residents:
            return
        flag_only(session, TRIAL, residents)
        try:
            schedule.start_now(session, _campaign(session))
        except ConflictError as refusal:
            log.warning("no trial now: %s", refusal)


def _campaign(session: Session) -> Campaign:
    """The campaign of trials; it starts no round by itself."""
    campaign = queries.campaign_named(session, TRIAL)
    if campaign is None:
        campaign = schedule.create_campaign(session, TRIAL, flags=[TRIAL])
        campaign.state = CampaignState.PAUSED
    return campaign
