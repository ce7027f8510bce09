"""Consent: nobody is called without it, and whoever wants no more calls gets none.

An opt-out by the resident, or by a person of the staff in their name, is undone only by ``give``: the explicit act of
a person. What an office's list says goes through ``agree_by_list`` and ``refuse_by_list``, which never undo it.
Without consent nothing is shown to the family: their links end with it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries, relative_links
from contacts.columns import consent_words
from contacts.columns.consent_words import Answer
from contacts.days import refuse_unbelievable
from contacts.models import Consent, OptOut, OptOutSource, Resident
from core import clock
from core.actors import Actor, ActorKind
from core.errors import UserError
from core.ids import new_id
from core.running import events

BY_KEY = "key 9, twice"
BY_TEXT = "text message"
"""How residents opt out by themselves; catalogue keys."""


class ByList(StrEnum):
    """What has come of a line of the office's list."""

    NOTHING_NEW = "nothing_new"
    DONE = "done"
    OPTED_OUT = "opted_out"
    """The resident has opted out, and a list does not undo that."""


def give(
    session: Session,
    actor: Actor,
    resident_id: UUID,
    *,
    by: str,
    how: str,
    at: datetime | None = None,
    for_what: str = "",
    evidence: str = "",
) -> Consent:
    """A person records that ``by`` (the resident, or who may agree for them) has agreed, ``how``, and ``at`` (now).

    Every opt-out is undone by it. Raises ``NotFoundError``; ``UserError`` where ``by`` or ``how`` is empty, ``how``
    says no, or ``at`` is still to come.
    """
    resident = queries.resident(session, resident_id)
    _check_given(by, how, at)
    for opt_out in opt_outs_in_force(resident):
        _lift(opt_out, by.strip(), how.strip())
    consent = _agree(resident, actor, how.strip())
    consent.given_by, consent.given_at = by.strip(), at or clock.now()
    consent.for_what, consent.evidence = for_what.strip(), evidence.strip()
    session.flush()
    events.append(session, actor, "consent.given", resident_id)
    return consent


def withdraw(session: Session, actor: Actor, resident_id: UUID, *, by: str, how: str) -> bool:
    """From now on the resident is not called; False where that had been recorded before, and nothing has changed.

    ``by`` is who wants it (empty: the resident), ``how`` how they said it: a key, a text, at the counter.
    Raises ``NotFoundError``.
    """
    resident = queries.resident(session, resident_id)
    if opted_out(resident):
        return False
    source = OptOutSource.RESIDENT if actor.kind is ActorKind.CALLER else OptOutSource.STAFF
    _opt_out(resident, actor, source, by=by.strip(), how=how.strip())
    relative_links.end(session, actor, resident_id)
    session.flush()
    events.append(session, actor, "consent.withdrawn", resident_id)
    return True


def agree_by_list(session: Session, actor: Actor, resident: Resident, statement: str) -> ByList:
    """The office's list says that they have agreed: recorded once, and never against an opt-out of their own."""
    if opted_out(resident):
        return ByList.OPTED_OUT
    if any(known.statement == statement for known in consents_in_force(resident)):
        return ByList.NOTHING_NEW
    for refusal in opt_outs_in_force(resident):
        _lift(refusal, "", statement)
    _agree(resident, actor, statement)
    events.append(session, actor, "consent.given", resident.id)
    return ByList.DONE


def refuse_by_list(session: Session, actor: Actor, resident: Resident, words: str) -> ByList:
    """The office's list says that they have not agreed: whatever consent there was ends; recorded once."""
    if opt_outs_in_force(resident):
        return ByList.NOTHING_NEW
    had_agreed = bool(consents_in_force(resident))
    _opt_out(resident, actor, OptOutSource.LIST, by="", how=words)
    relative_links.end(session, actor, resident.id)
    events.append(session, actor, "consent.withdrawn" if had_agreed else "consent.refused", resident.id)
    return ByList.DONE


def consents_in_force(resident: Resident) -> list[Consent]:
    """What they have agreed to and not withdrawn."""
    return [consent for consent in resident.consents if consent.withdrawn_at is None]


def opt_outs_in_force(resident: Resident) -> list[OptOut]:
    """Their opt-outs that nobody has undone, a list's among them."""
    return [opt_out for opt_out in resident.opt_outs if opt_out.lifted_at is None]


def opted_out(resident: Resident) -> OptOut | None:
    """The opt-out that no list undoes, if there is one."""
    own = (known for known in opt_outs_in_force(resident) if known.source != OptOutSource.LIST)
    return next(own, None)


def _check_given(by: str, how: str, at: datetime | None) -> None:
    for field, value in (("by", by), ("how", how)):
        if not value.strip():
            raise UserError("A consent needs who gave it, and how.", way_out="Give --by and --how.",
                            field=field, value=value)  # fmt: skip
    if consent_words.answer(how) is Answer.NO:
        raise UserError("“{value}” is a refusal.", way_out="Say how they agreed, or record the refusal as one.",
                        field="how", value=how)  # fmt: skip
    if at is not None:
        refuse_unbelievable(at, "at")


def consent_values(actor: Actor, statement: str) -> dict[str, Any]:
    """The columns of a consent that is recorded now; whose it is comes to them."""
    return {"id": new_id(), "statement": statement, "how": statement, "recorded_by": actor.facts,
            "recorded_at": clock.now()}  # fmt: skip


def opt_out_values(actor: Actor, source: OptOutSource, *, by: str, how: str) -> dict[str, Any]:
    """The columns of an opt-out that is recorded now; whose it is comes to them."""
    return {"id": new_id(), "source": source, "said_by": by, "how": how, "recorded_by": actor.facts,
            "said_at": clock.now()}  # fmt: skip


def _agree(resident: Resident, actor: Actor, statement: str) -> Consent:
    consent = Consent(**consent_values(actor, statement))
    resident.consents.append(consent)
    return consent


def _opt_out(resident: Resident, actor: Actor, source: OptOutSource, *, by: str, how: str) -> OptOut:
    opt_out = OptOut(**opt_out_values(actor, source, by=by, how=how))
    resident.opt_outs.append(opt_out)
    for consent in consents_in_force(resident):
        consent.withdrawn_at, consent.opt_out = opt_out.said_at, opt_out
    return opt_out


def _lift(opt_out: OptOut, by: str, how: str) -> None:
    opt_out.lifted_at, opt_out.lifted_by, opt_out.lifted_how = clock.now(), by, how
