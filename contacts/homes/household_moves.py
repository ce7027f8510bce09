"""Households that move as a whole, are divided, or become one.

A home is an address with the way into it; whoever lives there carries their own file along. So nothing that was said,
agreed or looked after changes with a move, and both homes have it in their history.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.homes.household_changes import Door, checked, held, held_both, tell
from contacts.models import Community, Household, Resident
from contacts.people import households
from contacts.people.households import Written
from contacts.queries import dwellings
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.running import events
from core.short_ids import short

MOVED, SPLIT, MERGED = "household.moved", "household.split", "household.merged"


@dataclass(frozen=True)
class Moved:
    """Where people live now, and who they are."""

    household: Household
    people: Sequence[Resident]


def move(
    session: Session, actor: Actor, household_id: UUID, written: Written, door: Door, ours: Collection[str] = ()
) -> Moved:
    """Everybody who lives in a home lives in another one from now on, in which nobody lives yet.

    ``door`` tells the way into the new home. Raises ``NotFoundError``, ``UserError`` for a home that is not clear, and
    ``ConflictError`` where nobody is to move, or others live there.
    """
    home, people = _lived_in(session, household_id)
    target = _free(session, actor, home, written)
    return _moved(session, actor, MOVED, home, target, people, door, ours)


def split(
    session: Session,
    actor: Actor,
    household_id: UUID,
    leaving: Collection[UUID],
    written: Written,
    door: Door,
    ours: Collection[str] = (),
) -> Moved:
    """Some of those who live in a home live in another one from now on; at least one of them stays.

    Raises as ``move`` does; ``NotFoundError`` for somebody who does not live there.
    """
    home, people = _lived_in(session, household_id)
    going = _going(people, leaving)
    target = _free(session, actor, home, written)
    return _moved(session, actor, SPLIT, home, target, going, door, ours)


def merge(session: Session, actor: Actor, into_id: UUID, household_id: UUID) -> Moved:
    """Everybody who lives in the second home lives in the first one from now on, with who lives there.

    What is known of the way into the first one stays; where nothing is, the second one's is taken over. Of the second
    one, which is empty then, none is kept. Raises ``NotFoundError``, and ``ConflictError`` where nobody is to move.
    """
    if into_id == household_id:
        raise ConflictError("These are one household already.", way_out="Name two of them.", field="household",
                            value=short(household_id))  # fmt: skip
    target = held_both(session, [into_id, household_id])[into_id]
    home, people = _lived_in(session, household_id)
    _put(session, actor, MERGED, home, target, people)
    tell(session, actor, target, _way_into_both(target, home))
    tell(session, actor, home, {"access_notes": "", "key_holder": "", "key_holder_number": None})
    return Moved(target, people)


def _way_into_both(kept: Household, other: Household) -> dict[str, str | None]:
    holder = kept if kept.key_holder or kept.key_holder_number else other
    return {"access_notes": kept.access_notes or other.access_notes, "key_holder": holder.key_holder,
            "key_holder_number": holder.key_holder_number}  # fmt: skip


def _lived_in(session: Session, household_id: UUID) -> tuple[Household, Sequence[Resident]]:
    home = held(session, household_id)
    people = dwellings.held_people_at(session, household_id)
    if not people:
        raise ConflictError("Nobody lives in this home.", way_out="Name one in which somebody lives.",
                            field="household", value=short(household_id))  # fmt: skip
    return home, people


def _going(people: Sequence[Resident], leaving: Collection[UUID]) -> list[Resident]:
    by_id = {each.id: each for each in people}
    for each in leaving:
        if each not in by_id:
            raise NotFoundError("{value} does not live in this home.", field="residents", value=short(each))
    going = [by_id[each] for each in dict.fromkeys(leaving)]
    if not going:
        raise ConflictError("It is not said who moves out.", way_out="Name at least one of them.", field="residents",
                            value="")  # fmt: skip
    if len(going) == len(people):
        raise ConflictError("Nobody would be left in this home.", way_out="Move the whole household instead.",
                            field="residents", value=going[0].name)  # fmt: skip
    return going


def _free(session: Session, actor: Actor, home: Household, written: Written) -> Household:
    """The home at this address, made where there is none; raises ``ConflictError`` where somebody lives there."""
    community = session.get_one(Community, home.community_id)
    address = households.meant(session, community, written)
    target_id = households.homes_at(session, actor, community, address).opened(address)
    if target_id == home.id:
        raise ConflictError("They live at this address already.", way_out="Write another one.", field="home",
                            value=address.room)  # fmt: skip
    target = held(session, target_id)
    if others := dwellings.people_at(session, target_id):
        raise ConflictError("{value} lives there.", way_out="Merge the two households instead.", field="home",
                            value=others[0].name)  # fmt: skip
    return target


def _moved(
    session: Session,
    actor: Actor,
    kind: str,
    home: Household,
    target: Household,
    people: Sequence[Resident],
    door: Door,
    ours: Collection[str],
) -> Moved:
    _put(session, actor, kind, home, target, people)
    tell(session, actor, target, checked(session.get_one(Community, target.community_id), door, ours))
    return Moved(target, people)


def _put(
    session: Session, actor: Actor, kind: str, home: Household, target: Household, people: Iterable[Resident]
) -> None:
    """Both homes keep in their history that the one has gone on in the other."""
    for each in people:
        households.put(session, actor, each, target.id)
        session.flush()
        session.refresh(each, ["household"])
    events.append(session, actor, kind, home.id, to=str(target.id))
    events.append(session, actor, kind, target.id, **{"from": str(home.id)})
