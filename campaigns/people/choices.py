"""Choices: residents whom a user has ticked on the list, kept for a while so that something is done with all of them.

They are ids alone. What is done with them is ``bulk``; who they are is looked up each time.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from contacts.chosen import ResidentChoice
from contacts.queries import chosen as queries
from contacts.queries.chosen import ChosenPerson
from core import clock
from core.actors import Actor
from core.errors import NotFoundError, UserError

MOST = 3000
"""So many residents are changed together."""
KEPT = timedelta(hours=24)


def choose(session: Session, actor: Actor, community_id: UUID, ids: Sequence[UUID]) -> ResidentChoice:
    """Keeps who was chosen, each once and in this order; raises ``UserError`` for nobody, and for more than ``MOST``.

    Whoever is of another community is left out.
    """
    forget_old(session)
    people = queries.people(session, community_id, ids)
    if not people:
        raise UserError("Nobody is chosen.", way_out="Tick whom you mean.", field="who")
    if len(people) > MOST:
        raise UserError("{value} people are too many at once.", way_out="Choose {most} at most: building by building.",
                        field="who", value=len(people), most=MOST)  # fmt: skip
    made = ResidentChoice(community_id=community_id, user_id=actor.id, made_at=clock.real_now(),
                          residents=[str(each.resident_id) for each in people])  # fmt: skip
    session.add(made)
    session.flush()
    return made


def find(session: Session, community_id: UUID, user_id: UUID | None, choice_id: UUID) -> ResidentChoice:
    """A choice of this user; raises ``NotFoundError`` where there is none, or none any more."""
    found = queries.choice(session, community_id, user_id, choice_id)
    if found is None or found.made_at < clock.real_now() - KEPT:
        raise NotFoundError("This choice is not kept any more.", way_out="Choose again on the list.", field="choice",
                            value=choice_id)  # fmt: skip
    return found


def people_of(session: Session, choice: ResidentChoice) -> list[ChosenPerson]:
    """Who was chosen and is still known, in the order of the list."""
    return queries.people(session, choice.community_id, ids_of(choice))


def ids_of(choice: ResidentChoice) -> list[UUID]:
    """Who was chosen."""
    return [UUID(each) for each in choice.residents]


def forget(session: Session, _words: Collection[str]) -> int:
    """Deletes all choices with what was done, for results are told with reasons; returns how many."""
    return session.execute(delete(ResidentChoice)).rowcount  # type: ignore[attr-defined, no-any-return]


def forget_old(session: Session) -> int:
    """Deletes the choices whose time is over; returns how many."""
    over = queries.made_before(session, clock.real_now() - KEPT)
    if over:
        session.execute(delete(ResidentChoice).where(ResidentChoice.id.in_(over)))
    return len(over)
