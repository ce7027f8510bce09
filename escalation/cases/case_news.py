"""Cases, as systems outside are told of them: ids and kinds; of what was found the one word that a family may read."""

from sqlalchemy.orm import Session

from contacts.community.community import is_told_outside
from core.subscriptions import outbox
from core.subscriptions.models import Kind
from escalation.models import Case


def tell(session: Session, case: Case, kind: Kind) -> None:
    """The case as it stands now; one that is open once more is told as opened again."""
    if not is_told_outside(session, case.community_id):
        return
    facts = {
        "case": case.id,
        "kind": case.kind,
        "state": case.state,
        "urgency": case.urgency,
        "resident": case.resident_id,
        "check_in": case.check_in_id,
        "round": case.round_id,
        "opened_at": case.opened_at,
        "responder": case.accepted_by_id,
        "accepted_at": case.accepted_at,
        "closed_at": case.closed_at,
        "finding": case.finding,
        "merged_into": case.merged_into_id,
    }
    outbox.tell(session, case.community_id, kind, facts)
