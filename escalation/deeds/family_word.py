"""A relative's word: they have spoken to a resident whom we could not reach. It closes such a case in their name.

It never closes what the resident has said themselves, and is no answer of theirs. Who was on the way for nothing is
told so at once.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.models import Community, Responder
from contacts.places import spelled_place
from core.actors import Actor
from core.i18n import translate
from escalation import queries
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import HELD, Case, CaseKind
from ivr.sms import outbound

NO_CONTACT = frozenset({CaseKind.NO_KEY, CaseKind.HUNG_UP, CaseKind.VOICEMAIL, CaseKind.NO_ANSWER, CaseKind.BUSY,
                        CaseKind.UNREACHABLE})  # fmt: skip
"""Kinds that say no more than that nobody has heard from the resident."""
TOLD = "[{community} Zao'an] {place}: a relative has spoken to the resident, all is well. Closed; thank you."


def close(session: Session, actor: Actor, case_id: UUID) -> Case | None:
    """The case is closed in the relative's name; None where it is of another kind, or closed already."""
    case = queries.case_held(session, case_id)
    if case is None or not case.is_unclosed or case.kind not in NO_CONTACT:
        return None
    holder = session.get(Responder, case.accepted_by_id) if case.state in HELD and case.accepted_by_id else None
    done = cases.close(session, actor, case.id, "", Finding.FAMILY_SPOKE)
    if holder is not None and case.resident_id is not None:
        _tell(session, holder, case.resident_id)
    return done


def _tell(session: Session, holder: Responder, resident_id: UUID) -> None:
    """A text says no more than the building; a landline hears of it when its responder is asked how it goes."""
    number = next(filter(phones.can_receive_texts, holder.numbers), None)
    if number is None:
        return
    where = contacts.resident_profile(session, resident_id)
    place = spelled_place(holder.language, where.building, where.unit, "")
    community = session.get_one(Community, holder.community_id).name
    outbound.queue(session, number, translate(holder.language, TOLD, community=community, place=place), resident_id)
