"""Homes as things of their own: written down before anybody lives there, and what is known of the way in."""

from collections.abc import Collection, Mapping
from typing import TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.models import Community, Household
from contacts.people import households
from contacts.people.households import Written
from contacts.people.particulars import number_of
from contacts.queries import dwellings
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, NotFoundError
from core.running import events
from core.short_ids import short

KEY_HOLDER_PHONE = "key_holder_phone"
"""The field that a refused telephone names."""


class Door(TypedDict, total=False):
    """What is told of the way into a home; an empty text empties it. The number may be as people write it."""

    access_notes: str
    key_holder: str
    key_holder_number: str


def create(
    session: Session, actor: Actor, community: Community, written: Written, door: Door, ours: Collection[str] = ()
) -> Household:
    """Writes down a home in which nobody lives yet. ``ours`` are our own numbers (E.164), nobody else's.

    Raises ``UserError`` for a home that is not clear, ``PhoneError``, and ``ConflictError`` for one that there is.
    """
    address = households.meant(session, community, written)
    homes = households.homes_at(session, actor, community, address)
    if address in homes.known:
        raise ConflictError("There is a home at this address already.", way_out="Change that one.", field="home",
                            value=address.room)  # fmt: skip
    home = session.get_one(Household, homes.opened(address))
    events.append(session, actor, "household.created", home.id)
    tell(session, actor, home, checked(community, door, ours))
    return home


def set_door(
    session: Session, actor: Actor, household_id: UUID, door: Door, ours: Collection[str] = ()
) -> list[Changed]:
    """What is told of the way in replaces what was, for all who live there.

    Raises ``NotFoundError`` and ``PhoneError``.
    """
    home = held(session, household_id)
    return tell(session, actor, home, checked(session.get_one(Community, home.community_id), door, ours))


def held(session: Session, household_id: UUID) -> Household:
    """A home, held until the transaction ends; raises ``NotFoundError``."""
    return held_both(session, [household_id])[household_id]


def held_both(session: Session, ids: Collection[UUID]) -> dict[UUID, Household]:
    """Homes, held until the transaction ends; raises ``NotFoundError``."""
    session.flush()
    found = dwellings.hold_households(session, ids)
    for each in ids:
        if each not in found:
            raise NotFoundError("There is no household {value}.", field="household", value=short(each))
    return found


def checked(community: Community, door: Door, ours: Collection[str]) -> dict[str, str | None]:
    """The values as they are kept, by the columns of ``Household``; raises ``PhoneError``."""
    values: dict[str, str | None] = {}
    if "access_notes" in door:
        values["access_notes"] = door["access_notes"].strip()
    if "key_holder" in door:
        values["key_holder"] = " ".join(door["key_holder"].split())
    if "key_holder_number" in door:
        written = door["key_holder_number"].strip()
        values["key_holder_number"] = number_of(community, written, ours, KEY_HOLDER_PHONE) if written else None
    return values


def tell(session: Session, actor: Actor, home: Household, values: Mapping[str, str | None]) -> list[Changed]:
    """Values that were checked: each real change is one event, which says what was changed and not what it was."""
    changes = [Changed(what, getattr(home, what), after) for what, after in values.items()
               if getattr(home, what) != after]  # fmt: skip
    for each in changes:
        setattr(home, each.what, each.after)
        events.append(session, actor, "household.changed", home.id, what=each.what)
    session.flush()
    return changes
