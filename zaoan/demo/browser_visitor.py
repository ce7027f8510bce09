"""The trial of a newcomer: whoever picks up a resident's telephone in the browser is rung at once.

A resident who is still to be asked today is asked now; for anybody else there is a small round.
"""

import logging
from collections.abc import Callable, Collection
from datetime import timedelta

import requests
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign, CampaignState
from campaigns.rounds import check_ins
from contacts import queries as contacts
from contacts.models import Resident
from contacts.people.flagging import flag_only
from core import actors, clock
from core.errors import ConflictError
from core.running import installation
from core.storage.database import unit_of_work

log = logging.getLogger(__name__)
TRIAL = "试一试"
REQUEST_SECONDS = 5.0


class Trial:
    """Looks which telephones are held in the browser, and has the residents rung who were not held before.

    ``begin`` is called before each: everything is made ready for somebody who answers by hand.
    """

    def __init__(self, exchange_url: str, begin: Callable[[], None]) -> None:
        self._exchange_url = exchange_url
        self._begin = begin
        self._seen: frozenset[str] = frozenset()

    def look(self) -> None:
        """Has every resident rung whose telephone has been opened since the last look."""
        held = self.held()
        opened, self._seen = held - self._seen, held
        if opened:
            self._begin()
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
    """The residents at these telephones are rung, however lately a round has asked them.

    Outside permitted hours nobody is, in a trial either.
    """
    with unit_of_work() as session:
        installation.follow_clock(session)
        residents = {each for number in numbers for each in contacts.residents_by_number(session, number)}
        settled = {each.id for each in residents if not _asked_now(session, each)}
        if not settled:
            return
        flag_only(session, TRIAL, settled)
        try:
            round_starts.start_now(session, actors.system(), _campaign(session), between=timedelta(0))
        except ConflictError as refusal:
            log.warning("no trial now: %s", refusal)


def _asked_now(session: Session, resident: Resident) -> bool:
    """Whether today's check-in of this resident is still open, and therefore brought forward."""
    check_in = queries.latest_check_in(session, resident.id, clock.now() - timedelta(days=1))
    if check_in is None or check_in.outcome is not None:
        return False
    check_ins.try_again(session, check_in)
    return True


def _campaign(session: Session) -> Campaign:
    """The campaign of trials; it starts no round by itself."""
    campaign = queries.campaign_named(session, TRIAL)
    if campaign is None:
        campaign = new_campaigns.create_campaign(session, actors.system(), TRIAL, flags=[TRIAL])
        campaign.state = CampaignState.PAUSED
    return campaign
