"""SQL of which calls have told responders of which cases."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from escalation.models import Case, Page


def calls_and_kinds(session: Session, community_id: UUID) -> Sequence[tuple[UUID, UUID | None, str]]:
    """(call, the case's campaign, the kind of case) of every page of a community's cases."""
    told = (
        select(Page.call_id, Case.campaign_id, Case.kind)
        .join(Case, Case.id == Page.case_id)
        .where(Case.community_id == community_id)
    )
    return [(call_id, campaign_id, kind) for call_id, campaign_id, kind in session.execute(told)]
