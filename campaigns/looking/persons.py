"""What is unusual for the people of one round, read from four weeks of their rounds in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.looking import changes
from campaigns.looking.changes import LONGEST_MEMORY, USUAL, Past, Remarked
from campaigns.models import Outcome
from campaigns.queries import histories as queries
from campaigns.queries.histories import CheckInThen, RoundThen
from campaigns.queries.silences import Due
from core.storage.database import instant

Histories = Mapping[UUID, Sequence[Past]]


def remarked(session: Session, due: Due) -> dict[UUID, list[Remarked]]:
    """By resident of a round that is over, what is unusual in it for them; nobody for whom nothing is."""
    asked = queries.residents_of(session, due.round_id)
    usual = histories(session, due, asked, USUAL)
    slow = changes.slowness([late for each in usual.values() if (late := changes.lateness(each)) is not None])
    silent = sorted(each for each, history in usual.items() if changes.may_be_a_first_silence(history))
    memories = histories(session, due, silent, LONGEST_MEMORY)
    found = {each: changes.remarks(history, slow, memories.get(each, ())) for each, history in usual.items()}
    return {resident_id: remarks for resident_id, remarks in found.items() if remarks}


def histories(session: Session, due: Due, resident_ids: Sequence[UUID], back: timedelta) -> Histories:
    """By resident, every round that has asked them within so long before this one, and this one as the last."""
    rounds = queries.rounds_between(session, due.community_id, due.started_at - back, due.started_at)
    wanted, found = set(resident_ids), defaultdict[UUID, list[Past]](list)
    for some in queries.check_ins_then(session, list(rounds), resident_ids):
        _sort_in(found, some, rounds, wanted)
    for history in found.values():
        history.sort(key=lambda each: (each.started_at, each.campaign_id == due.campaign_id))
    return {each: found[each] for each in resident_ids if each in found}


def _sort_in(
    found: defaultdict[UUID, list[Past]],
    some: Sequence[CheckInThen],
    rounds: Mapping[UUID, RoundThen],
    wanted: Collection[UUID],
) -> None:
    for each in some:
        if each.resident_id in wanted:
            then = rounds[each.round_id]
            found[each.resident_id].append(Past(then.campaign_id, then.started_at, Outcome(each.outcome),
                                                each.attempts, instant(each.answered)))  # fmt: skip
