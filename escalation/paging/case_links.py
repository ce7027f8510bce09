"""Links to cases: by one a responder opens the page of one case, and of nothing else, until it is closed."""

from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.links import links, queries
from core.links.links import Purpose
from core.links.models import Link
from escalation.models import Case
from escalation.policy_lookup import policy_of

PURPOSE = Purpose("case", "/r")


def standing(session: Session, case_id: UUID, responder_id: UUID) -> Link | None:
    """The link that the responder has been given and that is good still; None where there is none."""
    now = clock.real_now()
    given = queries.of_holder(session, PURPOSE.name, case_id, responder_id)
    return next((each for each in given if each.revoked_at is None and each.expires_at > now), None)


def new(session: Session, case: Case, responder_id: UUID) -> Link:
    """One more link for this responder, as long as the policy of the case says."""
    return links.make(session, PURPOSE, case.id, responder_id, policy_of(session, case).link_lasts)


def revoke(session: Session, case_id: UUID) -> None:
    """Nobody comes to the case by a link any more."""
    links.revoke(session, PURPOSE, case_id)
