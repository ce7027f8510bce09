"""“I have spoken to her, she is fine”: what is open because a resident is silent ends in the relative's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CheckIn, Reason
from campaigns.people import resident_status
from contacts.people import residents
from core.actors import Actor
from escalation import queries as escalation
from escalation.deeds import family_word
from escalation.deeds.family_word import NO_CONTACT
from escalation.models import Case


@dataclass(frozen=True)
class Spoken:
    """The ``cases`` that were closed, and the ``check_ins`` for which nobody rings any more; both may be empty."""

    cases: Sequence[Case]
    check_ins: Sequence[CheckIn]


def spoke(session: Session, actor: Actor, resident_id: UUID) -> Spoken:
    """A relative has spoken to the resident, who is well: nobody rings them again in a round in which they were silent.

    It is never the resident's own answer, and leaves whatever they have said themselves. A call under way is heard to
    its end. Raises as ``residents.enrolled`` does.
    """
    queries.hold_rounds_back(session)
    residents.enrolled(session, resident_id)
    silent = [each.id for each in unanswered(session, resident_id)]
    excused = resident_status.withdraw(session, actor, silent, Reason.FAMILY_SPOKE, "")
    open_cases = [each.id for each in no_contact_cases(session, resident_id)]
    closed = [family_word.close(session, actor, each) for each in open_cases]
    return Spoken([each for each in closed if each is not None], [*excused.ended, *excused.in_calls])


def unanswered(session: Session, resident_id: UUID) -> Sequence[CheckIn]:
    """Check-ins for which the resident was rung in vain, and is to be rung again."""
    return [each for each in queries.open_check_ins(session, [resident_id]) if each.attempts and not each.reason]


def no_contact_cases(session: Session, resident_id: UUID) -> Sequence[Case]:
    """What is open about a resident only because nobody has heard from them."""
    return [each for each in escalation.unclosed_cases(session, [resident_id]) if each.kind in NO_CONTACT]
