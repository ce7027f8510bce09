"""Calls that nobody answered, as a case tells of them: when, at which number, why, and what the network said."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.queries import contacts_made
from console.view.times import local
from escalation.models import Case
from ivr.network_reasons import Why, why


@dataclass(frozen=True)
class UnreachedLine:
    """One call; ``at`` is community time, ``recording_id`` what was heard instead of an answer."""

    at: str
    number: str
    code: int
    why: Why
    recording_id: UUID | None


def unreached_of(session: Session, cases: Sequence[Case], zone: ZoneInfo) -> dict[UUID, list[UnreachedLine]]:
    """By case, the latest such call to each number, where the network has given a reason; one statement."""
    case_of = {case.check_in_id: case.merged_into_id or case.id for case in cases if case.check_in_id}
    found: defaultdict[UUID, list[UnreachedLine]] = defaultdict(list)
    for each in contacts_made.unreached(session, list(case_of)) if case_of else ():
        if (words := why(each.code)) is not None:
            line = UnreachedLine(local(each.ended_at, zone), each.number, each.code, words, each.recording_id)
            found[case_of[each.check_in_id]].append(line)
    return dict(found)
