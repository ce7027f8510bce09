"""First call: how long after a round begins its first telephone rings, where nothing of it has been said before."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

from benchmarks.figures import Figure, at_most
from benchmarks.house import house
from benchmarks.scale.round_calls import call_everybody_otherwise, placed_in_a_round
from campaigns.changes import new_campaigns
from campaigns.rounds.clips_ahead import ClipsAhead
from core import actors, clock
from core.storage.database import unit_of_work
from ivr.provider.station import station
from zaoan.process import wiring

NEW, KNOWN = 200, 2
NEW_WITHIN_SECONDS: Final = 60.0
KNOWN_WITHIN_SECONDS: Final = 2.0


def figures() -> Sequence[Figure]:
    """With the best voice that is installed; where a known round's clips come from is not part of its figure."""
    with _round(NEW) as campaign_id:
        new = placed_in_a_round(campaign_id, 1)[0]
    with _round(KNOWN) as campaign_id:
        ahead = ClipsAhead()
        while not ahead.make():
            pass
        known = placed_in_a_round(campaign_id, 1)[0]
        first = station().speaker.engines[0]
    beside = f"by {first}, each called otherwise, no clip made before"
    return [
        Figure(f"first call to {NEW} new residents", new, "s after the round", beside, None,
               at_most(NEW_WITHIN_SECONDS)),
        Figure("first call of a known round", known, "s after the round", "the same to new ones", known / new,
               at_most(KNOWN_WITHIN_SECONDS)),
    ]  # fmt: skip


@contextmanager
def _round(residents: int) -> Iterator[UUID]:
    """A campaign that is to ring so many tomorrow."""
    with house(residents) as chosen, closing(wiring.connect(chosen, chosen.public_url, "http://127.0.0.1:9")):
        call_everybody_otherwise()
        with unit_of_work() as session:
            campaign = new_campaigns.create_campaign(session, actors.system(), "bench", flags=None)
            campaign.next_round_at = clock.now() + timedelta(hours=12)
            campaign_id = campaign.id
        yield campaign_id
