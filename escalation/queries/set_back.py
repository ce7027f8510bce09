"""Every SELECT of cases whose times lie in the future, because the clock was set back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contacts.models import Community, Resident
from escalation.models import Case, Digest, Page, PageState, TruthCall


def cases_in_the_future(session: Session, now: datetime) -> Sequence[Case]:
    """Unclosed cases that were opened, or are looked at, at an instant that has not come yet."""
    return session.scalars(select(Case).where(Case.is_unclosed, or_(Case.opened_at > now, Case.look_at > now))).all()


def pages_in_the_future(session: Session, now: datetime) -> Sequence[Page]:
    """Pages of unclosed cases, and those whose telephone rings, that were asked at an instant that has not come yet."""
    unclosed = Page.case_id.in_(select(Case.id).where(Case.is_unclosed))
    return session.scalars(
        select(Page).where(Page.asked_at > now, or_(unclosed, Page.state == PageState.CALLING))
    ).all()


def truth_calls_in_the_future(session: Session, now: datetime) -> Sequence[TruthCall]:
    """Truth calls that are due at an instant that has not come yet."""
    return session.scalars(select(TruthCall).where(TruthCall.due_at > now)).all()


def digests_in_the_future(session: Session, now: datetime) -> Sequence[tuple[Digest, str]]:
    """Digests that were written at an instant that has not come yet, each with the zone of its community."""
    written = (
        select(Digest, Community.timezone)
        .join(Resident, Resident.id == Digest.resident_id)
        .join(Community, Community.id == Resident.community_id)
    )
    return [(digest, zone) for digest, zone in session.execute(written.where(Digest.told_until > now))]
