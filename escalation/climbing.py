"""The tick of the ladders: each case in a unit of work of its own, so that no key waits for more than one of them."""

import logging
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from core import actors, clock
from core.running import events
from core.storage.database import reading, write
from escalation import queries
from escalation.calls.reminders.reminding import can_ring, remind
from escalation.cases import cases
from escalation.deeds import giving_back
from escalation.holding import Step, next_step
from escalation.models import HELD, Case
from escalation.paging import page_texts, paging
from escalation.policies import Policies
from escalation.policy_lookup import hand_down, policies_of, policy_of

log = logging.getLogger(__name__)
MOST_AT_ONCE = 50
"""Cases that one tick looks at, the most urgent first; the next tick goes on."""


def climb_due() -> None:
    """Looks at every ladder that is due; whoever has a case and does not go on in time is reminded, then
    it goes back to its ladder.

    Then whoever's telephone rings hears of everything else that waits for them as well, whatever its turn, and whoever
    is asked is written to.
    """
    with reading() as session:
        due = queries.ladders_due(session, clock.now(), MOST_AT_ONCE)
        known = policies_of(session) if due else None
    for case_id, community_id in due:
        write(partial(_climb, case_id, community_id, known))
    with reading() as session:
        hand_down(session, known)
        ringing = paging.could_hear_more(session)
        if ringing:
            known = policies_of(session)
    for responder_id, community_id in ringing:
        write(partial(_tell, responder_id, community_id, known))
    page_texts.write_due(known)


def _climb(case_id: UUID, community_id: UUID, known: Policies | None, session: Session) -> None:
    """A case that somebody holds is being changed just now, and is looked at by the next tick."""
    hand_down(session, known)
    paging.alone_on_ladders(session, community_id)  # before the case, or whoever holds that would wait for us
    case = queries.case_to_look_at(session, case_id, clock.now())
    if case is None:
        return
    if case.state in HELD:
        _look_after_hold(session, case)
    else:
        paging.ask_next(session, case)


def _look_after_hold(session: Session, case: Case) -> None:
    """Whoever has it is in time, is reminded, or has it no more."""
    due = next_step(policy_of(session, case), cases.hold_of(case), clock.now(), can_ring=can_ring(session, case))
    case.look_at = due.look_at
    if due.step is Step.REMIND:
        remind(session, case)
    elif due.step is Step.RETURN:
        events.append(session, actors.system(), "case.returned", case.id, responder=str(case.accepted_by_id))
        giving_back.to_ladder(session, case)


def _tell(responder_id: UUID, community_id: UUID, known: Policies | None, session: Session) -> None:
    hand_down(session, known)
    paging.alone_on_ladders(session, community_id)
    paging.tell_ringing(session, responder_id)
