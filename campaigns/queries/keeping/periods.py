"""Every SELECT of what is kept for a time, and of what of it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.noticed import Remark
from campaigns.queries.keeping.retention import OF_CALLS, OF_CASES, OF_CHECK_INS
from contacts.models import Resident
from core.identity.models import AuditEntry, Invitation, UserSession
from core.links.models import Link
from core.running.events import Event
from core.subscriptions.models import Delivery
from escalation.models import Case, CaseState, CaseText, Digest, Report
from ivr.models import Call, Recording, Text, TextIn, TextState

FOR_EVER = ("consent.%", "resident.stopped_calls", "resident.erased")
"""What shows that somebody agreed, refused, or was erased: it goes with the file, and with nothing else."""
_UNSENT = (TextState.QUEUED, TextState.SENDING)


@dataclass(frozen=True)
class Kept:
    """How many rows there are, how many of them are over, and the instant of the oldest that is not."""

    rows: int
    over: int
    oldest: datetime | None


def _no_open_case(tie: ColumnElement[bool], case_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return ~exists().where(tie, Case.id == case_id, Case.state != CaseState.CLOSED)


def text_may_go() -> ColumnElement[bool]:
    """A text that has left, and is about no case that is open."""
    return and_(Text.state.not_in(_UNSENT), _no_open_case(Report.text_id == Text.id, Report.case_id))


def text_in_may_go() -> ColumnElement[bool]:
    """A text that was read, and belongs to no case that is open."""
    return and_(TextIn.next_try_at.is_(None), _no_open_case(CaseText.text_id == TextIn.id, CaseText.case_id))


def history_may_go() -> ColumnElement[bool]:
    """What the log tells of files and of the service; what is told of calls and cases goes with those."""
    others = (*OF_CALLS, *OF_CHECK_INS, *OF_CASES, *FOR_EVER)
    return ~or_(*(Event.kind.like(kind) for kind in others))


def has_gone() -> ColumnElement[bool]:
    """A resident who has left, of whom everything is still known."""
    return and_(Resident.removed_at.is_not(None), Resident.erased_at.is_(None), Resident.merged_into_id.is_(None))


AGES: Mapping[str, Sequence[tuple[Any, Any]]] = {
    "texts": ((Text.created_at, text_may_go()), (TextIn.received_at, text_in_may_go()), (Digest.told_until, None)),
    "history": ((Event.at, history_may_go()), (Remark.at, None)),
    "people": ((Resident.removed_at, has_gone()),),
    "sessions": ((UserSession.expires_at, None), (Invitation.expires_at, None), (Link.expires_at, None)),
    "deliveries": ((Delivery.ended_at, Delivery.ended_at.is_not(None)),),
    "audit": ((AuditEntry.at, None),),
    "calls": ((Call.ended_at, Call.ended_at.is_not(None)),),
    "recordings": ((Recording.made_at, Recording.is_kept),),
}
"""By kind, the instant from which each of its tables is counted, and which rows may go at all (None: all of them)."""


def kept(session: Session, kind: str, before: datetime) -> Kept:
    """How much there is of a kind; ``over`` is what is older than ``before``."""
    found = [_kept(session, at, may_go, before) for at, may_go in AGES[kind]]
    oldest = min((each.oldest for each in found if each.oldest), default=None)
    return Kept(sum(each.rows for each in found), sum(each.over for each in found), oldest)


def _kept(session: Session, at: Any, may_go: Any, before: datetime) -> Kept:
    theirs = select(func.count(), func.min(at)).where(true() if may_go is None else may_go)
    over, _ = session.execute(theirs.where(at < before)).one()
    younger, oldest = session.execute(theirs.where(at >= before)).one()
    return Kept(over + younger, over, oldest)


def texts_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next texts of ours that are over."""
    return session.scalars(select(Text.id).where(Text.created_at < before, text_may_go()).limit(limit)).all()


def texts_in_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next texts to us that are over."""
    return session.scalars(select(TextIn.id).where(TextIn.received_at < before, text_in_may_go()).limit(limit)).all()


def digests_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next digests that are over."""
    return session.scalars(select(Digest.id).where(Digest.told_until < before).limit(limit)).all()


def history_over(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """The next events that are over."""
    found = select(Event.id).where(Event.at < before, history_may_go()).order_by(Event.id)
    return session.scalars(found.limit(limit)).all()


def remarks_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next remarks that are over."""
    return session.scalars(select(Remark.id).where(Remark.at < before).limit(limit)).all()


def people_over(session: Session, before: datetime, after: UUID, limit: int) -> Sequence[UUID]:
    """The next residents who left before then."""
    left = select(Resident.id).where(has_gone(), Resident.removed_at < before, Resident.id > after)
    return session.scalars(left.order_by(Resident.id).limit(limit)).all()


def sessions_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next sessions that ended before then."""
    return session.scalars(select(UserSession.id).where(UserSession.expires_at < before).limit(limit)).all()


def invitations_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next invitations that ended before then."""
    return session.scalars(select(Invitation.id).where(Invitation.expires_at < before).limit(limit)).all()


def links_over(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """The next signed links that ended before then."""
    return session.scalars(select(Link.id).where(Link.expires_at < before).limit(limit)).all()


def audit_over(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """The next entries of the audit log that are over."""
    return session.scalars(
        select(AuditEntry.id).where(AuditEntry.at < before).order_by(AuditEntry.id).limit(limit)
    ).all()


def recordings_over(session: Session, before: datetime) -> int:
    """How many recordings are those of cases closed before then."""
    closed = (Case.recording_id == Recording.id, Case.state == CaseState.CLOSED, Case.closed_at < before)
    return (
        session.scalar(select(func.count()).select_from(Recording).where(Recording.is_kept, exists().where(*closed)))
        or 0
    )
