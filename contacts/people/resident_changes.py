"""Changes of what is written down about a resident: particulars, flags and telephones; and what it was.

``set_…`` is for whoever has one resident and what people write; ``tell``, ``flag`` and ``renumber`` are the same for
whoever has loaded many and checked the values (a list). Each real change is one event, and what is the same is none.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.callers import refused_numbers
from contacts.columns import vocabulary
from contacts.days import refuse_unbelievable
from contacts.models import Community, Phone, PhoneState, Resident, ResidentFlag
from contacts.people.particulars import Particulars as Particulars  # what callers say
from contacts.people.particulars import checked, number_of
from contacts.people.residents import enrolled
from contacts.queries.campaign_audience import carried_flags, usual_flags
from core import clock
from core.actors import Actor
from core.changes import Changed
from core.errors import NotFoundError
from core.running import events

MOST_NUMBERS = 2
"""Telephones that staff set: the first, and another to try."""


def set_particulars(session: Session, actor: Actor, resident_id: UUID, told: Particulars) -> list[Changed]:
    """What is told replaces what was; what is not told stays. Raises as ``enrolled`` does, and ``UserError``."""
    resident = enrolled(session, resident_id)
    changes = tell(session, actor, resident, checked(told, resident.name))
    session.flush()
    return changes


def set_flags(
    session: Session, actor: Actor, resident_id: UUID, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> list[Changed]:
    """Adds and takes away flags, words of the vocabulary or of this community in any spelling.

    Raises as ``enrolled`` does, and ``UserError`` for a word that nobody knows.
    """
    resident = enrolled(session, resident_id)
    added, taken = (known_flags(session, resident.community_id, each) for each in (add, remove))
    after = ({each.flag for each in resident.flags} | set(added)) - set(taken)
    changes = flag(session, actor, resident, after)
    session.flush()
    return changes


def set_numbers(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    first: str | None = None,
    second: str | None = None,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes the first or second telephone, as people write it; an empty second one is taken away.

    What the provider has refused to ring is tried again, because a person says that it is right. ``ours`` are our own
    numbers (E.164), which are nobody else's. Raises as ``enrolled`` does, and ``PhoneError``, whose ``field`` is
    ``phone`` or ``second_phone``.
    """
    resident = enrolled(session, resident_id)
    community = session.get_one(Community, resident.community_id)
    before = [phone.number for phone in resident.phones]
    firsts = before[:1] if first is None else [number_of(community, first, ours)]
    others = before[1:MOST_NUMBERS]
    if second is not None:
        others = [number_of(community, second, ours, "second_phone")] if second else []
    after = list(dict.fromkeys([*firsts, *others, *before[MOST_NUMBERS:]]))
    for number in after:
        refused_numbers.clear(session, number)
    told = {*(firsts if first is not None else ()), *(others if second is not None else ())}
    changes = _mark_good(session, actor, resident, told) + renumber(session, actor, resident, after)
    session.flush()
    session.expire(resident, ["phones"])
    for gone in set(before) - set(after):
        refused_numbers.clear_unowned(session, gone)
    return changes


def set_phone_state(
    session: Session, actor: Actor, resident_id: UUID, written: str, state: PhoneState, since: datetime | None = None
) -> list[Changed]:
    """Whether one of the resident's telephones may be rung, and ``since`` when it may not (now).

    Raises as ``enrolled`` does, ``PhoneError``, ``NotFoundError`` for a telephone that is none of theirs, and
    ``UserError`` for an instant that is still to come.
    """
    resident = enrolled(session, resident_id)
    number = number_of(session.get_one(Community, resident.community_id), written)
    phone = next((each for each in resident.phones if each.number == number), None)
    if phone is None:
        raise NotFoundError("{value} is no telephone of {name}.", way_out="There are: {known}.", field="phone",
                            value=written, name=resident.name,
                            known=[each.number for each in resident.phones] or "-")  # fmt: skip
    if since is not None:
        refuse_unbelievable(since, "since")
    if phone.state == state and (since is None or state == PhoneState.GOOD):
        return []
    change = Changed("telephone_state", phone.state, state)
    phone.state, phone.state_since = state, None if state == PhoneState.GOOD else since or clock.now()
    session.flush()
    return noted(session, actor, resident.id, [change])


def known_flags(session: Session, community_id: UUID, written: Sequence[str]) -> Sequence[str]:
    """The flags that are meant by words of the vocabulary or of this community; raises ``UserError`` for others."""
    if not written:
        return ()
    return vocabulary.chosen_flags(written, carried_flags(session, community_id), usual_flags(session, community_id))


def tell(session: Session, actor: Actor, resident: Resident, told: Mapping[str, object]) -> list[Changed]:
    """Particulars that were checked: what is told replaces what was."""
    changes = []
    for what, after in told.items():
        if (before := getattr(resident, what)) != after:
            setattr(resident, what, after)
            changes.append(Changed(what, before, after))
    return noted(session, actor, resident.id, changes)


def flag(session: Session, actor: Actor, resident: Resident, after: Collection[str]) -> list[Changed]:
    """From now on the resident carries these flags and no others."""
    before = {each.flag: each for each in resident.flags}
    if before.keys() == set(after):
        return []
    for gone in before.keys() - set(after):
        resident.flags.remove(before[gone])
        session.delete(before[gone])
    resident.flags += [ResidentFlag(resident_id=resident.id, flag=each) for each in sorted(set(after) - before.keys())]
    return noted(session, actor, resident.id, [Changed("flags", sorted(before), sorted(after))])


def renumber(session: Session, actor: Actor, resident: Resident, after: Sequence[str]) -> list[Changed]:
    """From now on the resident has these telephones (E.164), the first to be tried first."""
    before = [phone.number for phone in resident.phones]
    if before == list(after):
        return []
    states = {phone.number: (phone.state, phone.state_since) for phone in resident.phones}
    for phone in resident.phones:
        session.delete(phone)
    if before:
        session.flush()  # the old positions must be free before they are given away again
    for position, number in enumerate(after):
        state, since = states.get(number, (PhoneState.GOOD, None))
        session.add(Phone(resident_id=resident.id, number=number, position=position, state=state, state_since=since))
    return noted(session, actor, resident.id, [Changed("telephones", before, list(after))])


def _mark_good(session: Session, actor: Actor, resident: Resident, told: Collection[str]) -> list[Changed]:
    """A person says that these are right."""
    changes = []
    for phone in resident.phones:
        if phone.number in told and phone.state != PhoneState.GOOD:
            changes.append(Changed("telephone_state", phone.state, PhoneState.GOOD))
            phone.state, phone.state_since = PhoneState.GOOD, None
    return noted(session, actor, resident.id, changes)


def noted(session: Session, actor: Actor, resident_id: UUID, changes: list[Changed]) -> list[Changed]:
    """The log says what was changed, and not what it was: that is about people, and the log outlives their data."""
    for each in changes:
        events.append(session, actor, "resident.changed", resident_id, what=each.what)
    return changes
