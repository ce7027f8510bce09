"""SQL of policies that somebody changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from escalation.models import Case, PolicyOverride


def policy_override(session: Session, community_id: UUID, campaign_id: UUID | None, kind: str) -> PolicyOverride | None:
    """What is said about a kind in exactly this scope, held until the transaction ends."""
    theirs = select(PolicyOverride).where(
        PolicyOverride.community_id == community_id, PolicyOverride.campaign_id.is_not_distinct_from(campaign_id),
        PolicyOverride.kind == kind,
    )  # fmt: skip
    return session.scalars(theirs.with_for_update()).one_or_none()


def look_again(session: Session, community_id: UUID, campaign_id: UUID | None, kind: str | None, at: datetime) -> None:
    """Unclosed cases of a community (of one campaign, of one kind: None is all) are looked at ``at`` this instant."""
    which = [Case.is_unclosed, Case.community_id == community_id, Case.look_at.is_not(None)]
    which += [Case.campaign_id == campaign_id] if campaign_id else []
    which += [Case.kind == kind] if kind else []
    session.execute(update(Case).where(*which).values(look_at=at).execution_options(synchronize_session=False))
