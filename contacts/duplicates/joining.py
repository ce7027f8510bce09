"""Joining: what is written down about a person in two files becomes one; nothing that either file said is lost.

What both files tell stays as the kept one has it. No wish for no calls is undone by it: where either of them had one,
nobody calls the person until a new consent is recorded.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import relative_links
from contacts.models import Consent, OptOut, Removal, Resident, ResidentListMember
from contacts.people import resident_changes
from contacts.people.consent import consents_in_force, opt_outs_in_force
from contacts.people.health_notes import health_notes, set_health_notes
from contacts.people.residents import enrolled
from contacts.queries import duplicates
from core import clock
from core.actors import Actor
from core.errors import ConflictError
from core.running import events
from core.short_ids import short
from core.timbre import Timbre

FILLED = ("birth_year", "pace", "call_time")
"""What the other file tells where the kept one tells nothing."""


def held_both(session: Session, kept_id: UUID, other_id: UUID) -> tuple[Resident, Resident]:
    """Two residents of one community who are looked after, held until the transaction ends.

    Raises as ``enrolled`` does, and ``ConflictError`` where they are one file already, or of two communities.
    """
    refuse_one(kept_id, other_id)
    held = {each: enrolled(session, each) for each in sorted((kept_id, other_id))}
    kept, other = held[kept_id], held[other_id]
    if kept.community_id != other.community_id:
        raise ConflictError("{value} belongs to another community.", way_out="Name two residents of one.",
                            field="resident", value=short(other_id))  # fmt: skip
    return kept, other


def refuse_one(kept_id: UUID, other_id: UUID) -> None:
    """Raises ``ConflictError`` where both are the same file."""
    if kept_id == other_id:
        raise ConflictError("This is one file already.", way_out="Name two residents.", field="resident",
                            value=short(kept_id))  # fmt: skip


def join(session: Session, actor: Actor, kept: Resident, other: Resident) -> None:
    """From now on the person is ``kept``; ``other`` is looked after no more, and says in whom they are one."""
    _particulars(session, actor, kept, other)
    _telephones(session, actor, kept, other)
    resident_changes.flag(session, actor, kept, {each.flag for each in (*kept.flags, *other.flags)})
    _relatives(kept, other)
    relative_links.end(session, actor, other.id)
    _consents(kept, other)
    _absences_and_lists(session, kept, other)
    other.removed_at, other.removed_because, other.merged_into_id = clock.now(), Removal.OTHER, kept.id
    session.flush()
    session.expire(kept)
    session.expire(other)
    events.append(session, actor, "resident.merged", kept.id, other=str(other.id))
    events.append(session, actor, "resident.merged", other.id, into=str(kept.id))


def _particulars(session: Session, actor: Actor, kept: Resident, other: Resident) -> None:
    told: dict[str, object] = {each: getattr(other, each) for each in FILLED
                               if getattr(kept, each) is None and getattr(other, each) is not None}  # fmt: skip
    if kept.timbre == Timbre.USUAL != other.timbre:
        told["timbre"] = other.timbre
    if not kept.reading and kept.name == other.name:
        told["reading"] = other.reading
    told["notes"] = _both(kept.notes, other.notes)
    resident_changes.tell(session, actor, kept, told)
    health = _both(health_notes(session, kept.id), health_notes(session, other.id))
    set_health_notes(session, actor, other.id, "")
    set_health_notes(session, actor, kept.id, health)


def _telephones(session: Session, actor: Actor, kept: Resident, other: Resident) -> None:
    """The other's come behind; what staff know of a telephone goes along."""
    numbers = [each.number for each in kept.phones]
    new = [each for each in other.phones if each.number not in numbers]
    if not new:
        return
    resident_changes.renumber(session, actor, kept, [*numbers, *(each.number for each in new)])
    session.flush()
    states = {each.number: (each.state, each.state_since) for each in new}
    session.expire(kept, ["phones"])
    for phone in kept.phones:
        if phone.number in states:
            phone.state, phone.state_since = states[phone.number]


def _relatives(kept: Resident, other: Resident) -> None:
    known = {each.number for each in kept.relatives}
    for relative in [each for each in other.relatives if each.number not in known]:
        relative.resident_id = kept.id


def _consents(kept: Resident, other: Resident) -> None:
    """All that was agreed and refused is the kept one's; a wish for no calls ends every consent."""
    refusals = [*opt_outs_in_force(kept), *opt_outs_in_force(other)]
    if refusals:
        for consent in (*consents_in_force(kept), *consents_in_force(other)):
            consent.withdrawn_at, consent.opt_out = refusals[0].said_at, refusals[0]
    said: list[Consent | OptOut] = [*other.consents, *other.opt_outs]
    for each in said:
        each.resident_id = kept.id


def _absences_and_lists(session: Session, kept: Resident, other: Resident) -> None:
    """Days on which either is away, and lists on which either stands."""
    for pause in duplicates.pauses_of(session, other.id):
        pause.resident_id = kept.id
    on = {each.list_id for each in duplicates.memberships(session, kept.id)}
    for membership in duplicates.memberships(session, other.id):
        if membership.list_id not in on:
            session.add(ResidentListMember(list_id=membership.list_id, resident_id=kept.id))


def _both(first: str, second: str) -> str:
    return "\n".join(dict.fromkeys(each for each in (first.strip(), second.strip()) if each))
