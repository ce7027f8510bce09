"""Two files of one person become one, carried out in the rounds, calls, trials and cases of today.

Nobody is forgotten and nobody is rung twice by it: in a round in which both stand the person is asked once, in one in
which only the other one stands the kept one stands in their place, and a case that nobody has closed goes on about the
kept one. What is over stays as it was, in the name under which it happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CheckIn, Outcome, Reason
from campaigns.outcomes import UNASKED
from campaigns.people import resident_status
from campaigns.people.resident_status import TodaysCalls
from campaigns.queries import contacts_made, merging
from contacts import queries as contacts
from contacts.duplicates import joining
from contacts.models import Resident
from contacts.people import absences
from core.actors import Actor
from core.errors import ConflictError
from escalation.cases import carrying_over
from escalation.deeds import merging as merging_cases
from escalation.models import Case
from escalation.paging import paging

_NOBODY_ASKED = UNASKED | {Outcome.NOT_ASKED}


@dataclass(frozen=True)
class Merged:
    """The file that is kept, the one that is not, and the cases that go on about the kept one."""

    kept: Resident
    other: Resident
    cases: Sequence[Case]


def merge(session: Session, actor: Actor, kept_id: UUID, other_id: UUID) -> Merged:
    """``other`` is the same person as ``kept``, and is looked after as that one from now on.

    1. No round begins, and both are held.
    2. While either is on the telephone it is refused: what they say would be about a file that is gone.
    3. In rounds under way whatever would ask the person twice is withdrawn, and the rest is the kept one's.
    4. What is written down becomes one (``joining.join``); a wish for no calls, or an absence, of either holds.
    5. Calls that wait go to telephones that are the kept one's now; cases that nobody has closed are about them, and
    two of a kind become one.

    Raises as ``joining.held_both`` does, and ``ConflictError``.
    """
    queries.hold_rounds_back(session)
    kept, other = joining.held_both(session, kept_id, other_id)
    _refuse_in_call(session, kept, other)
    _ask_once(session, actor, kept, other)
    resident_status.end_trial(session, actor, other.id)
    merging.give_early_answers(session, other.id, kept.id)
    joining.join(session, actor, kept, other)
    _end_for_wishes(session, actor, kept)
    resident_status.ring_elsewhere(session, kept.id)
    paging.alone_on_ladders(session, kept.community_id)
    carried = carrying_over.carry_over(session, other.id, kept.id)
    merging_cases.merge_alike(session, actor, kept.id)
    return Merged(kept, other, carried)


def _refuse_in_call(session: Session, kept: Resident, other: Resident) -> None:
    for each in (kept, other):
        contacts_made.hold_calls(session, queries.open_ids_of_resident(session, each.id))
        if merging.is_in_call(session, each.id):
            raise ConflictError("{value} is being rung, or is on the telephone.", way_out="Try again after the call.",
                                field="resident", value=each.name)  # fmt: skip


def _ask_once(session: Session, actor: Actor, kept: Resident, other: Resident) -> None:
    ids = [*queries.open_ids_of_resident(session, kept.id), *queries.open_ids_of_resident(session, other.id)]
    still_open = queries.hold_check_ins(session, ids)
    superfluous = []
    for round_id in dict.fromkeys(each.round_id for each in still_open):
        theirs = {each.resident_id: each for each in queries.check_ins_of(session, round_id, [kept.id, other.id])}
        mine, its = theirs.get(kept.id), theirs.get(other.id)
        if mine is None and its is not None:
            its.resident_id = kept.id
            session.flush()
            session.expire(its, ["resident"])
        elif mine is not None and its is not None and (one := _superfluous(mine, its)) is not None:
            superfluous.append(one.id)
    session.flush()
    resident_status.withdraw(session, actor, superfluous, Reason.MERGED, kept.name)


def _superfluous(mine: CheckIn, its: CheckIn) -> CheckIn | None:
    """Which of two check-ins of one person in one round is not to be asked any more; None where neither asks."""
    if its.outcome is None:
        return its
    return mine if mine.outcome is None and its.outcome not in _NOBODY_ASKED else None


def _end_for_wishes(session: Session, actor: Actor, kept: Resident) -> TodaysCalls:
    if not contacts.has_consent(session, kept.id):
        return resident_status.end_today(session, actor, kept.id, Reason.NO_CONSENT, "")
    today = absences.local_today(session, kept)
    for away in absences.absences(session, kept.id):
        if away.cover(today):
            return resident_status.end_today(session, actor, kept.id, Reason.PAUSED, away.reason)
    return TodaysCalls()
