"""Handing over: another responder is to have a case, and the first has it until the other has taken it."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts.models import Community, Responder
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.running import events
from core.subscriptions.models import Kind
from escalation.cases import case_news, cases, relative_texts
from escalation.deeds.giving_back import held_in_hand
from escalation.models import Case, CaseState
from escalation.paging import looks, paging, telephone_ownership
from escalation.policy_lookup import policy_of


def ask_to_take_over(session: Session, actor: Actor, case_id: UUID, responder_id: UUID) -> Case:
    """The responder's telephone rings about the case, once; until they accept it is the first one's, in their time.

    Raises ``ConflictError`` where nobody has it in hand, they have it themselves, may not be rung at this hour, or are
    on the telephone for us, ``NotFoundError`` for who helps no more.
    """
    case, other = _case_and_other(session, case_id, responder_id)
    if case.handing_to_id is not None:
        raise ConflictError("Somebody is being asked to take it over already.", way_out="Wait for their answer.",
                            field="responder_id")  # fmt: skip
    policy = policy_of(session, case)
    hours = looks.waking_hours(session.get_one(Community, case.community_id), policy)
    if not policy.at_any_hour and not hours.permit(clock.now()):
        raise ConflictError("Helpers are not rung about this at this hour.", field="responder_id",
                            way_out="Ask them yourself, and say that they have agreed.")  # fmt: skip
    if not paging.ask(session, case, other):
        raise ConflictError("{value} is being rung, or is on the telephone.", way_out="Try again after the call.",
                            field="responder_id", value=other.name)  # fmt: skip
    case.handing_to_id = other.id
    events.append(session, actor, "case.handing_over", case.id, responder=str(other.id))
    return case


def give(session: Session, actor: Actor, case_id: UUID, responder_id: UUID) -> Case:
    """The responder has agreed to take the case over, and has it from now on; raises as ``ask_to_take_over``."""
    case, other = _case_and_other(session, case_id, responder_id)
    now = clock.now()
    case.state, case.accepted_by_id, case.accepted_at, case.handing_to_id = CaseState.ACCEPTED, other.id, now, None
    cases.go_on(session, case)
    events.append(session, actor, "case.handed_over", case.id, responder=str(other.id))
    paging.withdraw_others(session, case, None)
    relative_texts.tell_taken(session, case)
    case_news.tell(session, case, Kind.CASE_ACCEPTED)
    return case


def _case_and_other(session: Session, case_id: UUID, responder_id: UUID) -> tuple[Case, Responder]:
    case, other = held_in_hand(session, case_id), session.get(Responder, responder_id)
    if other is None or other.removed_at is not None or other.community_id != case.community_id:
        raise NotFoundError("Nobody knows this helper any more.", way_out="Choose another one.",
                            field="responder_id")  # fmt: skip
    if case.accepted_by_id == other.id:
        raise ConflictError("{value} has the case in hand already.", way_out="Choose another one.",
                            field="responder_id", value=other.name)  # fmt: skip
    if telephone_ownership.telephones(session, case).own.issuperset(other.numbers):
        raise ConflictError("Nobody looks after themselves: this telephone is the resident's own, or one of ours.",
                            way_out="Choose another one.", field="responder_id")  # fmt: skip
    return case, other
