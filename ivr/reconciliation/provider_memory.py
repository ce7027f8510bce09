"""Memory: whether the provider remembers calls of ours that this database has never known.

A backup that was restored does not know whom the telephone has rung since, nor what they said.
"""

import logging
from datetime import timedelta

from core.running import troubles
from core.running.troubles import Kind
from core.storage.database import reading, unit_of_work
from ivr import queries
from ivr.dispatch.claiming import REQUEST_MARGIN
from ivr.ports.provider import UNKNOWN, ProviderCall
from ivr.provider.station import station

log = logging.getLogger(__name__)
MARGIN = REQUEST_MARGIN + timedelta(minutes=1)
"""A request that was under way when the service died may have placed a call of which only the claim is known."""
KEEP = timedelta(days=1)


def compare() -> None:
    """After a start: notes when the provider knows calls from our numbers that are newer than all of ours."""
    with reading() as session:
        newest, numbers = queries.newest_request(session), [line.number for line in queries.lines(session)]
    if newest is None:
        return
    try:
        placed = [call for number in numbers for call in station().telephony.newest_calls(number)]
    except UNKNOWN as doubt:
        log.warning("the provider's newest calls cannot be compared with ours: %s", doubt)
        return
    unknown = _unknown([call for call in placed if call.created_at > newest + MARGIN])
    if unknown:
        first = min(call.created_at for call in unknown)
        log.error("the provider knows %s calls after the newest of this database", len(unknown))
        with unit_of_work() as session:
            troubles.note(session, Kind.DATABASE_OLD, KEEP, count=len(unknown), first=first)


def _unknown(calls: list[ProviderCall]) -> list[ProviderCall]:
    with reading() as session:
        known = queries.known_provider_ids(session, [call.provider_id for call in calls])
    return [call for call in calls if call.provider_id not in known]
